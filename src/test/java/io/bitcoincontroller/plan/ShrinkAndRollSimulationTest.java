package io.bitcoincontroller.plan;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.PodContainer;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.local.controllers.SetPlan;
import io.bitcoincontroller.local.controllers.SetPod;
import io.bitcoincontroller.local.controllers.SetSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The decisions against the rules of Kubernetes' StatefulSet controller, in any order of events:
 * whenever that takes a pod away, another one has all that it had. It may act by an older
 * StatefulSet for a while.
 *
 * <p>Not tried, since nobody could prevent it: that a pod that was let go gets new blocks before it
 * goes; that somebody else edits the template while a pod above a roll-out's partition alone has
 * new blocks; that a node fails before the controller has heard of its blocks; and that a node that
 * is kept while the network shrinks fails together with the process that has heard of it.
 */
class ShrinkAndRollSimulationTest {
  private static final int RUNS = 5000;
  private static final int EVENTS = 50;
  private static final int MOST_NODES = 5;

  /** By their number of nodes: to make one costs more than a pass. */
  private static final List<World> WORLDS =
      IntStream.rangeClosed(0, MOST_NODES).mapToObj(n -> new World("nodes: " + n)).toList();

  @Test
  void theLastHolderIsNeverTaken() {
    var seed = Long.getLong("seed", System.nanoTime());
    System.out.println("ShrinkAndRollSimulationTest: -Dseed=" + seed);
    var taken = 0;
    for (var run = 0; run < RUNS; run++) {
      taken += new Run(new Random(seed + run), seed + ", run " + run).play();
    }
    assertTrue(taken > RUNS, "pods were taken only " + taken + " times");
  }

  /** A pod, and what its bitcoind has. */
  private static final class Node {
    final String uid;
    final String revision;
    boolean ready;
    boolean terminating;
    boolean silent;
    boolean cut;
    boolean unreadable;
    long height;

    Node(String uid, String revision) {
      this.uid = uid;
      this.revision = revision;
    }
  }

  /** A StatefulSet. */
  private record Copy(int replicas, int partition, String template, long generation) {}

  private static final class Run {
    private final Random random;
    private final String seed;
    private final List<String> story = new ArrayList<>();
    private final TreeMap<Integer, Node> nodes = new TreeMap<>();

    /** What a process knows. */
    private final Map<String, Long> told = new HashMap<>();

    /** What the network's status has kept of it, by ordinal: the pod, and its height. */
    private Map<Integer, Map.Entry<String, Long>> status = Map.of();

    private int reported;
    private int wanted;
    private long specGeneration = 1;
    private int spec = 1;

    /** Of the StatefulSet. */
    private int replicas;

    private int partition;
    private String template;

    /** As its own controller knows it. */
    private Copy copy;

    private int applied = 1;
    private long generation = 1;
    private long observed;
    private SetPlan.Revisions revisions = new SetPlan.Revisions("t1", "t1");
    private int names;
    private int foreign;
    private int taken;
    private boolean quiet;

    Run(Random random, String seed) {
      this.random = random;
      this.seed = seed;
      this.wanted = 1 + random.nextInt(MOST_NODES);
      this.replicas = wanted;
      this.partition = wanted;
      this.template = "t1";
      this.copy = new Copy(replicas, partition, template, generation);
    }

    /** Some pods are of the new template, some have all blocks, and one of these does not go. */
    private void beginInARollOut() {
      spec = applied = 2;
      template = "t2";
      revisions = new SetPlan.Revisions("t1", template);
      observed = generation;
      reported = wanted;
      partition = random.nextInt(wanted + 1);
      copy = stands();
      var holder = random.nextInt(wanted);
      for (var ordinal = 0; ordinal < wanted; ordinal++) {
        var goes = ordinal == partition && ordinal != holder;
        var isNew = ordinal >= partition ? !goes : random.nextInt(4) == 0;
        var node = new Node("" + names++, isNew ? template : "t1");
        node.ready = true;
        node.height = ordinal == holder ? 7 : 6 + random.nextInt(2);
        nodes.put(ordinal, node);
      }
      nodes.values().forEach(node -> told.put(node.uid, node.height));
      changeOrScale();
    }

    private void changeOrScale() {
      if (random.nextBoolean()) {
        change();
      } else {
        scale();
      }
      pass();
    }

    private Copy stands() {
      return new Copy(replicas, partition, template, generation);
    }

