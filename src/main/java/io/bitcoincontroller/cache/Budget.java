package io.bitcoincontroller.cache;

import java.util.HashMap;
import java.util.Map;

/**
 * The memory that all stores of a process may take together, by the rough {@link
 * io.bitcoincontroller.kube.KubeObject#weight weight} of what they hold, and what others keep about
 * it. No namespace gets more than three quarters of it, which leaves room for others beside a
 * greedy tenant. Safe for many threads.
 */
public final class Budget {
  /** Percent. The rest is for the work in hand, and for what the collector has not found yet. */
  private static final int PART_OF_HEAP = 40;

  private final long bytes;

  /** One for all: thousands of objects may be left out. */
  private final String noRoom;

  private final Map<String, Long> byNamespace = new HashMap<>();
  private long used;

  public Budget(long bytes) {
    this.bytes = bytes;
    this.noRoom =
        "the cache's budget of "
            + bytes / 1024 / 1024
            + " MiB, or this namespace's three quarters of it, is used up; give the controller a"
            + " larger heap (-Xmx), or delete objects that carry its labels";
  }

  /** Two fifths of the largest heap that this JVM may have. */
  public static Budget ofHeap() {
    return new Budget(Runtime.getRuntime().maxMemory() / 100 * PART_OF_HEAP);
  }

  public long bytes() {
    return bytes;
  }

  /** Why an object is left out, for people. */
  String noRoom() {
    return noRoom;
  }

  public synchronized long used() {
    return used;
  }

  /**
   * Takes this much more.
   *
   * @param more what is given back, if it is negative
   * @return false, and nothing is taken, if there is not so much left
   */
  synchronized boolean take(String namespace, long more) {
    if (!fits(namespace, more)) {
      return false;
    }
    adjust(namespace, more);
    return true;
  }

  synchronized boolean fits(String namespace, long more) {
    return more <= 0
        || (used + more <= bytes
            && byNamespace.getOrDefault(namespace, 0L) + more <= bytes / 4 * 3);
  }

  /** As {@link #take}, for what is in memory already. */
  synchronized void adjust(String namespace, long more) {
    used += more;
    byNamespace.merge(namespace, more, Long::sum);
    byNamespace.remove(namespace, 0L);
  }
}
