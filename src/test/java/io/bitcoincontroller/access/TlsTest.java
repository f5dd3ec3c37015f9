package io.bitcoincontroller.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.tls.Identity;
import io.bitcoincontroller.tls.PemSource;
import io.bitcoincontroller.tls.ServerTrust;
import io.bitcoincontroller.tls.TestCertificates;
import io.bitcoincontroller.tls.TestRelay;
import io.bitcoincontroller.tls.TestServer;
import io.bitcoincontroller.tls.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kubeconfig to answered request, over real TLS. */
class TlsTest {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final ApiRequest REQUEST =
      Requests.get(Resource.PODS, new ObjectKey("default", "any"));

  @TempDir private Path folder;

  private static void ok(HttpExchange exchange) throws IOException {
    TestServer.answer(exchange, 200, "{}");
  }

  private ClusterAccess access(String server, String cluster, String user)
      throws IOException, ConfigurationException {
    return access(server, cluster, user, Map.of());
  }

  private ClusterAccess access(
      String server, String cluster, String user, Map<String, String> environment)
      throws IOException, ConfigurationException {
    var file = folder.resolve("config");
    Files.writeString(
        file,
        """
        clusters: [{name: c, cluster: {server: "%s", %s}}]
        users: [{name: u, user: {%s}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """
            .formatted(server, cluster, user));
    return Kubeconfig.load(Optional.of(file), Optional.empty(), environment, _ -> {});
  }

  private String ca() throws IOException, GeneralSecurityException {
    Files.writeString(folder.resolve("ca.crt"), TestCertificates.certificate("ca"));
    return "certificate-authority: ca.crt";
  }

  private static Reply send(ClusterAccess access) throws IOException, InterruptedException {
    try (var api = new ApiServer(access, "test", (_, _, _) -> {})) {
      return api.send(REQUEST, DEADLINE);
    }
  }

  @Test
  void aServerOfOurAuthorityIsTrustedByItsIpAddress() throws Exception {
    try (var server = new TestServer("server", false, TlsTest::ok)) {
      var access = access("https://127.0.0.1:" + server.port(), ca(), "");
      assertInstanceOf(Reply.Success.class, send(access));
    }
  }

  @Test
  void anIpv6HostInBracketsIsReached() throws Exception {
    var loopback = InetAddress.ofLiteral("::1");
    try (var server = new TestServer(loopback, "server", false, TlsTest::ok)) {
      var access = access("https://[::1]:" + server.port() + "/", ca(), "");
      assertInstanceOf(Reply.Success.class, send(access));
    }
  }

  @Test
  void aCertificateForAnotherHostIsRefused() throws Exception {
    try (var server = new TestServer("elsewhere", false, TlsTest::ok)) {
      var access = access("https://127.0.0.1:" + server.port(), ca(), "");
      assertThrows(SSLHandshakeException.class, () -> send(access));
      assertTrue(server.requests.isEmpty());
    }
  }

  @Test
  void aServerOfAnotherAuthorityIsRefused() throws Exception {
    try (var server = new TestServer("server2", false, TlsTest::ok)) {
      var ours = access("https://127.0.0.1:" + server.port(), ca(), "");
      assertThrows(SSLHandshakeException.class, () -> send(ours));
      var publicOnes = access("https://127.0.0.1:" + server.port(), "extensions: []", "");
      assertThrows(SSLHandshakeException.class, () -> send(publicOnes));
    }
  }

  @Test
  void withoutAnAuthorityThoseOfTheSystemAreTrusted() throws Exception {
    ca();
    var system = Map.of("SSL_CERT_FILE", folder.resolve("ca.crt").toString());
    try (var ours = new TestServer("server", false, TlsTest::ok);
        var other = new TestServer("server2", false, TlsTest::ok)) {
      var access = access("https://127.0.0.1:" + ours.port(), "extensions: []", "", system);
      assertInstanceOf(Reply.Success.class, send(access));
      var foreign = access("https://127.0.0.1:" + other.port(), "extensions: []", "", system);
      assertThrows(SSLHandshakeException.class, () -> send(foreign));
    }
  }

  @Test
  void aNamedFileOfTheSystemsAuthoritiesThatIsNotThereIsAnError() {
    var error =
        assertThrows(
            ConfigurationException.class,
            () -> access("https://h", "extensions: []", "", Map.of("SSL_CERT_FILE", "/no/such")));
    assertTrue(
        error.toString().contains("SSL_CERT_FILE /no/such can't be read: there is no such file"),
        error::toString);
  }

