package io.bitcoincontroller.cache;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * What the reflectors of one API server share: their troubles, and the way in. When the server is
 * away all of them are troubled by the same, and that is worth one line. Safe for many threads.
 */
public final class Troubles {
  /** A thousand TLS handshakes at once would all come too late, and then again. */
  private static final int OPENINGS_AT_A_TIME = 16;

  /** A place for each request that waits for the head of its answer. */
  final Semaphore openings = new Semaphore(OPENINGS_AT_A_TIME, true);

  private final Map<Reflector<?>, String> now = new HashMap<>();

  /** Whether nobody else is in this trouble yet. */
  synchronized boolean begin(Reflector<?> who, String text) {
    var isNew = !now.containsValue(text);
    now.put(who, text);
    return isNew;
  }

  /** Whether nobody else is in the trouble that is over for this one. */
  synchronized boolean end(Reflector<?> who) {
    var text = now.remove(who);
    return text != null && !now.containsValue(text);
  }
}
