package io.bitcoincontroller.local.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate authority that lives as long as this process, and a server's certificate for
 * 127.0.0.1, ::1 and localhost. Made by the JDK's keytool: the JDK has no public API for it.
 *
 * @param server what the server presents
 * @param caPem the authority, as clients are given it
 * @param client trusts only that authority
 */
public record Certificates(SSLContext server, String caPem, SSLContext client) {
  private static final int KEYTOOL_SECONDS = 60;

  /** One authority for all servers of this process: each keytool run costs half a second. */
  public static Certificates ofThisProcess() {
    return Holder.CERTIFICATES;
  }

  private static final class Holder {
    private static final Certificates CERTIFICATES = make();
  }

  private static Certificates make() {
    try {
      var folder = Files.createTempDirectory("local-ca");
      try {
        return make(folder);
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no certificates: " + e.getMessage(), e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("keytool made something unusable", e);
    }
  }

  private static Certificates make(Path folder) throws IOException, GeneralSecurityException {
    var random = new byte[16];
    new SecureRandom().nextBytes(random);
    var password = HexFormat.of().formatHex(random);
    var file = folder.resolve("keys.p12");
    keytool(
        password,
        file,
        "-alias",
        "ca",
        "-dname",
        "CN=local-cluster-ca",
        "-ext",
        "bc:c=ca:true",
        "-ext",
        "ku:c=keyCertSign,cRLSign");
    keytool(
        password,
        file,
        "-alias",
        "server",
        "-dname",
        "CN=kube-apiserver",
        "-signer",
        "ca",
        "-ext",
        "san=ip:127.0.0.1,ip:::1,dns:localhost",
        "-ext",
        "eku=serverAuth");
    var keys = KeyStore.getInstance(file.toFile(), password.toCharArray());
    var ca = keys.getCertificate("ca");
    var encoder = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    var pem =
        "-----BEGIN CERTIFICATE-----\n"
            + encoder.encodeToString(ca.getEncoded())
            + "\n-----END CERTIFICATE-----\n";
    keys.deleteEntry("ca");
    return new Certificates(server(keys, password), pem, client(ca));
  }

  private static SSLContext server(KeyStore keys, String password) throws GeneralSecurityException {
    var managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, password.toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private static SSLContext client(java.security.cert.Certificate ca)
      throws GeneralSecurityException, IOException {
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", ca);
    var managers = TrustManagerFactory.getInstance("PKIX");
    managers.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  /** The password goes by the environment: arguments are visible to all users of the machine. */
  private static void keytool(String password, Path file, String... arguments) throws IOException {
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var command =
        Stream.concat(
                Stream.of(
                    keytool,
                    "-J-XX:TieredStopAtLevel=1",
                    "-genkeypair",
                    "-keyalg",
                    "EC",
                    "-groupname",
                    "secp256r1",
                    "-validity",
                    "30",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    file.toString(),
                    "-storepass:env",
                    "KEYTOOL_PASSWORD"),
                Stream.of(arguments))
            .toList();
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KEYTOOL_PASSWORD", password);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    var process = builder.redirectOutput(file.resolveSibling("keytool.log").toFile()).start();
    try {
      if (!process.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(
            keytool + " failed: " + Files.readString(file.resolveSibling("keytool.log")).strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool ran", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> files;
    try (var listing = Files.list(folder)) {
      files = listing.toList();
    }
    for (var file : files) {
      Files.delete(file);
    }
    Files.delete(folder);
  }
}
