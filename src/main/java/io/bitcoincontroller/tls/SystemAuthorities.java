package io.bitcoincontroller.tls;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The authorities that this machine's administrator trusts, on Linux. A kubeconfig that names none
 * means these, as for all clients in Go; the JDK has its own list.
 */
final class SystemAuthorities {
  /** Go reads this variable, too. */
  private static final String VARIABLE = "SSL_CERT_FILE";

  /** The order and the places of Go's crypto/x509. */
  private static final List<Path> PLACES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"), // Debian, Arch, distroless images
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"), // Fedora
          Path.of("/etc/ssl/ca-bundle.pem"), // openSUSE
          Path.of("/etc/pki/tls/cacert.pem"),
          Path.of("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"), // RHEL
          Path.of("/etc/ssl/cert.pem")); // Alpine

  private SystemAuthorities() {}

  /**
   * Reads nothing yet.
   *
   * @param env the process's environment
   * @return empty if this system has no such file, or the JVM was started with a trust store
   */
  static Optional<PemSource> find(Map<String, String> env) {
    if (System.getProperty("javax.net.ssl.trustStore") != null) {
      return Optional.empty();
    }
    var named = env.getOrDefault(VARIABLE, "");
    return named.isEmpty()
        ? PLACES.stream()
            .filter(Files::isReadable)
            .findFirst()
            .map(file -> new PemSource.InFile("the system's certificates", file))
        : Optional.of(new PemSource.InFile(VARIABLE, Path.of(named)));
  }
}