    int play() {
      if (random.nextBoolean()) {
        beginInARollOut();
      }
      for (var event = 0; event < EVENTS; event++) {
        happen();
      }
      quiet();
      return taken;
    }

    private void happen() {
      switch (random.nextInt(17)) {
        case 0 -> change();
        case 1 -> scale();
        case 2 -> restart();
        case 3 -> partitionByHand();
        case 4 -> anotherLeader();
        case 5 -> someSeen().ifPresent(this::flap);
        case 6 -> someSeen().ifPresent(node -> node.silent = random.nextInt(6) == 0);
        case 7 -> some().ifPresent(node -> node.cut = random.nextInt(3) == 0);
        case 8, 9 -> mine();
        case 10 -> fetch();
        case 11 -> pods();
        case 16 -> hide();
        case 12 -> setController();
        case 13 -> takeUp();
        default -> pass();
      }
    }

    private void flap(Node node) {
      node.ready = random.nextInt(6) > 0 && !node.terminating && !broken(node);
    }

    private void change() {
      spec++;
      specGeneration++;
      story.add("spec " + spec + " " + heights() + told + status);
    }

    private void scale() {
      wanted = random.nextInt(MOST_NODES + 1);
      specGeneration++;
      story.add("scale to " + wanted);
    }

    /** It looks at once; but see above. */
    private void anotherLeader() {
      var known = status.values().stream().map(Map.Entry::getKey).toList();
      if (nodes.values().stream()
          .allMatch(
              n ->
                  n.height == 0
                      || known.contains(n.uid)
                      || (n.ready && !n.silent && !n.unreadable))) {
        story.add("another leader");
        told.clear();
        pass();
      }
    }

    /** As kubectl does; but see above. */
    private void restart() {
      var tallest = tallest();
      var held = Math.min(partition, copy.partition());
      if (nodes.headMap(held).values().stream()
          .anyMatch(n -> has(n, tallest) && told.getOrDefault(n.uid, 0L) >= tallest)) {
        foreign++;
        template = "t" + applied + "r" + foreign;
        generation++;
        story.add("restart " + template);
        takeUp();
      }
    }

    private static boolean has(Node node, long tallest) {
      return !node.terminating && node.height >= tallest;
    }

    /** At rest it opens nothing by itself, and is repaired. */
    private void partitionByHand() {
      if (nodes.values().stream().allMatch(n -> n.revision.equals(template))) {
        partition = random.nextInt(MOST_NODES);
        generation++;
        story.add("partition by hand " + partition);
        takeUp();
        pass();
        takeUp();
        pass();
      }
    }

    private Optional<Node> some() {
      var there = new ArrayList<>(nodes.values());
      return there.isEmpty()
          ? Optional.empty()
          : Optional.of(there.get(random.nextInt(there.size())));
    }

    private Optional<Node> someSeen() {
      return some().filter(node -> !node.unreadable);
    }

    /** The cache leaves pods out, and takes them in again. */
    private void hide() {
      var all = random.nextInt(4) == 0;
      var hidden = random.nextInt(6) == 0; // while one is hidden, no other goes
      var some = all ? List.copyOf(nodes.values()) : some().stream().toList();
      some.forEach(node -> node.unreadable = hidden);
      story.add((hidden ? "hidden " : "shown ") + (all ? "all" : "one"));
      pass();
    }

    /** Every seventh template never gets ready. */
    private static boolean broken(Node node) {
      return node.revision.matches("t[0-9]*7(r.*)?");
    }

    /**
     * What is mined is heard of: of one that fails before it is, the last word counts. One that was
     * let go mines nothing; but see above.
     */
    private void mine() {
      some()
          .filter(node -> node.ready && !node.terminating && !node.silent)
          .filter(node -> observed == generation)
          .filter(
              node ->
                  node.revision.equals(template) || nodes.headMap(partition).containsValue(node))
          .ifPresent(
              node -> {
                node.height++;
                pass();
                takeUp();
              });
    }

    private void fetch() {
      var best =
          nodes.values().stream()
              .filter(node -> node.ready && !node.cut)
              .mapToLong(node -> node.height)
              .max()
              .orElse(0);
      some()
          .filter(node -> node.ready && !node.cut && !node.terminating)
          .ifPresent(node -> node.height = Math.max(node.height, best));
    }

    /** The kubelet: what terminates goes, what is new gets ready. */
    private void pods() {
      nodes.values().removeIf(node -> node.terminating);
      some().ifPresent(node -> node.ready = !broken(node) && !node.terminating);
    }

