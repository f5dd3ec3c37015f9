package io.bitcoincontroller.plan;

import io.bitcoincontroller.api.Condition;
import io.bitcoincontroller.api.NodeStatus;
import io.bitcoincontroller.api.Status;
import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.mesh.Declared.Reach;
import io.bitcoincontroller.mesh.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The status of a network, as one pass found it. */
final class StatusOf {
  /** People read the messages: they name so many nodes at most. */
  private static final int MOST_NAMES = 5;

  /** Reason of {@code Synced=False} while nodes fetch blocks. */
  static final String BEHIND = "BestBlocksDiffer";

  /** Reason of {@code Synced=False} when only nodes that refuse the tallest chain are behind. */
  static final String JUDGED_INVALID = "ChainJudgedInvalid";

  /** Reason of {@code Synced=False} while no wanted link joins some of the nodes. */
  static final String PARTITIONED = "Partitioned";

  private final Observation seen;
  private final MeshPlan mesh;
  private final Rollout rollout;
  private final Optional<Trouble> trouble;
  private final String name;

  private StatusOf(Observation seen, MeshPlan mesh, Rollout rollout, Optional<Trouble> trouble) {
    this.seen = seen;
    this.mesh = mesh;
    this.rollout = rollout;
    this.trouble = trouble;
    this.name = seen.network().metadata().name();
  }

  /**
   * The status that this pass found.
   *
   * @param trouble what keeps the children from being as wanted
   */
  static Status of(Observation seen, MeshPlan mesh, Rollout rollout, Optional<Trouble> trouble) {
    return new StatusOf(seen, mesh, rollout, trouble).status();
  }

  /** The same status, with a remark at the end of Ready's message. */
  static Status remarked(Status status, String remark) {
    var conditions =
        status.conditions().stream()
            .map(
                c ->
                    c.type().equals(Condition.READY)
                        ? new Condition(
                            c.type(), c.holds(), c.reason(), c.message() + "; " + remark)
                        : c)
            .toList();
    return new Status(
        status.nodes(),
        status.replicas(),
        status.readyReplicas(),
        status.selector(),
        status.height(),
        status.tips(),
        status.observedGeneration(),
        conditions);
  }

  private Status status() {
    var nodes = IntStream.range(0, seen.network().spec().nodes()).mapToObj(this::node).toList();
    return new Status(
        nodes,
        seen.pods().size() + seen.chain().unseen().size(),
        (int) nodes.stream().filter(NodeStatus::ready).count(),
        Names.podSelector(name),
        lowest(),
        tips(),
        seen.network().metadata().generation(),
        List.of(ready(), meshed(), synced()));
  }

  private NodeStatus node(int ordinal) {
    var pod = Optional.ofNullable(seen.pods().get(ordinal));
    var podName = Names.pod(name, ordinal);
    var address =
        seen.chain().unseen().containsKey(ordinal)
            ? seen.lastAddress(ordinal)
            : pod.filter(Pod::live).map(p -> p.status().podIP()).orElse("");
    return new NodeStatus(
        ordinal,
        seen.ready(ordinal),
        address,
        podName,
        podName + "." + Names.service(name),
        address.isEmpty() ? Optional.empty() : answer(ordinal),
        seen.ready(ordinal)
            && seen.views().get(ordinal) instanceof NodeView.Answered
            && mesh.complete(ordinal, seen));
  }

  private Optional<NodeStatus.Answer> answer(int ordinal) {
    return seen.views().get(ordinal) instanceof NodeView.Answered(NodeInfo info)
        ? Optional.of(
            new NodeStatus.Answer(info.height(), info.bestBlockHash(), info.peers().size()))
        : stored(ordinal);
  }

