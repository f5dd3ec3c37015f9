package io.bitcoincontroller.network;

import java.util.HashMap;
import java.util.Map;

/**
 * Whose turn it is to ask what costs the API server the more, the more a namespace holds. One
 * network of a namespace asks at a time, and after it none for nine times as long as the answer
 * took: no namespace keeps more than a tenth of a worker busy with that. Safe for many threads.
 */
final class CostlyLooks {
  private static final int REST = 9;

  /**
   * The last turn in a namespace.
   *
   * @param free when the next one may begin; a ticker's nanoseconds
   */
  private record Last(boolean runs, long free) {
    boolean isOver(long now) {
      return !runs && now - free >= 0;
    }
  }

  private final Map<String, Last> lasts = new HashMap<>();

  /** Whether this namespace has a turn now; then {@link #end} ends it. */
  synchronized boolean take(String namespace, long now) {
    lasts.values().removeIf(last -> last.isOver(now));
    return lasts.putIfAbsent(namespace, new Last(true, now)) == null;
  }

  synchronized void end(String namespace, long began, long now) {
    lasts.put(namespace, new Last(false, now + (now - began) * REST));
  }
}
