package io.bitcoincontroller.network;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bitcoincontroller.api.Condition;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.mesh.PeerChange;
import io.bitcoincontroller.plan.Plan;
import io.bitcoincontroller.plan.Write;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What the flight recorder gets of a plan: each difference between what is and what shall be.
 *
 * @param ordinals by the address of their pod; asked for when an address is told
 */
record PlanRecording(Plan plan, Supplier<Map<PeerAddress, Integer>> ordinals) {
  void write(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("differences");
    if (plan.makeSecret().isPresent()) {
      difference("objects", -1, "Secret", "there is no Secret: one is made", json);
    }
    for (var write : plan.writes()) {
      var what = write.resource().kind() + " " + write.key().name();
      var why = write.creates() ? " is not there" : " is not as it shall be";
      var words = what + (write.removes() ? " is not wanted any more" : why) + numbers(write);
      difference("objects", -1, write.request().toString(), words, json);
    }
    for (var list : plan.mesh().changes().entrySet()) {
      for (var change : list.getValue()) {
        difference("lists", list.getKey(), "", words(list.getKey(), change), json);
      }
    }
    for (var dial : plan.mesh().dials()) {
      difference(
          "links", dial.from(), "", "node " + dial.from() + " dials node " + dial.to(), json);
    }
    for (var reach : plan.mesh().reaches()) {
      var words = "node " + reach.from() + " dials the declared peer " + reach.to();
      difference("links", reach.from(), "", words, json);
    }
    for (var close : plan.mesh().closes()) {
      var words = "node " + close.from() + " closes its connection with " + named(close.address());
      difference("links", close.from(), "", words, json);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("conditions");
    for (var condition : plan.status().conditions()) {
      condition(condition, json);
    }
    json.writeEndArray();
    if (plan.lookAgain().isPresent()) {
      var micros = TimeUnit.NANOSECONDS.toMicros(plan.lookAgain().get().toNanos());
      json.writeNumberField("lookAgain", micros);
    }
    json.writeBooleanField("reports", plan.report());
  }

  private static String numbers(Write write) {
    var changes =
        write
            .over()
            .filter(_ -> write.resource().equals(Resource.STATEFUL_SETS))
            .map(stored -> SetWords.changes(stored.content(), write.rendered()))
            .orElse(List.of());
    return changes.isEmpty() ? "" : ": " + String.join(", ", changes);
  }

  private String words(int ordinal, PeerChange change) {
    var peer = named(change.address());
    return switch (change) {
      case PeerChange.Add _ -> "node " + ordinal + " shall list " + peer;
      case PeerChange.Remove _ -> "node " + ordinal + " shall not list " + peer;
    };
  }

  private String named(String address) {
    return PeerAddress.parse(address)
        .map(ordinals.get()::get)
        .map(ordinal -> address + " (node " + ordinal + ")")
        .orElse(address);
  }

  private static void difference(
      String lane, int node, String target, String words, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("lane", lane);
    if (node >= 0) {
      json.writeNumberField("node", node);
    }
    if (!target.isEmpty()) {
      ObservationRecording.text("target", target, json);
    }
    ObservationRecording.text("words", words, json);
    json.writeEndObject();
  }

  private static void condition(Condition condition, JsonGenerator json) throws IOException {
    json.writeStartObject();
    ObservationRecording.text("type", condition.type(), json);
    json.writeStringField("status", condition.holds() ? "True" : "False");
    ObservationRecording.text("reason", condition.reason(), json);
    ObservationRecording.text("message", condition.message(), json);
    json.writeEndObject();
  }
}