  @Test
  void insecureSkipTlsVerifyTrustsAnybody() throws Exception {
    try (var server = new TestServer("elsewhere", false, TlsTest::ok)) {
      var access =
          access("https://127.0.0.1:" + server.port(), "insecure-skip-tls-verify: true", "");
      assertInstanceOf(Reply.Success.class, send(access));
    }
  }

  @Test
  void theTlsServerNameIsAskedForAndVerifiedInPlaceOfTheHost() throws Exception {
    TestServer.Handler tellsName =
        exchange -> {
          var session = (ExtendedSSLSession) ((HttpsExchange) exchange).getSSLSession();
          var name =
              new String(
                  session.getRequestedServerNames().getFirst().getEncoded(),
                  StandardCharsets.US_ASCII);
          TestServer.answer(exchange, 200, "\"" + name + "\"");
        };
    try (var server = new TestServer("elsewhere", false, tellsName);
        var wildcard = new TestServer("wildcard", false, tellsName)) {
      for (var name : new String[] {"elsewhere.test", "ELSEWHERE.test"}) {
        var reply = assertInstanceOf(Reply.Success.class, send(named(server, name)));
        assertEquals(name, reply.body().textValue());
      }
      var reply = assertInstanceOf(Reply.Success.class, send(named(wildcard, "a.elsewhere.test")));
      assertEquals("a.elsewhere.test", reply.body().textValue());
      for (var name : new String[] {"elsewhere.test", "a.b.elsewhere.test"}) {
        assertThrows(SSLHandshakeException.class, () -> send(named(wildcard, name)), name);
      }
    }
  }

  private ClusterAccess named(TestServer server, String name) throws Exception {
    return access("https://127.0.0.1:" + server.port(), ca() + ", tls-server-name: " + name, "");
  }

  @Test
  void theTlsServerNameIsAskedForThroughAProxyAndOverIpv6() throws Exception {
    try (var proxy = new TestRelay();
        var server = new TestServer("elsewhere", false, TlsTest::ok);
        var ipv6 = new TestServer(InetAddress.ofLiteral("::1"), "elsewhere", false, TlsTest::ok)) {
      var cluster = ca() + ", tls-server-name: elsewhere.test";
      var overIpv6 = access("https://[::1]:" + ipv6.port(), cluster, "");
      assertInstanceOf(Reply.Success.class, send(overIpv6));
      cluster += ", proxy-url: 'http://127.0.0.1:" + proxy.port() + "'";
      var throughProxy = access("https://127.0.0.1:" + server.port(), cluster, "");
      assertInstanceOf(Reply.Success.class, send(throughProxy));
    }
  }

  @Test
  void aTlsServerNameThatTheCertificateLacksIsRefusedThoughTheHostIsInIt() throws Exception {
    try (var server = new TestServer("server", false, TlsTest::ok)) {
      var refused =
          assertThrows(SSLHandshakeException.class, () -> send(named(server, "other.test")));
      assertTrue(refused.toString().contains("not for the tls-server-name"), refused::toString);
      assertTrue(server.requests.isEmpty());
    }
  }

  @Test
  void aRotatedAuthorityNeedsNoRestart() throws Exception {
    TestServer.Handler closing =
        exchange -> {
          exchange.getResponseHeaders().set("Connection", "close");
          ok(exchange);
        };
    try (var relay = new TestRelay();
        var server = new TestServer("server", false, closing);
        var rotated = new TestServer("server2", false, closing)) {
      var access = access("https://127.0.0.1:" + relay.port(), ca(), "");
      try (var api = new ApiServer(access, "test", (_, _, _) -> {})) {
        relay.target = server.port();
        assertInstanceOf(Reply.Success.class, api.send(REQUEST, DEADLINE));
        relay.target = rotated.port();
        assertThrows(SSLHandshakeException.class, () -> api.send(REQUEST, DEADLINE));
        Files.writeString(
            folder.resolve("ca.crt"),
            TestCertificates.certificate("ca") + TestCertificates.certificate("ca2"));
        assertInstanceOf(Reply.Success.class, api.send(REQUEST, DEADLINE));
        Files.writeString(folder.resolve("ca.crt"), "half a fi");
        relay.target = server.port();
        assertInstanceOf(Reply.Success.class, api.send(REQUEST, DEADLINE));
        var half = TestCertificates.certificate("ca2");
        Files.writeString(
            folder.resolve("ca.crt"),
            TestCertificates.certificate("ca2") + half.substring(0, half.length() / 2));
        assertInstanceOf(Reply.Success.class, api.send(REQUEST, DEADLINE));
        Files.delete(folder.resolve("ca.crt"));
        assertInstanceOf(Reply.Success.class, api.send(REQUEST, DEADLINE));
      }
    }
  }

