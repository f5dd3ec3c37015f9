package io.bitcoincontroller.nodes;

import io.bitcoincontroller.bitcoind.Answer;
import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.bitcoind.RpcReply;
import io.bitcoincontroller.bitcoind.RpcRequest;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.recorder.Recorder;
import io.bitcoincontroller.timing.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;

/** What the flight recorder gets of the calls to the nodes of one network. */
record CallRecord(ObjectKey network, Recorder recorder, Ticker ticker) {
  /** Of the calls of one batch, or of the nodes that have not answered, no more are named. */
  private static final int MOST_NAMED = 64;

  /** A batch that was answered. */
  void answered(Pod pod, List<RpcRequest> requests, long began, Answer answer) {
    switch (answer) {
      case Answer.Replies(var replies, _) -> replied(pod, requests, began, replies);
      case Answer.Unauthorized() -> failed(pod, requests, began, "it refuses the credentials");
      case Answer.Forbidden() -> failed(pod, requests, began, PodRpc.FORBIDDEN);
      case Answer.Busy(int status) -> failed(pod, requests, began, PodRpc.busy(status));
    }
  }

  /** What was so already is no refusal. How a node is, is told by what the pass saw. */
  void replied(Pod pod, List<RpcRequest> requests, long began, List<RpcReply> replies) {
    var refused = new ArrayList<String>();
    var already = new ArrayList<String>();
    for (var i = 0; i < Math.min(replies.size(), requests.size()); i++) {
      if (replies.get(i) instanceof RpcReply.Failure failure) {
        var words = words(requests.get(i)) + ": " + failure.text();
        (PodRpc.isDoneAlready(failure) ? already : refused).add(words);
      }
    }
    var why = new StringJoiner("; ");
    if (!refused.isEmpty()) {
      var some = refused.size() < requests.size();
      var part = some ? refused.size() + " of " + requests.size() + " refused: " : "";
      why.add(part + String.join("; ", refused));
    }
    if (!already.isEmpty()) {
      why.add("it was so already: " + String.join("; ", already));
    }
    var isToldElsewhere = refused.isEmpty() && requests.equals(NodeInfo.REQUESTS);
    if (!isToldElsewhere || recorder.isWatched()) {
      record(pod, requests, began, refused.isEmpty() ? "ok" : "refused", why.toString());
    }
  }

  private void failed(Pod pod, List<RpcRequest> requests, long began, String why) {
    record(pod, requests, began, "refused", why);
  }

  /** A batch that was not sent, or whose answer did not come. */
  void lost(Pod pod, List<RpcRequest> requests, long began, boolean sent, String why) {
    record(pod, requests, began, sent ? "lost" : "not-sent", why);
  }

  /**
   * A pass goes on with what it knows of these nodes, by ordinal: for so long they have not
   * answered the read that runs. Its end asks for a pass.
   */
  void unanswered(SortedMap<Integer, Duration> nodes) {
    if (nodes.isEmpty()) {
      return;
    }
    recorder.record(
        "unanswered",
        network.toString(),
        json -> {
          json.writeArrayFieldStart("nodes");
          for (var node : nodes.entrySet().stream().limit(MOST_NAMED).toList()) {
            json.writeStartObject();
            json.writeNumberField("ordinal", node.getKey());
            json.writeNumberField(
                "micros", TimeUnit.NANOSECONDS.toMicros(node.getValue().toNanos()));
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeNumberField(
              "most", TimeUnit.NANOSECONDS.toMicros(NodeReader.DEADLINE.toNanos()));
        });
  }

  private void record(Pod pod, List<RpcRequest> requests, long began, String outcome, String why) {
    recorder.record(
        "call",
        network.toString(),
        json -> {
          json.writeStringField("to", "node");
          json.writeStringField("pod", pod.metadata().name());
          json.writeStringField("lane", lane(requests));
          json.writeStringField("words", Recorder.cut(words(requests)));
          json.writeStringField("outcome", outcome);
          json.writeStringField("why", Recorder.cut(why));
          json.writeNumberField("micros", (ticker.nanos() - began) / 1000);
        });
  }

  private static String lane(List<RpcRequest> requests) {
    var first = requests.getFirst();
    return switch (first.method()) {
      case "addnode" -> first.params().getLast().asText().equals("onetry") ? "links" : "lists";
      case "disconnectnode" -> "links";
      case "getblocktemplate", "submitblock" -> "blocks";
      default -> "read";
    };
  }

  private static String words(List<RpcRequest> requests) {
    var words = new StringJoiner(", ");
    for (var request : requests.subList(0, Math.min(requests.size(), MOST_NAMED))) {
      words.add(words(request));
    }
    return words.toString();
  }

  private static String words(RpcRequest request) {
    if (request.method().equals("submitblock")) {
      var digits = request.params().getFirst().asText().length();
      return "submitblock (a block of " + digits / 2 + " bytes)";
    }
    var words = new StringJoiner(" ").add(request.method());
    for (var param : request.params()) {
      words.add(Recorder.cut(param.asText()));
    }
    return words.toString();
  }
}