  /** The height that the pod last reported, even if its address has changed since. */
  private Optional<NodeStatus.Answer> stored(int ordinal) {
    var entry = seen.network().status().path("nodes").path(ordinal);
    var stored = Optional.of(entry.path("height").asLong()).filter(_ -> entry.has("height"));
    return Optional.ofNullable(seen.chain().heights().get(ordinal))
        .or(() -> stored.filter(_ -> seen.chain().unseen().containsKey(ordinal)))
        .map(
            height ->
                new NodeStatus.Answer(
                    height,
                    stored.equals(Optional.of(height)) ? entry.path("bestBlockHash").asText() : "",
                    entry.path("peers").asInt()));
  }

  private OptionalLong lowest() {
    return NodeView.heights(seen.views()).values().stream().mapToLong(height -> height).min();
  }

  private OptionalInt tips() {
    var tips = (int) answers().map(NodeInfo::bestBlockHash).distinct().count();
    return tips == 0 ? OptionalInt.empty() : OptionalInt.of(tips);
  }

  private Condition ready() {
    if (trouble.isPresent()) {
      var held = seen.held().waits().map(why -> "; " + why.message()).orElse("");
      return no(Condition.READY, trouble.get().and(held));
    }
    var remark = remembered();
    return seen.held()
        .waits()
        .or(this::notReady)
        .or(rollout::waits)
        .map(why -> no(Condition.READY, why.and(remark)))
        .orElseGet(
            () -> new Condition(Condition.READY, true, well(), "all nodes are ready" + remark));
  }

  /** The reason shows a Secret that can't be had; the nodes work without it. */
  private String well() {
    return seen.secret() instanceof SecretState.Remembered(_, Trouble why)
        ? why.reason()
        : "AllNodesReady";
  }

  private String remembered() {
    return seen.secret() instanceof SecretState.Remembered(_, Trouble why)
        ? "; the nodes go on with the user and password that they have: " + why.message()
        : "";
  }

  private Condition meshed() {
    if (MeshPlan.tooLarge(seen)) {
      return no(Condition.MESHED, MeshPlan.TOO_MANY_NODES);
    }
    var cause = secretTrouble().or(this::notReady).or(rollout::waits).or(this::unreachable);
    if (cause.isPresent()) {
      return no(Condition.MESHED, cause.get());
    }
    var links = mesh.links();
    var words = new WiringWords(seen, mesh);
    var count =
        words.partitions()
            + (links.wanted().isEmpty()
                ? "no links are needed"
                : links.up().size() + " of " + links.wanted().size() + " links are up");
    var unlisted = names(ordinal -> !mesh.listed(ordinal));
    if (!unlisted.isEmpty() || !links.dials().isEmpty() || !words.isAsDeclared()) {
      return no(
          Condition.MESHED,
          new Trouble("Linking", linking(count, unlisted) + words.remarks() + unreached()));
    }
    var fragile =
        seen.topology() == Topology.SPARSE ? 0 : MeshPlan.keptByControllerOnly(seen, links.up());
    return new Condition(
        Condition.MESHED,
        true,
        "Complete",
        (fragile == 0
                ? count
                : count
                    + ", "
                    + fragile
                    + " of them re-dialled by the controller only: bitcoind keeps "
                    + Topology.KEPT_BY_BITCOIND
                    + " entries of a list alive"
                    + (seen.topology() == Topology.FULL_MESH
                        ? "; spec.topology Sparse needs no more"
                        : ""))
            + words.remarks()
            + unreached());
  }

  /** The mesh is complete without declared peers: the controller can't start them. */
  private String unreached() {
    var missing =
        mesh.declared().missing().stream().collect(Collectors.groupingBy(reach -> reach.to()));
    var peers =
        mesh.declared().peers().stream()
            .filter(missing::containsKey)
            .map(peer -> peer + " (by " + some(missing.getOrDefault(peer, List.of())) + ")")
            .toList();
    if (peers.isEmpty()) {
      return "";
    }
    return "; "
        + peers.size()
        + " of "
        + mesh.declared().peers().size()
        + " declared peers are not reached: "
        + list(peers);
  }

  private String some(List<Reach> reaches) {
    return reaches.size() == 1
        ? Names.pod(name, reaches.getFirst().from())
        : reaches.size() + " nodes";
  }

