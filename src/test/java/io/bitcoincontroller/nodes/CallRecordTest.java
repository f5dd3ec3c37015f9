package io.bitcoincontroller.nodes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.bitcoind.RpcReply;
import io.bitcoincontroller.bitcoind.RpcRequest;
import io.bitcoincontroller.bitcoind.RpcResult;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.plan.World;
import io.bitcoincontroller.recorder.Recorder;
import io.bitcoincontroller.recorder.Transcript;
import io.bitcoincontroller.timing.Ticker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an answer is called in the flight recorder: the same as the controller takes it for. */
final class CallRecordTest {
  private static final Pod POD = World.pod(0, "10.0.0.9", true);

  private static String recorded(RpcReply... replies) throws IOException {
    var requests = new ArrayList<RpcRequest>();
    for (var i = 0; i < replies.length; i++) {
      requests.add(RpcRequest.addNode("10.0.0." + i));
    }
    return recorded(recorder(), requests, List.of(replies));
  }

  private static String recorded(
      Recorder recorder, List<RpcRequest> requests, List<RpcReply> replies) throws IOException {
    new CallRecord(new ObjectKey("a", "b"), recorder, Ticker.SYSTEM)
        .replied(POD, requests, 0, replies);
    var out = new ByteArrayOutputStream();
    new Transcript(recorder, "c", "v", 0).write(out);
    return out.toString(UTF_8);
  }

  private static RpcReply done() {
    return new RpcReply.Result(new RpcResult.Done());
  }

  @Test
  void whatWasSoAlreadyIsNoRefusal() throws IOException {
    var text = recorded(done(), new RpcReply.Failure(-23, "Error: Node already added"));
    assertTrue(text.contains("\"outcome\":\"ok\""), text);
    assertTrue(text.contains("it was so already: addnode 10.0.0.1 add: error -23"), text);
  }

  @Test
  void ofABatchThatWasPartlyRefusedBothPartsAreTold() throws IOException {
    var text = recorded(done(), new RpcReply.Failure(-23, "a"), new RpcReply.Failure(-8, "no"));
    assertTrue(text.contains("\"outcome\":\"refused\""), text);
    assertTrue(
        text.contains(
            "\"why\":\"1 of 3 refused: addnode 10.0.0.2 add: error -8: no; it was so already: addnode 10.0.0.1"),
        text);
  }

  @Test
  void aBatchThatWasRefusedAsAWholeIsJustRefused() throws IOException {
    var text = recorded(new RpcReply.Failure(-8, "no"));
    assertTrue(text.contains("\"why\":\"addnode 10.0.0.0 add: error -8: no\""), text);
  }

  private static Recorder recorder() {
    return new Recorder(Ticker.SYSTEM, 100_000);
  }

  @Test
  void aReadThatWentWellIsNotWorthAnEntryWhileNobodyLooks() throws IOException {
    var read = NodeInfo.REQUESTS;
    var well = List.of(done(), done(), done());
    assertFalse(recorded(recorder(), read, well).contains("call"));
    var watched = Recorder.alwaysWatched(Ticker.SYSTEM, 100_000);
    assertTrue(recorded(watched, read, well).contains("call"));
    var refused = List.of(done(), done(), new RpcReply.Failure(RpcReply.IN_WARMUP, "loading"));
    assertTrue(recorded(recorder(), read, refused).contains("loading"));
    var tips = List.of(RpcRequest.getChainTips());
    assertTrue(recorded(recorder(), tips, List.of(done())).contains("call"), "no entry tells it");
  }
}
