package io.bitcoincontroller.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.cache.Turn.Effect;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.Resource;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens on the way, two minutes after the last fault the cache is what the server has,
 * or says that it can't tell; and in the end it is what the server has. One seed is one random
 * history with all that {@link ServerLog} can do; simulated time.
 *
 * <p>Run one seed again with {@code -Dcache.seed=42}.
 */
class ConvergenceTest {
  private static final int SEEDS = 10_000;
  private static final int STORMY_TURNS = 60;

  private static final long BOUND = Duration.ofMinutes(2).toNanos();

  /** Far more than any of the ways out of trouble needs. */
  private static final int CALM_TURNS = 2_000;

  @Test
  void afterQuietTheCacheIsWhatTheServerHas() {
    var wanted = Long.getLong("cache.seed", -1L);
    if (wanted >= 0) {
      history(wanted);
      return;
    }
    for (var seed = 0L; seed < SEEDS; seed++) {
      try {
        history(seed);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("run again with -Dcache.seed=" + seed, e);
      }
    }
  }

  private static void history(long seed) {
    var random = new SplittableRandom(seed);
    var server = new ServerLog(random);
    var watched = new Watched<>(Resource.PODS, "", "app=bitcoin");
    var laws = new Laws();
    var reflector =
        new SimulatedReflector<>(watched, server, random::nextDouble, turn -> laws.hold(turn));
    server.clock(reflector::pass);
    reflector.store.listen(laws::heard);
    for (var turn = 0; turn < STORMY_TURNS; turn++) {
      reflector.turn();
      laws.hold(reflector);
    }
    server.quiet();
    var calm = reflector.nowNanos;
    reflector.lookAt(
        calm + BOUND + server.lastFault().toNanos(),
        () ->
            assertTrue(
                reflector.hasSetback() || server.objects().equals(names(reflector)),
                () -> "stale and silent: " + names(reflector) + ", not " + server.objects()));
    for (var turn = 0; turn < CALM_TURNS && !upToDate(reflector, server, calm); turn++) {
      reflector.turn();
      laws.hold(reflector);
    }
    assertTrue(upToDate(reflector, server, calm), () -> "stuck in " + reflector.state);
    assertFalse(reflector.hasSetback());
    assertEquals(server.objects(), names(reflector));
    assertEquals(server.objects(), laws.told, "the changes that were told");
  }

  /** Well, proved in the calm, and long enough for the look after two minutes. */
  private static boolean upToDate(
      SimulatedReflector<Pod> reflector, ServerLog server, long calmSince) {
    return reflector.state instanceof WatchState.Watching
        && !reflector.hasSetback()
        && reflector.nowNanos > calmSince + BOUND + server.lastFault().toNanos()
        && server.objects().equals(names(reflector));
  }

  private static Map<String, String> names(SimulatedReflector<Pod> reflector) {
    var names = new TreeMap<String, String>();
    reflector.store.all().forEach(pod -> names.put(pod.metadata().name(), name(pod)));
    return names;
  }

  private static String name(KubeObject object) {
    return object.metadata().uid()
        + "@"
        + object.metadata().resourceVersion()
        + "#"
        + object.metadata().labels().get("history");
  }

  /** What holds after every turn. */
  private static final class Laws {
    final Map<String, String> told = new TreeMap<>();
    private String version = "";
    private boolean heard;
    private boolean replaced;

    void hold(Turn<Pod> turn) {
      replaced = turn.effects().stream().anyMatch(e -> e instanceof Effect.Replace<Pod>);
      if (turn.state() instanceof WatchState.InitialEvents
          || turn.state() instanceof WatchState.Listing) {
        assertTrue(
            turn.effects().stream()
                .noneMatch(e -> e instanceof Effect.MoveTo<Pod> || e instanceof Effect.Put<Pod>),
            "the store changes while a full set comes in");
      }
    }

    void hold(SimulatedReflector<Pod> reflector) {
      var now = reflector.shard.version;
      assertFalse(
          ResourceVersion.older(now, version) && !replaced, () -> version + " went back to " + now);
      version = now;
      assertEquals(!version.isEmpty(), reflector.shard.synced());
      if (heard) {
        heard = false;
        assertEquals(told, names(reflector));
      }
    }

    void heard(Change<Pod> change) {
      heard = true;
      var before = change.before().map(ConvergenceTest::name);
      assertEquals(before.orElse("none"), told.getOrDefault(change.key().name(), "none"));
      change.before().ifPresent(_ -> told.remove(change.key().name()));
      change.after().ifPresent(pod -> told.put(change.key().name(), name(pod)));
      if (change.before().isPresent() && change.after().isPresent()) {
        assertEquals(change.before().get().metadata().uid(), change.after().get().metadata().uid());
      }
    }
  }
}
