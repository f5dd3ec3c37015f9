package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.Overheard.Moment;
import io.bitcoincontroller.local.doubles.DoubleNetwork;
import io.bitcoincontroller.local.user.ControllerProgram;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * A cluster on which controllers are frozen, killed and ended, again and again. The pods are
 * doubles, so that a round costs the three controllers that it uses up and little more.
 */
final class TakeoverLane implements AutoCloseable {
  private static final Duration AFTER_A_KILL = Duration.ofSeconds(30);
  private static final Duration AFTER_TERM_EACH = Duration.ofSeconds(10);
  private static final int MOST_NODES = 3;

  private final DoubleNetwork nodes = new DoubleNetwork();
  private final Overheard overheard = new Overheard();
  private final Stage stage;
  private final List<String> flags;

  /** The one that leads, and the one that stands by. */
  private final Deque<ControllerProgram> candidates = new ArrayDeque<>();

  /** Frozen leaders of whom is known what they asked when they woke up. */
  private int heard;

  private final List<Duration> afterTerm = new ArrayList<>();

  TakeoverLane(Path folder, List<String> flags) throws IOException, InterruptedException {
    this.flags = flags;
    stage = Stage.simulated(folder, nodes);
    overheard.listen(stage, nodes);
  }

  /** Starts both. */
  void begin() throws Exception {
    addCandidate();
    awaitLeading(leader());
    addCandidate();
  }

  int heard() {
    return heard;
  }

  /** From the signal to an act of the other one. */
  List<Duration> afterTerm() {
    return List.copyOf(afterTerm);
  }

  @Override
  public void close() throws IOException {
    stage.close();
    nodes.close();
  }

  /** A controller that stands by with warm caches, or leads. */
  private void addCandidate() throws Exception {
    var all = new String[flags.size() + 1];
    flags.toArray(all);
    all[flags.size()] = "--leader-elect=true";
    var started = stage.startController(all);
    stage.await("its caches are warm", () -> ready(started));
    candidates.add(started);
  }

  private ControllerProgram leader() {
    return candidates.getFirst();
  }

  private static Seen ready(ControllerProgram program) throws IOException, InterruptedException {
    var answer = program.get("/readyz");
    return answer.statusCode() == 200 ? new Seen.Good("") : new Seen.NotYet("200", answer.body());
  }

  private void awaitLeading(ControllerProgram program) throws InterruptedException {
    stage.await(
        "it leads",
        () -> leads(program) ? new Seen.Good("") : new Seen.NotYet("leading", program.lastWords()));
  }

  private static boolean leads(ControllerProgram program) throws IOException {
    return program.lines().stream().anyMatch(line -> line.contains(" leading "));
  }

  private void promoteStandby() throws Exception {
    candidates.remove();
    addCandidate();
  }

  /** The leader is frozen at one of its requests, its successor killed, and the third ended. */
  void play(String name, int frozenAt) throws Exception {
    var frozen = leader();
    var network = createAndFreezeAt(frozenAt, name);
    candidates.remove();
    awaitLeading(leader()); // before there is another one that might
    addCandidate();
    stage.await("the other finished what the frozen one began", network::well);

    var killed = System.nanoTime();
    leader().kill();
    stage.user.scale(network.path(), 3);
    // only now: the killed one may just have written an event
    overheard.trap(0, Moment.SEEN, () -> {});
    assertWakesUpOnlyToEnd(frozen);
    awaitSize(network, 3);
    took("kill -9", killed, AFTER_A_KILL);

    promoteStandby();
    stage.await("all is well before the leader is told to end", network::well);
    var told = System.nanoTime();
    leader().signal("TERM");
    stage.user.scale(network.path(), 2);
    awaitSize(network, 2);
    afterTerm.add(took("SIGTERM", told, AFTER_TERM_EACH));
    assertEquals(OptionalInt.of(0), leader().exitCode(AFTER_A_KILL), leader()::lastWords);
    stage.user.delete(network.path());
    promoteStandby();
  }

  private Network createAndFreezeAt(int request, String name) throws Exception {
    var leader = leader();
    var frozen = new CompletableFuture<Void>();
    overheard.trap(request, Moment.SEEN, () -> pause(leader, frozen));
    var network = stage.create(name, "{nodes: 2}");
    stage.await(
        "the leader is frozen",
        () ->
            frozen.isDone()
                ? new Seen.Good("")
                : new Seen.NotYet("request " + request, overheard.requests().toString()));
    assertFalse(
        frozen.isCompletedExceptionally(),
        () -> frozen.exceptionNow() + ", before it could be frozen:\n" + leader.lastWords());
    return network;
  }

  private static void pause(ControllerProgram program, CompletableFuture<Void> done)
      throws IOException {
    try {
      program.pause();
      done.complete(null);
    } catch (IOException e) {
      done.completeExceptionally(e);
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Between the leader's death and the next one's rule whatever is asked, the frozen one asks. A
   * request that it had checked and not yet sent may come, to each node one if it only reads, and
   * hits nothing but what it meant.
   */
  private void assertWakesUpOnlyToEnd(ControllerProgram frozen)
      throws IOException, InterruptedException {
    var before = frozen.lines().size();
    frozen.resume();
    assertEquals(OptionalInt.of(1), frozen.exitCode(AFTER_A_KILL), frozen::lastWords);
    var asked = overheard.requests();
    if (!leads(candidates.getLast())) {
      heard++;
      var changes = asked.stream().filter(request -> !request.reads()).toList();
      assertTrue(
          changes.size() <= 1 && changes.stream().allMatch(TakeoverLane::isBound), asked::toString);
      assertTrue(asked.size() <= MOST_NODES, asked::toString);
    }
    var said = frozen.lines().subList(before, frozen.lines().size());
    assertTrue(said.getLast().contains(" INFO  stopped code=1"), said::toString);
    var warnings = said.stream().filter(line -> !line.contains(" INFO  ")).toList();
    // what it had done before it was frozen, it may tell now
    assertEquals(1, warnings.size(), said::toString);
    assertTrue(warnings.getFirst().contains(" WARN  the lease is lost "), said::toString);
  }

  private static boolean isBound(Overheard.Request request) {
    return request.body().contains("\"uid\"") || request.body().contains("\"resourceVersion\"");
  }

  private void awaitSize(Network network, int nodes) throws InterruptedException {
    stage.await(
        "a StatefulSet of " + nodes,
        () -> {
          var replicas = stage.user.get(network.statefulSetPath()).at("/spec/replicas").asInt();
          return replicas == nodes ? new Seen.Good("") : new Seen.NotYet("" + nodes, "" + replicas);
        });
  }

  private static Duration took(String what, long since, Duration bound) {
    var took = Duration.ofNanos(System.nanoTime() - since);
    System.out.println("TakeoverTest: " + took.toMillis() + " ms from " + what + " to an act");
    assertTrue(took.compareTo(bound) < 0, () -> what + ": " + took);
    return took;
  }
}
