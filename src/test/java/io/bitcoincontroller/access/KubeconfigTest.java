package io.bitcoincontroller.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeconfigTest {
  @TempDir private Path folder;

  private Path write(String name, String text) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    return Files.writeString(file, text);
  }

  private static String config(String cluster, String user) {
    return """
    apiVersion: v1
    kind: Config
    preferences: {}
    clusters: [{name: c, cluster: {%s}}]
    users: [{name: u, user: {%s}}]
    contexts: [{name: x, context: {cluster: c, user: u, namespace: here}}]
    current-context: x
    """
        .formatted(cluster, user);
  }

  private static ClusterAccess load(Path file) throws ConfigurationException {
    return Kubeconfig.load(Optional.of(file), Optional.empty(), Map.of(), _ -> {});
  }

  private static ClusterAccess load(Map<String, String> env) throws ConfigurationException {
    return Kubeconfig.load(Optional.empty(), Optional.empty(), env, _ -> {});
  }

  private static String token(ClusterAccess access) throws IOException, InterruptedException {
    return access.credential().authorization().orElse("none");
  }

  private static String refusal(Path file) {
    return "" + assertThrows(ConfigurationException.class, () -> load(file)).getMessage();
  }

  private static String refusal(Map<String, String> env) {
    return "" + assertThrows(ConfigurationException.class, () -> load(env)).getMessage();
  }

  @Test
  void serverTokenAndNamespaceComeFromTheCurrentContext() throws Exception {
    var access = load(write("config", config("server: \"https://h:6443/prefix/\"", "token: abc")));
    assertEquals("https://h:6443/prefix", access.server().toString());
    assertEquals("Bearer abc", token(access));
    assertEquals("here", access.namespace());
    assertTrue(access.proxy().isEmpty());
    assertFalse((access + " " + access.credential()).contains("abc"));
  }

  @Test
  void aKubeconfigInJsonIsRead() throws Exception {
    var json =
        """
        {"kind": "Config", "apiVersion": "v1", "current-context": "x",
        \t"clusters": [{"name": "c", "cluster": {"server": "https://[fd00::1]:6443"}}],
        \t"contexts": [{"name": "x", "context": {"cluster": "c"}}]}
        """;
    var access = load(write("config", json));
    assertEquals("[fd00::1]", access.server().getHost());
    assertEquals("none", token(access));
    assertEquals("default", access.namespace());
  }

  @Test
  void anotherContextCanBeAskedFor() throws Exception {
    var file =
        write(
            "config",
            """
            clusters: [{name: c, cluster: {server: "https://h"}}]
            users: [{name: u, user: {token: one}}, {name: v, user: {username: bob, password: pw}}]
            contexts: [{name: x, context: {cluster: c, user: u}}, {name: w, context: {cluster: c, user: v}}]
            current-context: x
            """);
    assertEquals("Bearer one", token(load(file)));
    var other = Kubeconfig.load(Optional.of(file), Optional.of("w"), Map.of(), _ -> {});
    assertEquals("Basic Ym9iOnB3", token(other));
  }

  @Test
  void ofSeveralFilesTheFirstThatHasAnEntryCounts() throws Exception {
    var first = write("1/config", "users: [{name: u, user: {tokenFile: token}}]\n");
    var second = write("2/config", config("server: \"https://two\"", "token: two"));
    var third =
        write(
            "3/config",
            config("server: \"https://three\"", "token: three").replace("here", "there"));
    write("1/token", "one\n");
    var files = first + "::" + folder.resolve("missing") + ":" + second + ":" + third;
    var access = load(Map.of("KUBECONFIG", files, "HOME", "/nowhere"));
    assertEquals("https://two", access.server().toString());
    assertEquals("Bearer one", token(access), "and its path is relative to its own file");
    assertEquals("here", access.namespace());
  }

  @Test
  void withoutFlagAndVariableTheFileInTheHomeFolderIsRead() throws Exception {
    write(".kube/config", config("server: \"https://home\"", "token: t"));
    var env = Map.of("HOME", folder.toString());
    assertEquals("https://home", load(env).server().toString());
    assertEquals(
        "https://home",
        ClusterAccess.find(Optional.empty(), Optional.empty(), env, _ -> {}).server().toString());
  }

  @Test
  void aPodsServiceAccountComesBeforeTheHomeFolderAndAfterTheVariable() throws Exception {
    var file = write(".kube/config", config("server: \"https://home\"", "token: t")).toString();
    var pod =
        Map.of(
            "HOME",
            folder.toString(),
            "KUBERNETES_SERVICE_HOST",
            "h",
            "KUBERNETES_SERVICE_PORT",
            "no");
    var refusal =
        assertThrows(
            ConfigurationException.class,
            () -> ClusterAccess.find(Optional.empty(), Optional.empty(), pod, _ -> {}));
    assertTrue(("" + refusal.getMessage()).contains("KUBERNETES_SERVICE_PORT"));
    var both = Map.of("KUBECONFIG", file, "KUBERNETES_SERVICE_HOST", "h");
    assertEquals(
        "https://home",
        ClusterAccess.find(Optional.empty(), Optional.empty(), both, _ -> {}).server().toString());
  }

  @Test
  void aTlsServerNameThatIsTheUrlsOwnHostChangesNothing() throws Exception {
    for (var host : new String[] {"h", "10.0.0.1"}) {
      var cluster = "server: 'https://%s', tls-server-name: %s".formatted(host, host);
      var access = load(write("config", config(cluster, "")));
      assertEquals(Optional.empty(), access.tls().serverName());
    }
  }

  @Test
  void aProxyHasItsPort() throws Exception {
    var cluster = "server: \"https://h\", proxy-url: \"http://proxy:3128/\"";
    assertEquals(
        "http://proxy:3128",
        load(write("config", config(cluster, ""))).proxy().orElseThrow().toString());
    cluster = "server: \"https://h\", proxy-url: \"http://[::1]\"";
    assertEquals(
        "http://[::1]:80",
        load(write("config", config(cluster, ""))).proxy().orElseThrow().toString());
  }

  @Test
  void aKubeconfigThatCannotBeReadSaysWhichAndWhy() throws Exception {
    var missing = folder.resolve("missing");
    assertEquals(
        "kubeconfig " + missing + " can't be read: there is no such file", refusal(missing));
    assertTrue(refusal(folder).endsWith("can't be read: it is a folder"));
    var binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, 0});
    assertTrue(refusal(binary).endsWith("it is not a text in UTF-8"));
    var broken = write("broken", "users:\n- name: u\n  user: {token: s3cret\n");
    assertEquals(
        "kubeconfig "
            + broken
            + ", line 3, column 9: this bracket is never closed: close it before the document ends",
        refusal(broken));
    assertTrue(refusal(write("text", "hello")).contains("no kubeconfig"));
    assertTrue(refusal(write("pod", "kind: Pod")).contains("kind is not Config of v1"));
    assertTrue(refusal(write("empty", "")).contains("no current-context"));
    assertTrue(
        refusal(Map.of("KUBECONFIG", missing + ":" + missing)).contains("there is no " + missing));
    assertTrue(refusal(Map.of()).contains("give --kubeconfig, or set KUBECONFIG"));
    assertTrue(
        refusal(Map.of("HOME", folder.toString()))
            .contains("there is no " + folder + "/.kube/config"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "current-context: x,current-context: v,the context 'v' does not exist: choose one of [x]",
        "{cluster: c,{cluster: d,context 'x': its cluster 'd' does not exist: choose one of [c]",
        "user: u,user: v,context 'x': its user 'v' does not exist: choose one of [u]",
      })
  void whatTheContextNamesAndDoesNotExistIsNamedWithTheChoices(
      String right, String wrong, String expected) throws Exception {
    var file = write("config", config("server: \"https://h\"", "").replace(right, wrong));
    assertEquals("kubeconfig " + file + ": " + expected, refusal(file).replace('"', '\''));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                               | server must be a URL with a host",
        "server: 'http://h'                               | server must begin with https://",
        "server: 'h:6443'                                 | server must",
        "server: 'https://fd00::1:6443'                   | server must be a URL with a host",
        "server: 'https://u:s3cret@h'                     | server has a user and password in it",
        "server: 'https://h?s3cret=1'                     | server must be https://host:port",
        "server: 'https://h s3cret'                       | server is no URL",
        "server: 1                                        | server must be text",
        "server: 'https://h', proxy-url: 'socks5://p:1'   | proxy-url must begin with http://",
        "server: 'https://h', proxy-url: 'https://p:1'    | proxy-url must begin with http://",
        "server: 'https://h', proxy-url: 'http://u:s3cret@p' | proxy-url has a user and password",
        "server: 'https://h', tls-server-name: 'a b'      | tls-server-name must be a DNS name",
        "server: 'https://h', tls-server-name: 'a..b'     | tls-server-name must be a DNS name",
        "server: 'https://h', tls-server-name: '.a'       | tls-server-name must be a DNS name",
        "server: 'https://h', tls-server-name: 'a.'       | tls-server-name must be a DNS name",
        "server: 'https://h', tls-server-name: '.'        | tls-server-name must be a DNS name",
        "server: 'https://h', tls-server-name: '-'        | tls-server-name must be a DNS name",
        "server: 'https://h', tls-server-name: '-a'       | tls-server-name must be a DNS name",
        "server: 'https://h', tls-server-name: 'a-.b'     | tls-server-name must be a DNS name",
        "server: 'https://h', tls-server-name: '*.b'      | tls-server-name must be a DNS name",
        "server: 'https://h', tls-server-name: 'a_b'      | tls-server-name must be a DNS name",
        "server: 'https://h', tls-server-name: 'bücher.de' | tls-server-name must be a DNS name",
        "server: 'https://h', tls-server-name: '1.2.3'    | tls-server-name must be a DNS name",
        "server: 'https://h', tls-server-name: '1.2.3.256' | tls-server-name must be a DNS name",
        "server: 'https://h', tls-server-name: '::g'      | tls-server-name must be a DNS name",
        "server: 'https://h', tls-server-name: ':'        | tls-server-name must be a DNS name",
        "server: 'https://h', tls-server-name: '[::1]'    | tls-server-name must be a DNS name",
        "server: 'https://h', tls-server-name: 'a:443'    | tls-server-name must be a DNS name",
        "server: 'https://h', tls-server-name: 'abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcd.e' | tls-server-name must be a DNS name",
        "server: 'https://h', tls-server-name: '10.0.0.1' | tls-server-name must be a DNS name",
        "server: 'https://h', tls-server-name: 'other'    | tls-server-name works only with an address in the URL: make server https://ADDRESS:PORT",
        "server: 'https://a..b'                           | server must be a URL with a host",
        "server: 'https://a_b:6443'                       | server must be a URL with a host",
        "server: 'https://h:0'                            | server must be a URL with a host",
        "server: 'https://h:65536'                        | server must be a URL with a host",
        "server: 'https://abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcd.e' | server must be a URL with a host",
        "server: 'https://1.2.3.256'                      | server must be a URL with a host",
        "server: 'https:///path'                          | server",
        "server: 'https://h', proxy-url: 'http://a..b'    | proxy-url must be a URL with a host",
        "server: 'https://h', proxy-url: 'http://p:0'     | proxy-url must be a URL with a host",
        "server: 'https://h', proxy-url: 'p:3128'         | proxy-url must",
        "server: 'https://h', insecure-skip-tls-verify: 'true' | insecure-skip-tls-verify must be true or false",
        "server: 'https://h', insecure-skip-tls-verify: true, certificate-authority: x | are both given",
        "server: 'https://h', certificate-authority: x, certificate-authority-data: eA== | are both given",
        "server: 'https://h', certificate-authority: missing.crt | missing.crt can't be read: there is no such file",
        "server: 'https://h', certificate-authority-data: s3cret% | certificate-authority-data is not base64",
        "server: 'https://h', certificate-authority-data: eA== | certificate-authority-data holds no certificate",
        "server: 'https://h', api-version: v1             | api-version is not supported",
      })
  void aClusterThatCannotBeUsedIsNamedWithItsField(String cluster, String expected)
      throws Exception {
    var file = write("config", config(cluster, ""));
    var refusal = refusal(file);
    assertTrue(refusal.startsWith("kubeconfig " + file + ": cluster \"c\": "), refusal);
    assertTrue(refusal.contains(expected), refusal);
    assertFalse(refusal.contains("s3cret") || refusal.contains("\n"), refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "as: s3cret                                  | as is not supported",
        "as-groups: [s3cret]                         | as-groups is not supported",
        "auth-provider: {name: gcp}                  | auth-provider is not supported",
        "token: 123456                               | token must be text: put it in quotes",
        "token: 's3cret 2'                           | token has characters that no bearer token has",
        "tokenFile: missing                          | missing can't be read: there is no such file",
        "token: s3cret, username: bob                | username and a token are both given",
        "exec: {command: sh}, token: s3cret          | token and exec are both given",
        "exec: s3cret                                | exec must be a mapping",
        "password: s3cret                            | password needs a username beside it",
        "client-key: x                               | client-key needs a client-certificate beside it",
        "client-certificate: x                       | client-certificate needs a client-key beside it",
        "client-certificate: x, client-key: x        | x can't be read: there is no such file",
        "client-certificate-data: eA==, client-key-data: czNjcmV0 | client-key-data holds no private key",
      })
  void aUserThatCannotBeUsedIsNamedWithItsField(String user, String expected) throws Exception {
    var file = write("config", config("server: \"https://h\"", user));
    var refusal = refusal(file);
    assertTrue(refusal.startsWith("kubeconfig " + file + ": user \"u\": "), refusal);
    assertTrue(refusal.contains(expected), refusal);
    assertFalse(refusal.contains("s3cret") || refusal.contains("\n"), refusal);
  }

  @Test
  void whatIsEmptyOrOfAnotherContextIsNoMatter() throws Exception {
    var config =
        """
        clusters: [{name: c, cluster: {server: "https://h", certificate-authority: "", disable-compression: true}}]
        users:
        - {name: u, user: {token: t, as: "", auth-provider: null, as-groups: []}}
        - {name: v, user: {auth-provider: {name: gcp}}}
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        extensions: [{name: other, extension: {a: b}}]
        """;
    assertEquals("Bearer t", token(load(write("config", config))));
  }

  @Test
  void twoEntriesOfOneNameAreRefused() throws Exception {
    var file = write("config", "users: [{name: u, user: {token: a}}, {name: u, user: {token: b}}]");
    assertTrue(refusal(file).contains("users has user \"u\" twice: remove one"));
    assertTrue(refusal(write("config", "users: {u: {token: a}}")).contains("users must be a list"));
    assertTrue(refusal(write("config", "users: [u]")).contains("users must be a list of mappings"));
  }
}