  private String linking(String count, List<String> unlisted) {
    var lists = unlisted.isEmpty() ? "" : "; lists not as wanted yet: " + list(unlisted);
    var down =
        mesh.links().dials().stream()
            .map(dial -> Names.pod(name, dial.from()) + " to " + Names.pod(name, dial.to()))
            .toList();
    return count + (down.isEmpty() ? "" : "; down: " + list(down)) + lists;
  }

  private Condition synced() {
    var someReady = seen.nodes() == 0 || seen.views().keySet().stream().anyMatch(seen::ready);
    var cause =
        secretTrouble().or(() -> someReady ? unreachable() : notReady().or(this::unreachable));
    if (cause.isPresent()) {
      return no(Condition.SYNCED, cause.get());
    }
    if (seen.sides().several()) {
      return no(Condition.SYNCED, new Trouble(PARTITIONED, sides()));
    }
    var others = notOnTheTallest(seen.views());
    if (!others.isEmpty()) {
      return behind(others);
    }
    return initialDownload()
        .map(why -> no(Condition.SYNCED, why))
        .orElseGet(
            () ->
                new Condition(
                    Condition.SYNCED,
                    true,
                    "OneBestBlock",
                    "all ready nodes are on one best block"));
  }

  /** The nodes that have another best block than the tallest of these. */
  private List<String> notOnTheTallest(Map<Integer, NodeView> views) {
    var tallest = NodeView.tallest(views).map(ordinal -> bestBlock(views, ordinal));
    return names(
        ordinal ->
            views.get(ordinal) instanceof NodeView.Answered(NodeInfo info)
                && !tallest.equals(Optional.of(info.bestBlockHash())));
  }

  private static String bestBlock(Map<Integer, NodeView> views, int ordinal) {
    return views.get(ordinal) instanceof NodeView.Answered(NodeInfo info)
        ? info.bestBlockHash()
        : "";
  }

  /** The height and the tip of each side. */
  private String sides() {
    var sides = new ArrayList<String>();
    for (var side : seen.sides().all()) {
      var views = new TreeMap<>(seen.views());
      views.keySet().retainAll(side);
      var tallest = NodeView.tallest(views);
      var tip =
          tallest
              .map(
                  ordinal ->
                      "height "
                          + NodeView.heights(views).get(ordinal)
                          + ", tip "
                          + bestBlock(views, ordinal))
              .orElse("no answer");
      var behind = notOnTheTallest(views);
      sides.add(
          WiringWords.nodes(side)
              + " ("
              + tip
              + (behind.isEmpty() ? "" : "; not there yet: " + list(behind))
              + ")");
    }
    return sides.size() + " sides get no blocks from each other: " + list(sides);
  }

  private Condition behind(List<String> others) {
    var judged = judged();
    if (judged.size() == others.size()) {
      return no(Condition.SYNCED, new Trouble(JUDGED_INVALID, judgement(judged)));
    }
    var which = "not on the tallest chain's best block: " + list(others);
    var message = judged.isEmpty() ? which : which + "; " + judgement(judged);
    return no(Condition.SYNCED, new Trouble(BEHIND, message));
  }

  /** The names of the nodes that judged a block of the tallest chain invalid. */
  private List<String> judged() {
    return names(seen.judged()::containsKey);
  }

  private String judgement(List<String> judged) {
    return list(judged)
        + " judged the tallest chain invalid (invalidateblock?) and are let alone: bitcoin-cli"
        + " reconsiderblock "
        + new TreeSet<>(seen.judged().values()).first()
        + " takes it back there";
  }

