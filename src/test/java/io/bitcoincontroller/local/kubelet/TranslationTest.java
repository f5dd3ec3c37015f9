package io.bitcoincontroller.local.kubelet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TranslationTest {
  private final Translation translation =
      new Translation(
          Map.of("/data", Path.of("/pods/7/data"), "/bitcoin.conf", Path.of("/pods/7/conf")),
          "127.3.2.1");

  @Test
  void aMountPathIsReplacedAloneAfterAnEqualsSignAndBeforeASlash() {
    assertEquals("/pods/7/data", translation.paths("/data"));
    assertEquals("-datadir=/pods/7/data", translation.paths("-datadir=/data"));
    assertEquals(
        "tail -3 /pods/7/data/regtest/debug.log",
        translation.paths("tail -3 /data/regtest/debug.log"));
    assertEquals(
        "server=1\ndatadir=/pods/7/data\n", translation.paths("server=1\ndatadir=/data\n"));
  }

  @Test
  void whatOnlyLooksLikeAMountPathStays() {
    for (var text : List.of("/database", "/data.bak", "/my/data", "http://host/data", "data")) {
      assertEquals(text, translation.paths(text));
    }
  }

  @Test
  void bitcoindLosesTheRpcbindToLoopbackAndNothingElse() {
    assertEquals(
        List.of("bitcoind", "-conf=/pods/7/conf", "-bind=127.3.2.1", "-rpcbind=127.3.2.1"),
        translation.command(
            List.of(
                "bitcoind",
                "-conf=/bitcoin.conf",
                "-bind=127.3.2.1",
                "-rpcbind=127.3.2.1",
                "-rpcbind=127.0.0.1",
                "-rpcbind=[::1]:18443")));
    var other = List.of("other", "-rpcbind=127.0.0.1");
    assertEquals(other, translation.command(other));
  }

  @Test
  void bitcoinCliTalksToItsOwnPod() {
    assertEquals(
        List.of("/usr/bin/bitcoin-cli", "-rpcconnect=127.3.2.1", "-conf=/pods/7/conf", "stop"),
        translation.command(List.of("/usr/bin/bitcoin-cli", "-conf=/bitcoin.conf", "stop")));
  }

  @Test
  void aPodWithoutMountsKeepsItsPaths() {
    assertEquals("/data", new Translation(Map.of(), "127.3.2.1").paths("/data"));
  }
}
