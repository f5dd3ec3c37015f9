package io.bitcoincontroller.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.tls.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InClusterTest {
  @TempDir private Path folder;
  private final List<String> complaints = new ArrayList<>();

  private void serviceAccount() throws IOException, GeneralSecurityException {
    Files.writeString(folder.resolve("token"), "s3cret\n");
    Files.writeString(folder.resolve("ca.crt"), TestCertificates.certificate("ca"));
    Files.writeString(folder.resolve("namespace"), "bitcoin");
  }

  private static Map<String, String> env(String host, String port) {
    return Map.of("KUBERNETES_SERVICE_HOST", host, "KUBERNETES_SERVICE_PORT", port);
  }

  private String refusal(Map<String, String> env) {
    var refusal =
        assertThrows(ConfigurationException.class, () -> InCluster.load(env, folder, _ -> {}));
    return "" + refusal.getMessage();
  }

  @Test
  void thePodsServiceAccountIsUsed() throws Exception {
    serviceAccount();
    var access = InCluster.load(env("10.0.0.1", "443"), folder, _ -> {});
    assertEquals("https://10.0.0.1:443", access.server().toString());
    assertEquals(Optional.of("Bearer s3cret"), access.credential().authorization());
    assertEquals("bitcoin", access.namespace());
    assertFalse((access + " " + access.credential()).contains("s3cret"));
  }

  @Test
  void anIpv6ServiceGetsBrackets() throws Exception {
    serviceAccount();
    var server = InCluster.load(env("fd00::1", "6443"), folder, _ -> {}).server();
    assertEquals("https://[fd00::1]:6443", server.toString());
    assertEquals("[fd00::1]", server.getHost());
  }

  @Test
  void outsideOfAPodItSaysSo() {
    assertTrue(refusal(Map.of()).contains("KUBERNETES_SERVICE_HOST"));
    assertTrue(refusal(env("10.0.0.1", "tcp://10.0.0.1")).contains("KUBERNETES_SERVICE_PORT"));
    assertTrue(refusal(env("a b", "443")).contains("are no address"));
    assertFalse(InCluster.detected(Map.of()));
    assertTrue(InCluster.detected(env("10.0.0.1", "443")));
  }

  @Test
  void eachMissingOrBrokenFileIsNamed() throws Exception {
    for (var name : new String[] {"token", "ca.crt", "namespace"}) {
      serviceAccount();
      Files.delete(folder.resolve(name));
      var refusal = refusal(env("10.0.0.1", "443"));
      assertTrue(
          refusal.contains(folder.resolve(name) + " can't be read: there is no such file"),
          refusal);
      assertTrue(refusal.contains("automountServiceAccountToken"), refusal);
    }
    serviceAccount();
    Files.writeString(folder.resolve("ca.crt"), "nothing");
    assertTrue(refusal(env("10.0.0.1", "443")).contains("holds no certificate"));
    serviceAccount();
    Files.writeString(folder.resolve("token"), "two\nlines");
    assertTrue(refusal(env("10.0.0.1", "443")).contains("one line of ASCII"));
  }

  @Test
  void aTokenIsReadAgainAfterAMinuteAndAfterARefusal() throws Exception {
    var file = folder.resolve("token");
    var nanos = new AtomicLong(-5);
    var token = new TokenFile("token", file, nanos::get, complaints::add);
    Files.writeString(file, "one\n");
    assertEquals(Optional.of("Bearer one"), token.authorization());
    Files.writeString(file, "two\n");
    nanos.addAndGet(Duration.ofSeconds(60).toNanos() - 1);
    assertEquals(Optional.of("Bearer one"), token.authorization());
    nanos.addAndGet(1);
    assertEquals(Optional.of("Bearer two"), token.authorization());
    Files.writeString(file, "three\n");
    token.refused("Bearer one");
    assertEquals(Optional.of("Bearer two"), token.authorization());
    token.refused("Bearer two");
    assertEquals(Optional.of("Bearer three"), token.authorization());
    Files.writeString(file, " \n");
    token.refused("Bearer three");
    assertEquals(Optional.of("Bearer three"), token.authorization()); // the refusal may pass
    var empty = "token " + file + " is empty: it must be a bearer token; the last good reading";
    assertTrue(complaints.getLast().startsWith(empty), complaints::toString);
  }

  /** Ways in which a file can't be read for a moment. */
  private enum Spoilt {
    GONE,
    EMPTY,
    TWO_LINES,
    NO_TEXT,
    A_FOLDER;

    void spoil(Path file) throws IOException {
      Files.deleteIfExists(file);
      switch (this) {
        case GONE -> {}
        case EMPTY -> Files.writeString(file, "");
        case TWO_LINES -> Files.writeString(file, "a b");
        case NO_TEXT -> Files.write(file, new byte[] {(byte) 0xff});
        case A_FOLDER -> Files.createDirectory(file);
      }
    }
  }

  @Test
  void aTokenThatCantBeReadAgainIsUsedAlsoAfterARefusal() throws Exception {
    var file = folder.resolve("token");
    var nanos = new AtomicLong();
    var token = new TokenFile("token", file, nanos::get, complaints::add);
    Files.writeString(file, "good");
    token.authorization();
    for (var spoilt : Spoilt.values()) {
      complaints.clear();
      spoilt.spoil(file);
      nanos.addAndGet(Duration.ofSeconds(60).toNanos());
      for (var request = 0; request < 5; request++) {
        assertEquals(Optional.of("Bearer good"), token.authorization(), spoilt::toString);
        nanos.addAndGet(Duration.ofSeconds(60).toNanos());
      }
      assertEquals(1, complaints.size(), spoilt + " " + complaints);
      assertTrue(complaints.getFirst().contains("stays in use"), complaints::toString);
      Files.deleteIfExists(file);
      Files.writeString(file, "good");
      assertEquals(Optional.of("Bearer good"), token.authorization());
    }
    Files.delete(file);
    token.refused("Bearer good");
    assertEquals(Optional.of("Bearer good"), token.authorization());
    Files.writeString(file, "new");
    assertEquals(Optional.of("Bearer new"), token.authorization());
  }

  @Test
  void halfATokenThatIsRefusedGivesWayToTheOneBefore() throws Exception {
    var file = folder.resolve("token");
    var nanos = new AtomicLong();
    var token = new TokenFile("token", file, nanos::get, complaints::add);
    Files.writeString(file, "whole");
    token.authorization();
    Files.writeString(file, "newe");
    nanos.addAndGet(Duration.ofSeconds(60).toNanos());
    assertEquals(Optional.of("Bearer newe"), token.authorization());
    token.refused("Bearer newe");
    assertEquals(Optional.of("Bearer whole"), token.authorization());
    Files.writeString(file, "newest");
    token.refused("Bearer newe");
    assertEquals(Optional.of("Bearer newest"), token.authorization());
    Files.writeString(file, "bad");
    token.refused("Bearer newest");
    assertEquals(Optional.of("Bearer bad"), token.authorization());
    token.refused("Bearer bad");
    assertEquals(Optional.of("Bearer whole"), token.authorization()); // never refused
    token.refused("Bearer whole");
    assertEquals(Optional.of("Bearer bad"), token.authorization());
  }

  @Test
  void aServiceThatIsNoAddressIsNamedAtTheStart() throws Exception {
    serviceAccount();
    for (var host : List.of("a..b", "-a", "a_b", "a*", "1.2.3", "fd00::zz", "a.".repeat(130))) {
      assertTrue(refusal(env(host, "443")).contains("are no address"), host);
    }
    for (var port : List.of("0", "65536", "99999")) {
      assertTrue(refusal(env("10.0.0.1", port)).contains("are no address"), port);
    }
  }
}
