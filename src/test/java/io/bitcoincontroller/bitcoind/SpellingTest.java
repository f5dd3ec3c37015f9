package io.bitcoincontroller.bitcoind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.bitcoind.RpcReply.Failure;
import io.bitcoincontroller.local.doubles.RpcServerOptions;
import io.bitcoincontroller.local.kubelet.BitcoindProcesses;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.Waiting;
import io.bitcoincontroller.mesh.PeerAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two spellings are one address to us where they are one to bitcoind, and only there. */
final class SpellingTest {
  private static final Credentials USER = new Credentials("user", "geheim");
  private static final Duration AMPLE = Duration.ofSeconds(30);

  private static final List<String> SPELLINGS =
      List.of(
          "10.1.2.3",
          "10.1.2.3:18444",
          "10.1.2.3:018444",
          "[10.1.2.3]:0018444",
          "[10.1.2.3]",
          "10.1.2.3:18443",
          "0xa.1.2.3:18443",
          "0xa.0x1.0x2.0x3",
          "0XA.1.2.3",
          "0x000a.1.2.3",
          "012.1.2.3",
          "00012.01.02.03",
          "010.1.2.3",
          "8.1.2.3",
          "10.1.515",
          "10.66051",
          "10.0x10203",
          "167838211",
          "0xa010203",
          "01200201003",
          "::ffff:10.1.2.3",
          "[::FFFF:a01:203]:18444",
          "0:0:0:0:0:ffff:10.1.2.3",
          "::10.1.2.3",
          "::a01:203",
          "64:ff9b::10.1.2.3",
          "::ffff:0:10.1.2.3",
          "fd00::1",
          "FD00::1",
          "fd00:0:0:0:0:0:0:1",
          "fd00:0000::0001",
          "[fd00::1]",
          "[fd00::1]:018444",
          "[fd00::1]:9000",
          "fd00::0.0.0.1",
          "fd00:1::1",
          "::1",
          "127.0.0.1",
          "127.1",
          "0177.1",
          "0x7f.1",
          "2130706433",
          "localhost",
          "seed.example.org",
          "seed.example.org.");

  /** What we take for no address is taken out of a list, by its own spelling. */
  private static final List<String> NONE_OF_OURS =
      List.of("10.1.2.3.", "10.1.2.3 ", "10.1.2.08", "10.1.2.3:+18444", "fd00::1%1", "0x", "a b");

  @Test
  void twoSpellingsAreOneAddressWhereTheyAreToBitcoind() throws Exception {
    try (var processes = new BitcoindProcesses();
        var client = new BitcoindClient((_, _) -> {})) {
      var line = RpcAuth.line(USER, "uid-1");
      var server = BitcoindClient.server(processes.start(RpcServerOptions.of(line)).address());
      var calls = new ArrayList<RpcRequest>();
      for (var one : SPELLINGS) {
        for (var other : SPELLINGS) {
          calls.add(RpcRequest.addNode(one));
          calls.add(RpcRequest.addNode(other));
          calls.add(RpcRequest.removeNode(one));
          calls.add(RpcRequest.removeNode(other));
        }
      }
      for (var odd : NONE_OF_OURS) {
        calls.add(RpcRequest.addNode(odd));
        calls.add(RpcRequest.removeNode(odd));
      }
      Waiting.until(
          "bitcoind",
          () -> "",
          () ->
              client.call(server, USER, List.of(RpcRequest.getAddedNodeInfo()), AMPLE, () -> true)
                          instanceof Answer.Replies replies
                      && replies.list().getFirst() instanceof RpcReply.Result
                  ? new Seen.Good("")
                  : new Seen.NotYet("an answer", "none"));
      var replies = ((Answer.Replies) client.call(server, USER, calls, AMPLE, () -> true)).list();
      var reply = 0;
      for (var one : SPELLINGS) {
        for (var other : SPELLINGS) {
          var sameText = one.equals(other);
          var same = parsed(one).equals(parsed(other)) && !names(one, other);
          assertEquals(sameText || same, refused(replies.get(reply + 1)), one + " and " + other);
          reply += 4;
        }
      }
      for (var odd : NONE_OF_OURS) {
        assertTrue(PeerAddress.parse(odd).isEmpty(), odd);
        assertTrue(replies.get(reply + 1) instanceof RpcReply.Result, odd);
        reply += 2;
      }
    }
  }

  private static PeerAddress parsed(String text) {
    return PeerAddress.parse(text).orElseThrow();
  }

  /** bitcoind compares names to the letter, with their port; we add each in one form. */
  private static boolean names(String one, String other) {
    return !one.equals(other) && parsed(one).host().matches(".*[g-z].*");
  }

  private static boolean refused(RpcReply reply) {
    return reply instanceof Failure(int code, _) && code == RpcReply.NODE_ALREADY_ADDED;
  }
}
