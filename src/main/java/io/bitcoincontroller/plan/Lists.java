package io.bitcoincontroller.plan;

import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.mesh.Links;
import io.bitcoincontroller.mesh.Links.Dial;
import io.bitcoincontroller.mesh.ListStep;
import io.bitcoincontroller.mesh.Mesh;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.mesh.PeerChange;
import io.bitcoincontroller.mesh.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What becomes of all lists in this pass: each node's {@link ListStep}. A node dials its share of
 * the links. In a full mesh that leaves half of its list to bitcoind, which dials up to eight of
 * these by itself. If they are more than a few, the node dials them too: the connections are the
 * same in the end. In a mesh so large that there would be more, a node lists a few of them first,
 * and all others when its bitcoind has begun a round with these.
 *
 * @param changes to the lists, by ordinal; none is empty
 * @param dials that come before the changes
 * @param later ordinals of the nodes whose lists are not complete after the changes
 */
record Lists(Map<Integer, List<PeerChange>> changes, Set<Dial> dials, Set<Integer> later) {
  /** The others dial half of such a list; bitcoind would dial that half back by itself. */
  private static final int ALL_DIALLED = 2 * Topology.KEPT_BY_BITCOIND;

  /** Of the nodes that answered, and of those that are new: their lists are empty. */
  static Lists of(Observation seen, Links.Survey survey, Links links) {
    var changes = new TreeMap<Integer, List<PeerChange>>();
    var dials = new LinkedHashSet<Dial>();
    var later = new TreeSet<Integer>();
    var differences = differences(seen, survey);
    var shares = differences.isEmpty() ? Set.<Dial>of() : shares(seen);
    differences.forEach(
        (from, difference) -> {
          var node = new Node(from, seen, survey);
          var step =
              seen.rounds().begun().contains(from)
                  ? new ListStep(difference, List.of(), true) // it sees them a minute later
                  : ListStep.of(difference, node.free(), node.own(links, shares), node.room());
          if (!step.changes().isEmpty()) {
            changes.put(from, step.changes());
          }
          step.dials().forEach(to -> dials.add(new Dial(from, to)));
          if (!step.complete()) {
            later.add(from);
          }
        });
    return new Lists(changes, dials, later);
  }

  /** From each list to the wanted one; none is empty. */
  private static Map<Integer, List<PeerChange>> differences(Observation seen, Links.Survey survey) {
    var differences = new TreeMap<Integer, List<PeerChange>>();
    for (var from : survey.peers().keySet()) {
      var wanted = wanted(from, seen, survey.live());
      var difference =
          Mesh.diff(wanted, survey.declared(), listed(seen, from)).stream()
              .filter(change -> !listedAnyway(seen, from, change))
              .toList();
      if (!difference.isEmpty()) {
        differences.put(from, difference);
      }
    }
    return differences;
  }

  private static List<String> listed(Observation seen, int ordinal) {
    return seen.views().get(ordinal) instanceof NodeView.Answered(NodeInfo info)
        ? info.addedNodes()
        : List.of();
  }

  /**
   * In a full mesh a node that is not ready leaves the lists, as in the original controller.
   * Elsewhere it stays as long as its address does: a crash changes no other node's list.
   */
  private static List<PeerAddress> wanted(
      int ordinal, Observation seen, Map<Integer, PeerAddress> live) {
    var fullMesh = seen.topology() == Topology.FULL_MESH;
    var wanted = new ArrayList<PeerAddress>();
    for (var other : seen.wiring().listed(ordinal, seen.nodes())) {
      var address = live.get(other);
      var stays = seen.ready(other) || seen.chain().unseen().containsKey(other);
      if (address != null && (!fullMesh || stays)) {
        wanted.add(address);
      }
    }
    return wanted;
  }

  private static boolean listedAnyway(Observation seen, int ordinal, PeerChange change) {
    return change instanceof PeerChange.Add(String address)
        && seen.listedAnyway().getOrDefault(ordinal, Set.of()).contains(address);
  }

  /** One dial for each wanted link. */
  private static Set<Dial> shares(Observation seen) {
    var all = IntStream.range(0, seen.nodes()).boxed().toList();
    return Set.copyOf(seen.wiring().dials(new TreeSet<>(all), seen.nodes()));
  }

  /** What is known of one node whose list is not as wanted. */
  private record Node(int ordinal, Observation seen, Links.Survey survey) {
    /** Addresses that may be listed as they are. */
    Set<PeerAddress> free() {
      var free = new HashSet<>(survey.declared());
      survey.peers().getOrDefault(ordinal, List.of()).stream()
          .filter(peer -> !peer.inbound())
          .forEach(peer -> PeerAddress.parse(peer.address()).ifPresent(free::add));
      return free;
    }

    Map<PeerAddress, Integer> own(Links links, Set<Dial> shares) {
      var listed = seen.wiring().listed(ordinal, seen.nodes());
      var left = listed.stream().filter(to -> !shares.contains(new Dial(ordinal, to))).count();
      var all = left > ListStep.UNDIALLED && listed.size() <= ALL_DIALLED;
      var own = new HashMap<PeerAddress, Integer>();
      for (var to : listed) {
        var dial = new Dial(ordinal, to);
        var address = survey.live().get(to);
        if (address != null
            && links.wanted().contains(dial.link())
            && (all || shares.contains(dial))) {
          own.put(address, to);
        }
      }
      return own;
    }

    int room() {
      var undialled = new HashSet<PeerAddress>();
      listed(seen, ordinal).forEach(e -> PeerAddress.parse(e).ifPresent(undialled::add));
      undialled.removeAll(free());
      return ListStep.UNDIALLED - undialled.size();
    }
  }
}
