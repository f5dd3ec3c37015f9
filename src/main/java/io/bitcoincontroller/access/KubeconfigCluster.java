package io.bitcoincontroller.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.tls.PemSource;
import io.bitcoincontroller.tls.ServerName;
import io.bitcoincontroller.tls.ServerTrust;
import io.bitcoincontroller.tls.Tls;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;

/**
 * The {@code cluster} of a kubeconfig.
 *
 * @param authorities empty for those of the system
 * @param serverName for a URL with an address; empty: the URL's host
 */
record KubeconfigCluster(
    KubeconfigEntry entry,
    URI server,
    Optional<URI> proxy,
    Optional<PemSource> authorities,
    boolean insecure,
    Optional<SNIHostName> serverName) {
  /** {@code disable-compression} changes nothing: HttpClient never asks for compression. */
  private static final Set<String> KNOWN =
      Set.of(
          "server",
          "proxy-url",
          "certificate-authority",
          "certificate-authority-data",
          "insecure-skip-tls-verify",
          "tls-server-name",
          "disable-compression",
          "extensions");

  /** The name of the extension that holds the cluster's words to an exec plugin. */
  private static final String EXEC_EXTENSION = "client.authentication.k8s.io/exec";

  static KubeconfigCluster read(KubeconfigEntry entry) throws ConfigurationException {
    entry.refuseAllBut(KNOWN);
    var authorities = entry.pem("certificate-authority");
    var insecure = entry.flag("insecure-skip-tls-verify");
    if (insecure && authorities.isPresent()) {
      throw entry.error(
          "insecure-skip-tls-verify", "and certificate-authority are both given: remove one");
    }
    var server = server(entry);
    return new KubeconfigCluster(
        entry, server, proxy(entry), authorities, insecure, serverName(entry, server));
  }

  private static URI server(KubeconfigEntry entry) throws ConfigurationException {
    var uri = uri(entry, "server");
    if (!"https".equals(uri.getScheme())) {
      throw entry.error("server", "must begin with https://: nothing else keeps a login secret");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw entry.error("server", "must be https://host:port and perhaps a path: mend it");
    }
    return URI.create(uri.toASCIIString().replaceFirst("/+$", ""));
  }

  private static Optional<URI> proxy(KubeconfigEntry entry) throws ConfigurationException {
    if (!entry.has("proxy-url")) {
      return Optional.empty();
    }
    var uri = uri(entry, "proxy-url");
    if (!"http".equals(uri.getScheme())) {
      throw entry.error("proxy-url", "must begin with http://: other proxies are not supported");
    }
    var port = uri.getPort() < 0 ? 80 : uri.getPort();
    return Optional.of(URI.create("http://" + uri.getHost() + ":" + port));
  }

  /** Empty also where it is the URL's own host. */
  private static Optional<SNIHostName> serverName(KubeconfigEntry entry, URI server)
      throws ConfigurationException {
    var text = entry.text("tls-server-name");
    if (text.isEmpty() || text.equalsIgnoreCase(server.getHost())) {
      return Optional.empty();
    }
    var name = ServerName.dnsName(text);
    if (name.isEmpty()) {
      throw entry.error(
          "tls-server-name",
          "must be a DNS name: most API servers also have the name kubernetes.default.svc");
    }
    if (!ServerName.hasAddress(server)) {
      throw entry.error(
          "tls-server-name",
          "works only with an address in the URL: make server https://ADDRESS:PORT");
    }
    return name;
  }

  private static URI uri(KubeconfigEntry entry, String field) throws ConfigurationException {
    try {
      var uri = new URI(entry.text(field));
      if (uri.getRawUserInfo() != null) {
        throw entry.error(field, "has a user and password in it: not supported, remove them");
      }
      if (!ServerName.isHost(uri)) {
        throw entry.error(field, "must be a URL with a host: https://host:port");
      }
      return uri;
    } catch (URISyntaxException e) {
      throw entry.error(field, "is no URL like https://host:port (IPv6 hosts need [brackets])");
    }
  }

  /** The finished access; reads the CA for the first time. */
  ClusterAccess access(
      KubeconfigUser.Login login,
      String namespace,
      Map<String, String> env,
      Consumer<String> complaints)
      throws ConfigurationException {
    var tls =
        insecure
            ? Tls.ofAnyServer(login.identity(), serverName)
            : Tls.of(trust(env, complaints), login.identity(), serverName);
    return new ClusterAccess(server, tls, login.credential(), proxy, namespace);
  }

  private ServerTrust trust(Map<String, String> env, Consumer<String> complaints)
      throws ConfigurationException {
    try {
      if (authorities.isPresent()) {
        return ServerTrust.in(authorities.get(), complaints);
      }
      var system = ServerTrust.inSystem(env, complaints);
      if (system.isPresent()) {
        return system.get();
      }
    } catch (IOException e) {
      throw new ConfigurationException(e);
    }
    throw entry.error(
        "certificate-authority", "is missing, and this system trusts nobody by itself: name it");
  }

  /** {@code spec.cluster} of the ExecCredential that an exec plugin gets on request. */
  ObjectNode execInfo() throws ConfigurationException {
    var info = JsonNodeFactory.instance.objectNode();
    info.put("server", server.toString());
    serverName.ifPresent(name -> info.put("tls-server-name", name.getAsciiName()));
    if (insecure) {
      info.put("insecure-skip-tls-verify", true);
    }
    if (authorities.isPresent()) {
      info.put("certificate-authority-data", base64(authorities.get()));
    }
    proxy.ifPresent(uri -> info.put("proxy-url", uri.toString()));
    for (JsonNode extension : entry.list("extensions")) {
      if (extension.path("name").asText().equals(EXEC_EXTENSION)) {
        info.set("config", extension.path("extension").deepCopy());
      }
    }
    return info;
  }

  private static String base64(PemSource authorities) throws ConfigurationException {
    try {
      var bytes = authorities.text().getBytes(StandardCharsets.UTF_8);
      return Base64.getEncoder().encodeToString(bytes);
    } catch (IOException e) {
      throw new ConfigurationException(e);
    }
  }
}
