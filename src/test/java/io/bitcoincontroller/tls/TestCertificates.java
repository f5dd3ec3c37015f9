package io.bitcoincontroller.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Two authorities and what they signed, made by the JDK's keytool once for all tests. */
public final class TestCertificates {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final KeyStore STORE = make();

  private TestCertificates() {}

  private static KeyStore make() {
    try {
      var folder = Files.createTempDirectory("test-certificates");
      try {
        var file = folder.resolve("store.p12");
        keytool(file, "ca", "EC", "-ext", "bc=ca:true");
        keytool(file, "ca2", "EC", "-ext", "bc=ca:true");
        var san = "san=dns:kubernetes.test,ip:127.0.0.1,ip:::1";
        keytool(file, "server", "RSA", "-signer", "ca", "-ext", san);
        keytool(file, "server2", "EC", "-signer", "ca2", "-ext", san);
        keytool(file, "elsewhere", "EC", "-signer", "ca", "-ext", "san=dns:elsewhere.test");
        keytool(file, "client-rsa", "RSA", "-signer", "ca");
        keytool(file, "client-ec", "EC", "-signer", "ca");
        keytool(file, "client-old", "EC", "-signer", "ca", "-startdate", "-9d");
        keytool(file, "wildcard", "EC", "-signer", "ca", "-ext", "san=dns:*.elsewhere.test");
        return KeyStore.getInstance(file.toFile(), PASSWORD);
      } finally {
        try (var files = Files.list(folder)) {
          files.forEach(f -> f.toFile().delete());
        }
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void keytool(Path store, String alias, String algorithm, String... more)
      throws IOException, InterruptedException {
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var command = new ArrayList<>(List.of(keytool, "-genkeypair", "-keystore", store.toString()));
    command.addAll(List.of("-storepass", new String(PASSWORD), "-alias", alias, "-dname"));
    command.addAll(List.of("CN=" + alias, "-validity", "2", "-keyalg", algorithm));
    command.addAll(
        algorithm.equals("EC") ? List.of("-groupname", "secp256r1") : List.of("-keysize", "2048"));
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
    command.addAll(List.of(more));
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("keytool failed: " + command);
    }
  }

  /** The certificate alone, without those of its signers. */
  public static String certificate(String alias) throws GeneralSecurityException {
    return pem("CERTIFICATE", STORE.getCertificate(alias).getEncoded());
  }

  /** In PKCS#8, as the JDK has it. */
  public static String key(String alias) throws GeneralSecurityException {
    return pem("PRIVATE KEY", pkcs8(alias));
  }

  private static byte[] pkcs8(String alias) throws GeneralSecurityException {
    return STORE.getKey(alias, PASSWORD).getEncoded();
  }

  /** In the format that {@code openssl genrsa -traditional} writes. */
  public static String pkcs1(String alias) throws GeneralSecurityException {
    return pem("RSA PRIVATE KEY", inner(pkcs8(alias)));
  }

  /** In the format that {@code openssl ecparam -genkey} writes; with or without the curve. */
  public static String sec1(String alias, boolean withCurve) throws GeneralSecurityException {
    var inner = next(ByteBuffer.wrap(inner(pkcs8(alias))));
    var version = new byte[] {2, 1, 1};
    next(inner);
    var secret = next(inner);
    var bytes = new byte[secret.remaining()];
    secret.get(bytes);
    var secp256r1 = new byte[] {6, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 3, 1, 7};
    var key =
        withCurve
            ? Der.tagged(0x30, version, Der.tagged(4, bytes), Der.tagged(0xa0, secp256r1))
            : Der.tagged(0x30, version, Der.tagged(4, bytes));
    return pem("EC PRIVATE KEY", key);
  }

  /** The OCTET STRING at the end of a PKCS#8 key. */
  private static byte[] inner(byte[] pkcs8) {
    var fields = next(ByteBuffer.wrap(pkcs8));
    next(fields);
    next(fields);
    var octets = next(fields);
    var bytes = new byte[octets.remaining()];
    octets.get(bytes);
    return bytes;
  }

  private static ByteBuffer next(ByteBuffer der) {
    der.get(); // the tag
    var length = der.get() & 0xff;
    if (length > 0x80) {
      var digits = length - 0x80;
      length = 0;
      for (var i = 0; i < digits; i++) {
        length = length << 8 | (der.get() & 0xff);
      }
    }
    var content = der.slice(der.position(), length);
    der.position(der.position() + length);
    return content;
  }

  private static String pem(String label, byte[] der) {
    var body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  public static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** For a server that has this certificate and trusts clients of {@code ca} only. */
  public static SSLContext serverContext(String alias)
      throws GeneralSecurityException, IOException {
    var own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    PrivateKey key = (PrivateKey) STORE.getKey(alias, PASSWORD);
    own.setKeyEntry("own", key, PASSWORD, new Certificate[] {STORE.getCertificate(alias)});
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, PASSWORD);
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", STORE.getCertificate("ca"));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