    private void takeUp() {
      setController(); // to the end, by what it knows
      copy = stands();
      setController();
    }

    private void setController() {
      if (!revisions.update().equals(copy.template())) {
        revisions = new SetPlan.Revisions(revisions.current(), copy.template());
      }
      observed = copy.generation();
      var set = new SetSpec(copy.replicas(), false, true, copy.partition());
      var pods = new TreeMap<Integer, SetPod>();
      nodes.forEach(
          (ordinal, n) ->
              pods.put(ordinal, new SetPod(ordinal, n.revision, n.terminating, n.ready, false)));
      var plan = SetPlan.of(set, revisions, pods);
      plan.delete().forEach(this::take);
      plan.create()
          .forEach((ordinal, revision) -> nodes.put(ordinal, new Node("" + names++, revision)));
      var current = SetPlan.status(set, revisions, observed, pods).path("currentRevision");
      revisions = new SetPlan.Revisions(current.asText(), revisions.update());
    }

    private void take(int ordinal) {
      var node = nodes.get(ordinal);
      if (node == null || node.terminating) {
        return;
      }
      var tallest = tallest();
      node.terminating = true;
      node.ready = false;
      taken++;
      story.add("taken " + ordinal + " at " + node.height);
      var lost = tallest > 0 && nodes.values().stream().noneMatch(n -> has(n, tallest));
      assertTrue(
          !lost, () -> "seed " + seed + ": lost " + tallest + " with " + ordinal + "\n" + tail());
    }

    private String tail() {
      return String.join("\n", story.subList(Math.max(0, story.size() - 30), story.size()));
    }

    private long tallest() {
      return nodes.values().stream()
          .filter(n -> !n.terminating)
          .mapToLong(n -> n.height)
          .max()
          .orElse(0);
    }

    /** What the controller does, as Observer and ChildPlan do it. */
    private void pass() {
      var pods = new HashMap<Integer, Pod>();
      var views = new HashMap<Integer, NodeView>();
      var unseen = new TreeMap<Integer, Unseen>();
      var heights = new TreeMap<Integer, Long>();
      nodes.forEach(
          (ordinal, node) -> {
            var pod = pod(ordinal, node);
            if (node.unreadable) {
              unseen.put(ordinal, new Unseen("no room", node.uid));
              views.put(ordinal, new NodeView.Silent("unreadable"));
            } else {
              pods.put(ordinal, pod);
            }
            if (!node.unreadable && pod.ready() && ordinal < Math.max(wanted, replicas)) {
              views.put(ordinal, view(node));
            }
            Optional.ofNullable(status.get(ordinal))
                .filter(entry -> entry.getKey().equals(node.uid))
                .ifPresent(entry -> told.putIfAbsent(node.uid, entry.getValue()));
            if (views.get(ordinal) instanceof NodeView.Answered(var info)) {
              told.put(node.uid, info.height());
            }
            Optional.ofNullable(told.get(node.uid))
                .ifPresent(height -> heights.put(ordinal, height));
          });
      var network = network();
      var stored = stored();
      var chain = Chain.of(network, stored, pods, unseen, views, heights);
      var held = Held.of(network, stored, chain);
      var world = WORLDS.getFirst();
      var seen =
          new Observation(
              network,
              world.service,
              stored,
              Optional.empty(),
              Optional.empty(),
              world.secret,
              pods,
              held,
              new TreeMap<>(views).headMap(held.nodes()),
              chain,
              Set.of(),
              Optional.empty(),
              Set.of(),
              Map.of(),
              List.of(),
              Map.of(),
              new Rounds.Seen(Set.of(), Set.of()),
              Set.of(),
              Set.of(),
              0,
              Optional.empty());
      var rollout = Rollout.of(seen, applied != spec);
      report(heights);
      if (write(held.nodes(), rollout.partition())) {
        takeUpSoon();
      }
    }

    /** Within milliseconds: no block comes in between, but the spec may change again. */
    private void takeUpSoon() {
      if (quiet || random.nextBoolean()) {
        takeUp();
        return;
      }
      if (random.nextBoolean()) {
        copy = stands(); // it acts by it later
      }
      changeOrScale();
    }

    private boolean write(int newReplicas, int newPartition) {
      var before = List.of(replicas, partition, template);
      replicas = newReplicas;
      partition = newPartition;
      if (applied != spec) {
        applied = spec;
        template = "t" + spec;
      }
      if (!before.equals(List.of(replicas, partition, template))) {
        generation++;
        story.add("applied " + replicas + " " + partition + " " + template + " " + heights());
        return true;
      }
      return false;
    }

