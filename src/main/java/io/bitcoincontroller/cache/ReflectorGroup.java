package io.bitcoincontroller.cache;

import io.bitcoincontroller.recorder.Recorder;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;

/**
 * The reflectors of one API server, which share their setbacks, the way in, and what one of them
 * notices of a server that was away, or was put back from a backup: the others may have no version
 * that tells. When the server is away, all of them have the same setback, and the log has one line
 * for it. Safe for many threads.
 */
public final class ReflectorGroup {
  /** A thousand TLS handshakes at once would all come too late, and then again. */
  private static final int OPENINGS_AT_A_TIME = 16;

  /** A place for each request that waits for the head of its answer. */
  final Semaphore openings = new Semaphore(OPENINGS_AT_A_TIME, true);

  final Recorder recorder;
  private final Map<Reflector<?>, String> setbacks = new HashMap<>();
  private int history;
  private OptionalLong outage = OptionalLong.empty();

  public ReflectorGroup(Recorder recorder) {
    this.recorder = recorder;
  }

  /** Counts the backups that were put back, as far as anybody noticed. */
  synchronized int history() {
    return history;
  }

  /**
   * Something has noticed that this history is over. All lists that were asked for in it have to be
   * asked for again.
   *
   * @return false if somebody had noticed before
   */
  synchronized boolean endHistory(int noticed) {
    if (noticed != history) {
      return false;
    }
    history++;
    return true;
  }

  /** A request found nobody who could answer it. */
  synchronized void outOfReach(long now) {
    if (outage.isEmpty() || now - outage.getAsLong() > 0) {
      outage = OptionalLong.of(now);
    }
  }

  /** When that was last; of the Ticker. Empty if it never was. */
  synchronized OptionalLong outage() {
    return outage;
  }

  /** Whether no other reflector has this setback yet. */
  synchronized boolean begin(Reflector<?> who, String setback) {
    var isNew = !setbacks.containsValue(setback);
    setbacks.put(who, setback);
    return isNew;
  }

  /** Whether no other reflector has the setback that is over for this one. */
  synchronized boolean end(Reflector<?> who) {
    var over = setbacks.remove(who);
    return over != null && !setbacks.containsValue(over);
  }
}
