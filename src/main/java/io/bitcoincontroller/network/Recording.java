package io.bitcoincontroller.network;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bitcoincontroller.api.Condition;
import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.mesh.Links.Dial;
import io.bitcoincontroller.mesh.Links.Link;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.mesh.PeerChange;
import io.bitcoincontroller.plan.Child;
import io.bitcoincontroller.plan.NodeView;
import io.bitcoincontroller.plan.Observation;
import io.bitcoincontroller.plan.Plan;
import io.bitcoincontroller.recorder.Recorder;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What the flight recorder gets of one pass: what it saw, and what it wants to do about it. */
final class Recording {
  /** Entries of one list; nobody looks at more. */
  private static final int MOST_LISTED = 128;

  private static final Comparator<Link> BY_ORDINALS =
      Comparator.comparingInt(Link::low).thenComparingInt(Link::high);

  private final Observation seen;
  private final Plan plan;

  /** Ordinals by the address of their pod. */
  private final Map<PeerAddress, Integer> ordinals = new HashMap<>();

  private Recording(Observation seen, Plan plan) {
    this.seen = seen;
    this.plan = plan;
    seen.live().forEach((ordinal, address) -> ordinals.put(address, ordinal));
  }

  static void of(Recorder recorder, Observation seen, Plan plan) {
    if (recorder.isOn()) {
      var recording = new Recording(seen, plan);
      var network = seen.network().metadata().key().toString();
      recorder.recordNews("observed", network, recording::observed);
      recorder.recordNews("plan", network, recording::planned);
    }
  }

  private void observed(JsonGenerator json) throws IOException {
    json.writeNumberField("generation", seen.network().metadata().generation());
    json.writeStringField("topology", seen.network().spec().topology().toString());
    json.writeArrayFieldStart("nodes");
    for (var node : plan.status().nodes()) {
      json.writeStartObject();
      json.writeNumberField("ordinal", node.ordinal());
      json.writeBooleanField("ready", node.ready());
      node(node.ordinal(), json);
      json.writeEndObject();
    }
    json.writeEndArray();
    links(json);
    declared(json);
    children(json);
  }

  private void node(int ordinal, JsonGenerator json) throws IOException {
    var pod = Optional.ofNullable(seen.pods().get(ordinal));
    if (pod.isPresent()) {
      json.writeStringField("pod", pod.get().metadata().name());
      json.writeStringField("address", pod.get().status().podIP());
    }
    switch (seen.views().get(ordinal)) {
      case null -> {
        json.writeStringField("state", pod.isPresent() ? "not-ready" : "absent");
        text("words", pod.flatMap(each -> each.obstacle()).orElse(""), json);
      }
      case NodeView.New() -> json.writeStringField("state", "new");
      case NodeView.Unauthorized() -> json.writeStringField("state", "unauthorized");
      case NodeView.Silent(var why) -> {
        json.writeStringField("state", "silent");
        text("words", why, json);
      }
      case NodeView.Answered(NodeInfo info) -> {
        json.writeStringField("state", "up");
        json.writeNumberField("height", info.height());
        text("best", info.bestBlockHash(), json);
        json.writeNumberField("peers", info.peers().size());
        json.writeArrayFieldStart("listed");
        for (var entry : info.addedNodes().stream().limit(MOST_LISTED).toList()) {
          json.writeString(Recorder.cut(entry));
        }
        json.writeEndArray();
      }
    }
  }

  private void links(JsonGenerator json) throws IOException {
    var links = plan.mesh().links();
    var dialled = plan.mesh().dials().stream().map(Dial::link).collect(Collectors.toSet());
    json.writeArrayFieldStart("links");
    for (var link : links.wanted().stream().sorted(BY_ORDINALS).toList()) {
      var missing = dialled.contains(link) ? "dialling" : "missing";
      link(link.low(), link.high(), links.up().contains(link) ? "up" : missing, json);
    }
    for (var close : plan.mesh().closes()) {
      var to = PeerAddress.parse(close.address()).map(ordinals::get);
      link(close.from(), to.orElse(-1), "unwanted", json);
    }
    json.writeEndArray();
  }

  private static void link(int from, int to, String state, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("from", from);
    json.writeNumberField("to", to);
    json.writeStringField("state", state);
    json.writeEndObject();
  }

  private void declared(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("declared");
    for (var reach : plan.mesh().declared().reached()) {
      declared(reach.from(), reach.to(), true, json);
    }
    for (var reach : plan.mesh().declared().missing()) {
      declared(reach.from(), reach.to(), false, json);
    }
    json.writeEndArray();
  }

  private static void declared(int node, PeerAddress peer, boolean up, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    json.writeNumberField("node", node);
    text("peer", peer.toString(), json);
    json.writeBooleanField("up", up);
    json.writeEndObject();
  }

  private void children(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("children");
    child("Service", seen.service(), json);
    child("StatefulSet", seen.statefulSet(), json);
    if (seen.oldConfigMap().isPresent()) {
      child("ConfigMap", seen.oldConfigMap().get(), json);
    }
    if (seen.budget().isPresent()) {
      child("PodDisruptionBudget", seen.budget().get().child(), json);
    }
    json.writeEndArray();
  }

  private static void child(String what, Child child, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("what", what);
    switch (child) {
      case Child.Absent _ -> json.writeStringField("state", "absent");
      case Child.Ours _ -> json.writeStringField("state", "ours");
      case Child.Foreign(_, var owner) -> {
        json.writeStringField("state", "foreign");
        text("words", owner, json);
      }
      case Child.Leftover _ -> json.writeStringField("state", "leftover");
      case Child.Orphaned _ -> json.writeStringField("state", "orphaned");
      case Child.Unreadable(var why) -> {
        json.writeStringField("state", "unreadable");
        text("words", why, json);
      }
    }
    json.writeEndObject();
  }

  private void planned(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("differences");
    if (plan.makeSecret().isPresent()) {
      difference("objects", -1, "Secret", "there is no Secret: one is made", json);
    }
    for (var write : plan.writes()) {
      var what = write.resource().kind() + " " + write.key().name();
      var why = write.creates() ? " is not there" : " is not as it shall be";
      var words = what + (write.removes() ? " is not wanted any more" : why);
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

  private String words(int ordinal, PeerChange change) {
    var peer = named(change.address());
    return switch (change) {
      case PeerChange.Add _ -> "node " + ordinal + " shall list " + peer;
      case PeerChange.Remove _ -> "node " + ordinal + " shall not list " + peer;
    };
  }

  private String named(String address) {
    return PeerAddress.parse(address)
        .map(ordinals::get)
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
      text("target", target, json);
    }
    text("words", words, json);
    json.writeEndObject();
  }

  private static void condition(Condition condition, JsonGenerator json) throws IOException {
    json.writeStartObject();
    text("type", condition.type(), json);
    json.writeStringField("status", condition.holds() ? "True" : "False");
    text("reason", condition.reason(), json);
    text("message", condition.message(), json);
    json.writeEndObject();
  }

  private static void text(String name, String text, JsonGenerator json) throws IOException {
    if (!text.isEmpty()) {
      json.writeStringField(name, Recorder.cut(text));
    }
  }
}
