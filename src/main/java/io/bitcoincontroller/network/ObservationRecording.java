package io.bitcoincontroller.network;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.mesh.CustomLinks;
import io.bitcoincontroller.mesh.Links.Dial;
import io.bitcoincontroller.mesh.Links.Link;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.plan.Child;
import io.bitcoincontroller.plan.NodeView;
import io.bitcoincontroller.plan.Observation;
import io.bitcoincontroller.plan.Plan;
import io.bitcoincontroller.recorder.Recorder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/** What the flight recorder gets of an observation. */
final class ObservationRecording {
  /** Entries of one list; nobody looks at more. */
  private static final int MOST_LISTED = 128;

  private static final String STATEFUL_SET = Resource.STATEFUL_SETS.kind();

  private static final Comparator<Link> BY_ORDINALS =
      Comparator.comparingInt(Link::low).thenComparingInt(Link::high);

  private final Observation seen;
  private final Plan plan;

  /** Ordinals by the address of their pod; made when the first address is told. */
  private final Map<PeerAddress, Integer> ordinals = new HashMap<>();

  ObservationRecording(Observation seen, Plan plan) {
    this.seen = seen;
    this.plan = plan;
  }

  Map<PeerAddress, Integer> ordinals() {
    if (ordinals.isEmpty()) {
      seen.live().forEach((ordinal, address) -> ordinals.put(address, ordinal));
    }
    return ordinals;
  }

  void write(JsonGenerator json) throws IOException {
    json.writeNumberField("generation", seen.network().metadata().generation());
    json.writeStringField("topology", seen.network().spec().topology().toString());
    var nodes = plan.status().nodes().size();
    json.writeArrayFieldStart("nodes");
    for (var node : plan.status().nodes()) {
      json.writeStartObject();
      json.writeNumberField("ordinal", node.ordinal());
      json.writeBooleanField("ready", node.ready());
      node(node.ordinal(), json);
      text("shallList", spans(seen.wiring().listed(node.ordinal(), nodes)), json);
      json.writeEndObject();
    }
    json.writeEndArray();
    sides(json);
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
        var added = info.addedNodes();
        for (var entry : added.subList(0, Math.min(added.size(), MOST_LISTED))) {
          json.writeString(Recorder.cut(entry));
        }
        json.writeEndArray();
      }
    }
  }

  /** A side of a partition, or a part of a graph that no link joins with the others. */
  private void sides(JsonGenerator json) throws IOException {
    if (seen.chain().sides().several()) {
      json.writeArrayFieldStart("sides");
      for (var side : seen.chain().sides().all()) {
        json.writeString(spans(side));
      }
      json.writeEndArray();
    }
  }

  /** Each goes from the node that has dialled, or shall dial. */
  private void links(JsonGenerator json) throws IOException {
    var links = plan.mesh().links();
    var dialled = links.dialled();
    var due = new HashMap<Link, Dial>();
    for (var dial : links.dials()) {
      due.put(dial.link(), dial);
    }
    var wanted = new ArrayList<>(links.wanted());
    wanted.sort(BY_ORDINALS);
    json.writeArrayFieldStart("links");
    for (var link : wanted) {
      var up = new Dial(link.low(), link.high());
      var down = new Dial(link.high(), link.low());
      var dial = due.getOrDefault(link, dialled.contains(up) ? up : down);
      var state = plan.mesh().dials().contains(dial) ? "dialling" : "missing";
      var both = dialled.contains(up) && dialled.contains(down);
      link(dial.from(), dial.to(), links.up().contains(link) ? "up" : state, both, json);
    }
    for (var close : plan.mesh().closes()) {
      var to = PeerAddress.parse(close.address()).map(ordinals()::get);
      link(close.from(), to.orElse(-1), "unwanted", false, json);
    }
    json.writeEndArray();
  }

  private void link(int from, int to, String state, boolean both, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    json.writeNumberField("from", from);
    json.writeNumberField("to", to);
    json.writeStringField("state", state);
    if (both) {
      json.writeBooleanField("both", true);
    }
    if (seen.network().spec().topology() instanceof CustomLinks custom
        && custom.oneWay().contains(new Dial(from, to))) {
      json.writeBooleanField("oneWay", true);
    }
    json.writeEndObject();
  }

  /** Ordinals in few letters: {@code 0-2,5}. */
  private static String spans(Collection<Integer> ordinals) {
    var sorted = new ArrayList<>(ordinals);
    sorted.sort(null);
    var spans = new StringJoiner(",");
    for (var from = 0; from < sorted.size(); ) {
      var to = from;
      while (to + 1 < sorted.size() && sorted.get(to + 1) == sorted.get(to) + 1) {
        to++;
      }
      spans.add(from == to ? "" + sorted.get(from) : sorted.get(from) + "-" + sorted.get(to));
      from = to + 1;
    }
    return spans.toString();
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
    child(STATEFUL_SET, seen.statefulSet(), json);
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
      case Child.Ours(var object) -> {
        json.writeStringField("state", "ours");
        if (what.equals(STATEFUL_SET)) {
          json.writeStringField("words", SetWords.of(object.content()));
        }
      }
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

  static void text(String name, String text, JsonGenerator json) throws IOException {
    if (!text.isEmpty()) {
      json.writeStringField(name, Recorder.cut(text));
    }
  }
}