    private String heights() {
      var text = new StringBuilder();
      nodes.forEach(
          (o, n) -> text.append(o + ":" + n.revision + (n.ready ? "+" : "-") + n.height + " "));
      return text.toString();
    }

    private void report(Map<Integer, Long> heights) {
      var next = new HashMap<Integer, Map.Entry<String, Long>>();
      heights.forEach(
          (ordinal, height) -> {
            var node = nodes.get(ordinal);
            if (ordinal < wanted && node != null) {
              next.put(ordinal, Map.entry(node.uid, height));
            }
          });
      status = next;
      reported = wanted;
    }

    private static NodeView view(Node node) {
      return node.silent ? new NodeView.Silent("") : World.node(List.of(), List.of(), node.height);
    }

    private static Pod pod(int ordinal, Node node) {
      var labels = Map.of("controller-revision-hash", node.revision);
      var deleted = node.terminating ? "2026-01-01T00:00:00Z" : "";
      var meta =
          new Meta(
              "default",
              "net-sts-" + ordinal,
              node.uid,
              "1",
              0,
              deleted,
              labels,
              Map.of(),
              List.of());
      var waiting = new PodContainer.Waiting(broken(node) ? "CrashLoopBackOff" : "", "");
      var notEnded = new PodContainer.Terminated("", -1, "");
      var state = new PodContainer.State(waiting, notEnded);
      var containers = List.of(new PodContainer(state, state, !broken(node), 0));
      var ready = new Pod.Condition("Ready", node.ready ? "True" : "False", "", "");
      return new Pod(
          meta,
          Pod.Spec.NO_CLAIM,
          new Pod.Status("Running", "10.0.0." + ordinal, List.of(ready), containers));
    }

    private BitcoinNetwork network() {
      var base = WORLDS.get(wanted).network;
      var meta = base.metadata();
      return new BitcoinNetwork(
          new Meta(
              meta.namespace(),
              meta.name(),
              meta.uid(),
              "1",
              specGeneration,
              "",
              Map.of(),
              Map.of(),
              List.of()),
          base.spec(),
          entries());
    }

    private ObjectNode entries() {
      var object = JsonNodeFactory.instance.objectNode();
      var entries = object.putArray("nodes");
      for (var entry = 0; entry < reported; entry++) {
        entries.addObject().put("ordinal", entry);
      }
      return object;
    }

    private Child stored() {
      ObjectNode set = JsonNodeFactory.instance.objectNode();
      set.put("apiVersion", "apps/v1").put("kind", "StatefulSet");
      set.putObject("metadata").put("uid", "uid-sts").put("generation", generation);
      set.putObject("spec")
          .put("replicas", replicas)
          .putObject("updateStrategy")
          .putObject("rollingUpdate")
          .put("partition", partition);
      set.putObject("status")
          .put("observedGeneration", observed)
          .put("currentRevision", revisions.current())
          .put("updateRevision", revisions.update());
      return new Child.Ours(Json.convert(set, StoredObject.class));
    }

    /** When nothing happens any more, all comes to its end. */
    private void quiet() {
      quiet = true;
      if (wanted == 0) {
        scale();
        wanted = Math.max(1, wanted);
      }
      spec = spec % 10 == 7 ? spec + 1 : spec;
      for (var round = 0; round < 40 * MOST_NODES && !settled(); round++) {
        nodes.values().removeIf(node -> node.terminating);
        nodes.values().forEach(node -> node.cut = node.silent = node.unreadable = false);
        nodes.values().forEach(node -> node.ready = !broken(node));
        var best = tallest();
        nodes.values().stream().filter(n -> n.ready).forEach(n -> n.height = best);
        pass();
        takeUp();
      }
      // the only one that runs has nobody to hand its blocks to: that is said, and waits for a word
      var stuck = nodes.values().stream().filter(n -> n.ready).count() == 1;
      assertTrue(
          settled() || stuck,
          () ->
              "seed "
                  + seed
                  + ": not settled: "
                  + wanted
                  + " "
                  + heights()
                  + template
                  + "\n"
                  + tail());
    }

    private boolean settled() {
      return spec == applied
          && nodes.size() == wanted
          && partition == wanted
          && nodes.values().stream().allMatch(n -> n.revision.equals(template) && n.ready);
    }
  }
}
