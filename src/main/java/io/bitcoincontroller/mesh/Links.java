package io.bitcoincontroller.mesh;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The wanted links of a network that are up, those to be dialled, and the connections to be closed.
 *
 * @param wanted links between nodes that can be reached now
 * @param up those of them that are up
 * @param dials one for each wanted link that is down
 * @param dialled the connections between the nodes whose handshake is done, by the side that
 *     dialled; not those that the wiring forbids
 * @param closes connections that the wiring forbids; connections to addresses that are not of this
 *     network, or not wanted any more; and each second one of a node to the same other
 */
public record Links(
    Set<Link> wanted, Set<Link> up, List<Dial> dials, Set<Dial> dialled, List<Close> closes) {
  /**
   * An unordered pair of ordinals.
   *
   * @param low the lower one
   */
  public record Link(int low, int high) {
    public static Link of(int one, int other) {
      return new Link(Math.min(one, other), Math.max(one, other));
    }
  }

  /** {@code from} shall try {@code to} once, at once. */
  public record Dial(int from, int to) {
    public Link link() {
      return Link.of(from, to);
    }

    Dial reversed() {
      return new Dial(to, from);
    }
  }

  /**
   * A connection to be ended.
   *
   * @param peerId bitcoind's number of the connection, never used twice
   */
  public record Close(int from, long peerId, String address) {}

  /**
   * One connection as {@code getpeerinfo} shows it.
   *
   * @param address as dialled, or the source address of an inbound one
   * @param version 0 until the handshake is done: a frozen peer stays there
   * @param manual dialled by {@code addnode}; what bitcoind picked itself is closed only where the
   *     wiring forbids it
   */
  public record Peer(long id, String address, boolean inbound, int version, boolean manual) {}

  /**
   * A network as one pass saw it.
   *
   * @param wiring which links are wanted
   * @param nodes how many it shall have
   * @param live addresses of all pods that have one, by ordinal, ready or not
   * @param declared addresses whose connections are the user's; none is of this network
   * @param peers connections of each node that can be called, by ordinal
   * @param passive nodes that we can't call, and others can dial; no link is wanted with a node
   *     that is in neither {@code peers} nor this
   */
  public record Survey(
      Wiring wiring,
      int nodes,
      Map<Integer, PeerAddress> live,
      Set<PeerAddress> declared,
      Map<Integer, List<Peer>> peers,
      Set<Integer> passive) {}

  public static Links read(Survey survey) {
    var ordinals = new HashMap<PeerAddress, Integer>();
    survey.live().forEach((ordinal, address) -> ordinals.put(address, ordinal));
    var dialled = new HashSet<Dial>();
    survey
        .peers()
        .forEach(
            (from, list) ->
                list.stream()
                    .filter(peer -> !peer.inbound() && peer.version() > 0)
                    .flatMap(peer -> nodeAt(peer, ordinals).stream())
                    .filter(to -> !survey.wiring().forbids(from, to))
                    .forEach(to -> dialled.add(new Dial(from, to))));
    var wanted = new LinkedHashSet<Link>();
    var up = new LinkedHashSet<Link>();
    var dials = new ArrayList<Dial>();
    for (var dial : wantedDials(survey)) {
      wanted.add(dial.link());
      if (dialled.contains(dial) || dialled.contains(dial.reversed())) {
        up.add(dial.link());
      } else {
        dials.add(dial);
      }
    }
    var complete = dials.isEmpty() && survey.peers().size() == survey.nodes();
    return new Links(
        Set.copyOf(wanted),
        Set.copyOf(up),
        List.copyOf(dials),
        Collections.unmodifiableSet(dialled),
        closes(survey, ordinals, dialled, complete));
  }

  private static Optional<Integer> nodeAt(Peer peer, Map<PeerAddress, Integer> ordinals) {
    return PeerAddress.parse(peer.address()).flatMap(at -> Optional.ofNullable(ordinals.get(at)));
  }

  private static List<Dial> wantedDials(Survey survey) {
    var linked = new TreeSet<>(survey.peers().keySet());
    linked.addAll(survey.passive());
    var dials = new ArrayList<Dial>();
    for (var dial : survey.wiring().dials(linked.headSet(survey.nodes()), survey.nodes())) {
      dialled(survey, dial).ifPresent(dials::add);
    }
    return dials;
  }

  /** By the side that we can call; nothing can be done about a link between two passive nodes. */
  private static Optional<Dial> dialled(Survey survey, Dial dial) {
    return Stream.of(dial, dial.reversed())
        .filter(either -> survey.peers().containsKey(either.from()))
        .filter(either -> !survey.wiring().forbids(either.from(), either.to()))
        .findFirst();
  }

  private static List<Close> closes(
      Survey survey, Map<PeerAddress, Integer> ordinals, Set<Dial> dialled, boolean complete) {
    var closes = new ArrayList<Close>();
    for (var node : new TreeMap<>(survey.peers()).entrySet()) {
      var kept = kept(node.getValue());
      for (var peer : node.getValue()) {
        if (peer.inbound()) {
          continue;
        }
        var from = node.getKey();
        var to = nodeAt(peer, ordinals);
        var forbidden = to.filter(other -> survey.wiring().forbids(from, other)).isPresent();
        var address = PeerAddress.parse(peer.address());
        var doubled =
            address.flatMap(at -> Optional.ofNullable(kept.get(at))).filter(id -> id != peer.id());
        var declared = address.filter(survey.declared()::contains).isPresent();
        var unwanted = !declared && unwanted(survey, from, to, dialled, complete);
        if (forbidden || (peer.manual() && (doubled.isPresent() || unwanted))) {
          closes.add(new Close(from, peer.id(), peer.address()));
        }
      }
    }
    return List.copyOf(closes);
  }

  /**
   * Of several connections to one address the oldest that is up stays, by its address. bitcoind
   * looks for one that is there before it dials: two dials at a time, its own and ours, both come
   * through. What stays keeps it from dialling again.
   */
  private static Map<PeerAddress, Long> kept(List<Peer> peers) {
    var kept = new HashMap<PeerAddress, Long>();
    peers.stream()
        .filter(peer -> !peer.inbound() && peer.version() > 0)
        .forEach(
            peer ->
                PeerAddress.parse(peer.address())
                    .ifPresent(at -> kept.merge(at, peer.id(), Math::min)));
    return kept;
  }

  private static boolean unwanted(
      Survey survey, int from, Optional<Integer> to, Set<Dial> dialled, boolean complete) {
    return to.isEmpty() || (complete && surplus(survey, new Dial(from, to.get()), dialled));
  }

  /**
   * Whether the wiring can do without a connection that is there. Asked only when all wanted links
   * are up: between two wirings the network must not fall apart.
   */
  private static boolean surplus(Survey survey, Dial dial, Set<Dial> dialled) {
    var nodes = survey.nodes();
    if (survey.wiring() == Topology.FULL_MESH || dial.from() >= nodes || dial.to() >= nodes) {
      return false;
    }
    var wanted = survey.wiring().listed(dial.from(), nodes).contains(dial.to());
    var wantedReversed = survey.wiring().listed(dial.to(), nodes).contains(dial.from());
    return !wanted && (!wantedReversed || dialled.contains(dial.reversed()));
  }
}