  private Optional<Trouble> initialDownload() {
    var nodes =
        names(
            ordinal ->
                seen.views().get(ordinal) instanceof NodeView.Answered(NodeInfo info)
                    && info.initialBlockDownload());
    return nodes.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Trouble(
                "InitialBlockDownload",
                "in initial block download, in which bitcoind relays no transactions: "
                    + list(nodes)
                    + "; it ends when all blocks are read and the last one is younger than"
                    + " maxtipage: mine one, or take maxtipage out of spec.config"));
  }

  private Stream<NodeInfo> answers() {
    return seen.views().values().stream()
        .filter(NodeView.Answered.class::isInstance)
        .map(view -> ((NodeView.Answered) view).info());
  }

  /** Nodes that answer, with credentials of before, tell more than the Secret. */
  private Optional<Trouble> secretTrouble() {
    return seen.views().isEmpty() && seen.secret() instanceof SecretState.Unavailable(Trouble why)
        ? Optional.of(why)
        : Optional.empty();
  }

  private Optional<Trouble> notReady() {
    var missing =
        IntStream.range(0, seen.nodes())
            .filter(ordinal -> !seen.ready(ordinal))
            .mapToObj(ordinal -> Names.pod(name, ordinal) + obstacle(ordinal))
            .toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(new Trouble(Condition.WAITING, "waiting for " + list(missing)));
  }

  private String obstacle(int ordinal) {
    var pod = Optional.ofNullable(seen.pods().get(ordinal));
    var why = pod.isPresent() ? pod.flatMap(Pod::obstacle) : unmade(ordinal);
    return why.map(words -> " (" + words + ")").orElseGet(() -> why(ordinal));
  }

  /** Said of the first missing pod only: the others are missing for the same reason. */
  private Optional<String> unmade(int ordinal) {
    var first = seen.missing().stream().findFirst();
    return seen.refused().or(this::lacking).filter(_ -> first.equals(Optional.of(ordinal)));
  }

  private Optional<String> lacking() {
    return seen.statefulSet() instanceof Child.Ours(var stored) && seen.chain().lacksSome(stored)
        ? Optional.of(seen.chain().lacking(stored))
        : Optional.empty();
  }

  /** Ready nodes that gave no usable answer. */
  private Optional<Trouble> unreachable() {
    var refused = names(ordinal -> seen.views().get(ordinal) instanceof NodeView.Unauthorized);
    if (!refused.isEmpty() && rollout.waits().isPresent()) {
      // pods of the older revision have the older credentials
      return rollout.waits();
    }
    if (!refused.isEmpty()) {
      return Optional.of(
          new Trouble(
              "CredentialsRefused",
              "the Secret's user and password are not those of "
                  + list(refused)
                  + ", although its pod was made with them; delete the pod"
                  + (keepsBlocks() ? "" : " when another node has its blocks: they go with it")));
    }
    var silent = new ArrayList<String>();
    for (var ordinal = 0; ordinal < seen.nodes(); ordinal++) {
      var view = seen.views().get(ordinal);
      var heard = view instanceof NodeView.Answered || view instanceof NodeView.New;
      if (seen.ready(ordinal) && !heard) {
        silent.add(Names.pod(name, ordinal) + why(ordinal));
      }
    }
    return silent.isEmpty()
        ? Optional.empty()
        : Optional.of(new Trouble("NodesNotAnswering", "no RPC answer from " + list(silent)));
  }

  private boolean keepsBlocks() {
    return seen.statefulSet() instanceof Child.Ours(var stored)
        && seen.chain().free(seen.network(), stored);
  }

  private String why(int ordinal) {
    return seen.views().get(ordinal) instanceof NodeView.Silent(String why) ? " (" + why + ")" : "";
  }

  private List<String> names(IntPredicate which) {
    return IntStream.range(0, seen.nodes())
        .filter(which)
        .mapToObj(ordinal -> Names.pod(name, ordinal))
        .toList();
  }

  private static String list(List<String> names) {
    var shown = String.join(", ", names.subList(0, Math.min(names.size(), MOST_NAMES)));
    return names.size() <= MOST_NAMES
        ? shown
        : shown + " and " + (names.size() - MOST_NAMES) + " more";
  }

  private static Condition no(String type, Trouble why) {
    return new Condition(type, false, why.reason(), why.message());
  }
}
