package io.bitcoincontroller.bitcoind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.bitcoincontroller.blocks.Address;
import io.bitcoincontroller.blocks.Block;
import io.bitcoincontroller.blocks.Subsidy;
import io.bitcoincontroller.blocks.Template;
import io.bitcoincontroller.local.doubles.RpcNode;
import io.bitcoincontroller.local.doubles.RpcServerOptions;
import io.bitcoincontroller.local.kubelet.BitcoindProcesses;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Blocks that are made here, judged by bitcoind itself. */
@Timeout(60)
final class RealBlocksTest {
  private static final Credentials USER = new Credentials("user", "geheim");
  private static final Duration AMPLE = Duration.ofSeconds(30);

  /** P2WSH of a script that is OP_TRUE alone: anybody may spend it, without a wallet. */
  private static final Address ANYBODYS =
      address("bcrt1qft5p2uhsdcdc3l2ua4ap5qqfg4pjaqlp250x7us7a8qqhrxrxfsqseac85");

  private static final Address NOBODYS = address(Address.NOBODYS);

  private BitcoindProcesses processes;
  private final BitcoindClient client = new BitcoindClient((_, _) -> {});
  private RpcNode node;
  private long mark;

  private static Address address(String text) {
    return ((Address.Reading.Valid) Address.read(text)).address();
  }

  @BeforeEach
  void start() throws Exception {
    processes = new BitcoindProcesses();
    var line = RpcAuth.line(USER, "uid-1");
    node = processes.start(new RpcServerOptions(List.of(line), Map.of(), 4, 16, Duration.ZERO));
    Waiting.until(
        "bitcoind has started",
        () -> "",
        () -> {
          var reply = call(RpcRequest.getBlockchainInfo());
          return reply instanceof RpcReply.Result
              ? new Seen.Good("")
              : new Seen.NotYet("a result", reply.toString());
        });
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    processes.close();
  }

  private RpcReply call(RpcRequest request) throws IOException, InterruptedException {
    var server = BitcoindClient.server(node.address());
    var answer = client.call(server, USER, List.of(request), AMPLE, () -> true);
    return ((Answer.Replies) answer).list().getFirst();
  }

  private RpcResult result(RpcRequest request) throws Exception {
    var reply = call(request);
    return reply instanceof RpcReply.Result(var value) ? value : fail(request + ": " + reply);
  }

  private Template template() throws Exception {
    return ((RpcResult.NextBlock) result(RpcRequest.getBlockTemplate())).template();
  }

  private RpcResult submit(Block block) throws Exception {
    return result(RpcRequest.submitBlock(block.hex()));
  }

  private long height() throws Exception {
    return ((RpcResult.Chain) result(RpcRequest.getBlockchainInfo())).height();
  }

  private List<Block> mine(int count, Address to) throws Exception {
    var blocks = Block.chain(template(), count, to, ++mark);
    for (var block : blocks) {
      assertEquals(new RpcResult.Done(), submit(block));
    }
    return blocks;
  }

  @Test
  void manyBlocksInOneGoAreTakenAndToSendThemTwiceDoesNothing() throws Exception {
    var blocks = mine(300, NOBODYS); // past the first halving, and past heights of one byte
    assertEquals(300, height());
    assertEquals(new RpcResult.NotTaken("duplicate"), submit(blocks.getFirst()));
    assertEquals(new RpcResult.NotTaken("duplicate"), submit(blocks.getLast()));
    assertEquals(300, height());
    var header = (RpcResult.Header) result(RpcRequest.getBlockHeader(blocks.get(298).hash()));
    assertEquals(2, header.confirmations());
  }

  @Test
  void aBlockOnAnOldParentStandsBesideTheChain() throws Exception {
    var old = template();
    mine(1, NOBODYS);
    var late = Block.chain(old, 1, NOBODYS, 99).getFirst();
    assertEquals(new RpcResult.NotTaken("inconclusive"), submit(late));
    assertEquals(1, height());
    var header = (RpcResult.Header) result(RpcRequest.getBlockHeader(late.hash()));
    assertEquals(-1, header.confirmations());
    var unknown = call(RpcRequest.getBlockHeader("00".repeat(32)));
    assertEquals(-5, ((RpcReply.Failure) unknown).code());
  }

  @Test
  void waitingTransactionsAreInTheNextBlockAndTheirFeesWithThem() throws Exception {
    var first = mine(101, ANYBODYS).getFirst();
    var spent = 1_000;
    send(coinbaseOf(first), Subsidy.at(1) - spent);
    var template = template();
    assertEquals(1, template.transactions().size());
    assertEquals(spent, template.transactions().getFirst().fee());
    assertTrue(
        !template
            .transactions()
            .getFirst()
            .txid()
            .equals(template.transactions().getFirst().hash()));
    mine(1, ANYBODYS);
    assertEquals(102, height());
    assertEquals(List.of(), template().transactions());
  }

  private String coinbaseOf(Block block) throws Exception {
    var request =
        new RpcRequest(
            "getblock",
            List.of(TextNode.valueOf(block.hash()), IntNode.valueOf(1)),
            in -> {
              var found = new String[1];
              in.object(
                  name -> {
                    if (name.equals("tx")) {
                      in.elements(1, () -> found[0] = in.text(64));
                    } else {
                      in.skip();
                    }
                  });
              return new RpcResult.NotTaken(found[0]);
            });
    return ((RpcResult.NotTaken) result(request)).why();
  }

  /** Spends an output of {@link #ANYBODYS}: the only witness is the script. */
  private void send(String txid, long value) throws Exception {
    var id = new StringBuilder();
    for (var i = 62; i >= 0; i -= 2) {
      id.append(txid, i, i + 2);
    }
    var amount = new StringBuilder();
    for (var i = 0; i < 8; i++) {
      amount.append("%02x".formatted((value >> (8 * i)) & 0xff));
    }
    var raw =
        "02000000"
            + "0001"
            + "01"
            + id
            + "00000000"
            + "00"
            + "ffffffff"
            + "01"
            + amount
            + "22"
            + NOBODYS.script()
            + "01"
            + "01"
            + "51"
            + "00000000";
    var request =
        new RpcRequest(
            "sendrawtransaction",
            List.of(TextNode.valueOf(raw), IntNode.valueOf(0)),
            ResultReader::done);
    result(request);
  }
}
