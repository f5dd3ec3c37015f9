package io.bitcoincontroller.plan;

import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.mesh.Declared;
import io.bitcoincontroller.mesh.Declared.Reach;
import io.bitcoincontroller.mesh.Links;
import io.bitcoincontroller.mesh.Links.Close;
import io.bitcoincontroller.mesh.Links.Dial;
import io.bitcoincontroller.mesh.Links.Link;
import io.bitcoincontroller.mesh.ListStep;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.mesh.PeerChange;
import io.bitcoincontroller.mesh.Topology;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that is to be done about the mesh, and how far it is.
 *
 * @param changes to the added-node lists of the nodes that answered, by ordinal; no list is empty
 * @param later ordinals of the nodes whose lists get more entries in a later pass: see {@link
 *     ListStep}
 * @param first dials of entries that {@code changes} adds: an entry is added when its dial has
 *     ended
 * @param links which are wanted, up, to be dialled
 * @param declared which nodes have reached which declared peers
 * @param dials those of {@code links} and of {@code first} that may be tried now
 * @param reaches the missing ones of {@code declared} that may be tried now
 * @param closes connections that are to be ended
 * @param reconnected nodes that shall ask other peers for blocks: some of {@code closes} are for
 *     them, if they have such connections
 */
public record MeshPlan(
    Map<Integer, List<PeerChange>> changes,
    Set<Integer> later,
    Set<Dial> first,
    Links links,
    Declared declared,
    List<Dial> dials,
    List<Reach> reaches,
    List<Close> closes,
    Set<Integer> reconnected) {
  static final Trouble TOO_MANY_NODES =
      new Trouble(
          "TooManyNodes",
          "a FullMesh has at most "
              + Topology.LARGEST_FULL_MESH
              + " nodes; set spec.topology to Sparse");

  /** Nothing is wanted, and there is nothing to do. */
  static final MeshPlan NONE =
      new MeshPlan(
          Map.of(),
          Set.of(),
          Set.of(),
          new Links(Set.of(), Set.of(), List.of(), Set.of(), List.of()),
          new Declared(List.of(), Set.of(), List.of()),
          List.of(),
          List.of(),
          List.of(),
          Set.of());

  static MeshPlan of(Observation seen) {
    if (tooLarge(seen)) {
      return NONE;
    }
    var live = seen.live();
    var declared = OwnNames.declared(seen.network(), live.values());
    var peers = new HashMap<Integer, List<Links.Peer>>();
    seen.views()
        .forEach(
            (ordinal, view) -> {
              if (view instanceof NodeView.Answered(NodeInfo info)) {
                peers.put(ordinal, connections(info));
              } else if (view instanceof NodeView.New) {
                peers.put(ordinal, List.of());
              }
            });
    var survey =
        new Links.Survey(seen.wiring(), seen.nodes(), live, declared, peers, seen.passive());
    var links = Links.read(survey);
    var lists = Lists.of(seen, survey, links);
    var reach = Declared.read(survey);
    var reconnects = Reconnect.of(seen, links.up());
    var closes = new LinkedHashSet<Close>();
    reconnects.values().forEach(closes::addAll); // first, since the plan counts on them
    closes.addAll(links.closes());
    var dials = new LinkedHashSet<>(links.dials());
    dials.addAll(lists.dials());
    return new MeshPlan(
        lists.changes(),
        lists.later(),
        lists.dials(),
        links,
        reach,
        dials.stream().filter(dial -> !seen.restingDials().contains(dial)).toList(),
        reach.missing().stream().filter(each -> !seen.restingReaches().contains(each)).toList(),
        List.copyOf(closes),
        Set.copyOf(reconnects.keySet()));
  }

  static boolean tooLarge(Observation seen) {
    return seen.network().spec().topology() == Topology.FULL_MESH
        && seen.network().spec().nodes() > Topology.LARGEST_FULL_MESH;
  }

  private static List<Links.Peer> connections(NodeInfo info) {
    return info.peers().stream()
        .map(
            peer ->
                new Links.Peer(
                    peer.id(), peer.address(), peer.inbound(), peer.version(), peer.manual()))
        .toList();
  }

  /** Whether this pass has anything to do. */
  boolean changesAnything() {
    return !changes.isEmpty() || !dials.isEmpty() || !closes.isEmpty();
  }

  /** Whether a node that answered has its wanted list and all its wanted links. */
  boolean complete(int ordinal, Observation seen) {
    return !tooLarge(seen)
        && seen.views().entrySet().stream()
            .filter(other -> !(other.getValue() instanceof NodeView.Answered))
            .noneMatch(other -> seen.wiring().links(ordinal, other.getKey(), seen.nodes()))
        && listed(ordinal)
        && links.dials().stream().noneMatch(dial -> dial.from() == ordinal || dial.to() == ordinal);
  }

  /** Whether a node that answered has its wanted list. */
  boolean listed(int ordinal) {
    return !changes.containsKey(ordinal) && !later.contains(ordinal);
  }

  /**
   * How many of these links only the controller would dial again: bitcoind keeps only the first
   * eight entries of a list alive.
   */
  static int keptByControllerOnly(Observation seen, Set<Link> up) {
    var live = seen.live();
    var dialled = new HashSet<Dial>();
    seen.views()
        .forEach(
            (from, view) -> {
              if (view instanceof NodeView.Answered(NodeInfo info)) {
                var kept = firstEntries(info);
                live.forEach(
                    (to, address) -> {
                      if (kept.contains(address)) {
                        dialled.add(new Dial(from, to));
                      }
                    });
              }
            });
    return (int)
        up.stream()
            .filter(link -> !dialled.contains(new Dial(link.low(), link.high())))
            .filter(link -> !dialled.contains(new Dial(link.high(), link.low())))
            .count();
  }

  private static Set<PeerAddress> firstEntries(NodeInfo info) {
    var first = new HashSet<PeerAddress>();
    info.addedNodes().stream()
        .limit(Topology.KEPT_BY_BITCOIND)
        .forEach(entry -> PeerAddress.parse(entry).ifPresent(first::add));
    return first;
  }
}
