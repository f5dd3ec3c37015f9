package io.bitcoincontroller.sim.world;

import io.bitcoincontroller.sim.world.Weather.Trouble;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * One thing that happens to the cluster, or to a controller, at a time of its own.
 *
 * @param at nanoseconds after the beginning
 * @param lasts nanoseconds, of what lasts
 * @param salt chooses whom it strikes
 */
public record Fault(Kind kind, Trouble trouble, long at, long lasts, long salt) {
  /** What can happen. */
  public enum Kind {
    /** One of {@link Trouble}, for a while. */
    WEATHER,
    /** A watch breaks off, in the middle of a line or between two. */
    WATCH_CUT,
    /** A watch is silent from now on, and looks alive. */
    WATCH_STALLED,
    /** All watches of a controller are silent from now on: their connection is half open. */
    CONNECTION_HALF_OPEN,
    /** A watch ends with an ERROR event. */
    WATCH_FAILED,
    /** The API server forgets its history: 410 for all who come late. */
    HISTORY_FORGOTTEN,
    /** The API server is put back from a backup of a moment ago: its versions go back. */
    BACKUP_RESTORED,
    /** Somebody deletes a pod. */
    POD_DELETED,
    /** A pod is gone at once, with its machine. */
    POD_REMOVED,
    /** A pod is evicted. */
    POD_EVICTED,
    /** A bitcoind ends and starts again in its pod. */
    BITCOIND_RESTARTED,
    /** A bitcoind is stopped, as by SIGSTOP, for a while. */
    BITCOIND_FROZEN,
    /** Somebody takes an entry from a node's list. */
    LIST_EDITED,
    /** Somebody mines. */
    MINED,
    /** Another number of nodes is wanted. */
    SCALED,
    /** A line of bitcoin.conf is another one. */
    CONFIG_CHANGED,
    /** Other peers are declared. */
    PEERS_CHANGED,
    /** Another topology is wanted. */
    TOPOLOGY_CHANGED,
    /** The network is deleted, and made again some seconds later. */
    NETWORK_DELETED,
    /** Somebody deletes a Service, a budget or a StatefulSet. */
    CHILD_DELETED,
    /** Somebody changes the template of the pods. */
    TEMPLATE_EDITED,
    /** The password is another one. */
    SECRET_CHANGED,
    /** The Secret is gone for a while. */
    SECRET_GONE,
    /** While the network is away, somebody makes a Service of the name that it uses. */
    FOREIGN_OBJECT,
    /** Somebody makes a network that can't be read. */
    UNREADABLE_OBJECT,
    /** A controller ends at whatever step it is, and another one is started. */
    CONTROLLER_KILLED,
    /** A controller is stopped as by SIGTERM, and another one is started. */
    CONTROLLER_STOPPED,
    /** A controller does not run for a while, and then goes on as if nothing had been. */
    CONTROLLER_PAUSED
  }

  /** A fault by chance. */
  public static Fault random(SplittableRandom random, Duration within) {
    var kind = random.nextInt(3) == 0 ? Kind.WEATHER : any(Kind.values(), random);
    return random(kind, random, within);
  }

  /** A fault of this kind, at a time by chance. */
  public static Fault random(Kind kind, SplittableRandom random, Duration within) {
    var trouble = any(Trouble.values(), random);
    var at = random.nextLong(within.toNanos());
    var lasts = Math.min(random.nextLong(1, 45_000_000_000L), within.toNanos() - at);
    return new Fault(kind, trouble, at, lasts, random.nextLong());
  }

  private static <T> T any(T[] of, SplittableRandom random) {
    return List.of(of).get(random.nextInt(of.length));
  }

  @Override
  public String toString() {
    var what = kind == Kind.WEATHER ? trouble.name() : kind.name();
    return what.toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