  @Test
  void anHttpProxyIsGoneThrough() throws Exception {
    try (var proxy = new TestRelay();
        var server = new TestServer("server", false, TlsTest::ok)) {
      var url = "https://127.0.0.1:" + server.port();
      var access =
          access(url, ca() + ", proxy-url: \"http://127.0.0.1:%d\"".formatted(proxy.port()), "");
      assertInstanceOf(Reply.Success.class, send(access));
      assertEquals(List.of("CONNECT 127.0.0.1:" + server.port() + " HTTP/1.1"), proxy.connects);
    }
  }

  private static void tellPrincipal(HttpExchange exchange)
      throws IOException, GeneralSecurityException {
    var peer = ((HttpsExchange) exchange).getSSLSession().getPeerPrincipal();
    TestServer.answer(exchange, 200, "\"" + peer.getName() + "\"");
  }

  @ParameterizedTest
  @CsvSource({"client-rsa,pkcs8", "client-rsa,pkcs1", "client-ec,pkcs8", "client-ec,sec1"})
  void aClientCertificateIsShownInEveryKeyFormatFromDataAndFromFiles(String alias, String format)
      throws Exception {
    var certificate = TestCertificates.certificate(alias);
    var key =
        switch (format) {
          case "pkcs1" -> TestCertificates.pkcs1(alias);
          case "sec1" -> TestCertificates.sec1(alias, true);
          default -> TestCertificates.key(alias);
        };
    Files.writeString(folder.resolve("client.crt"), certificate);
    Files.writeString(folder.resolve("client.key"), key);
    try (var server = new TestServer("server", true, TlsTest::tellPrincipal)) {
      var url = "https://127.0.0.1:" + server.port();
      var data =
          "client-certificate-data: %s, client-key-data: %s"
              .formatted(TestCertificates.base64(certificate), TestCertificates.base64(key));
      var files = "client-certificate: client.crt, client-key: client.key";
      for (var user : new String[] {data, files}) {
        var reply = assertInstanceOf(Reply.Success.class, send(access(url, ca(), user)));
        assertEquals("CN=" + alias, reply.body().textValue());
      }
    }
  }

  @Test
  void aClientCertificateThatHasRunOutIsRefusedAtTheStart() throws Exception {
    var user =
        "client-certificate-data: %s, client-key-data: %s"
            .formatted(
                TestCertificates.base64(TestCertificates.certificate("client-old")),
                TestCertificates.base64(TestCertificates.key("client-old")));
    var authority = ca();
    var refused =
        assertThrows(ConfigurationException.class, () -> access("https://h", authority, user));
    assertTrue(refused.toString().contains("user \"u\": client-certificate-data: this client"));
    assertTrue(refused.toString().contains(": renew it, then restart"), refused::toString);
  }

  @Test
  void aClientCertificateThatRunsOutMeanwhileIsNotShownAndIsAnErrorThatSaysWhatToDo()
      throws Exception {
    var identity =
        Identity.of(
            new PemSource.Given("certificate of bob", TestCertificates.certificate("client-old")),
            new PemSource.Given("key of bob", TestCertificates.key("client-old")));
    var ca = new PemSource.Given("ca", TestCertificates.certificate("ca"));
    try (var server = new TestServer("server", true, TlsTest::tellPrincipal)) {
      var access =
          new ClusterAccess(
              URI.create("https://127.0.0.1:" + server.port()),
              Tls.of(ServerTrust.in(ca, _ -> {}), Optional.of(identity), Optional.empty()),
              Credential.NONE,
              Optional.empty(),
              "default");
      var error = assertThrows(IOException.class, () -> send(access));
      assertTrue(("" + error.getMessage()).startsWith("certificate of bob: this client"));
      assertTrue(("" + error.getMessage()).contains("restart the controller"), error::toString);
      assertTrue(server.requests.isEmpty());
    }
  }
}
