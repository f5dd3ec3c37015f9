package io.bitcoincontroller.cache;

import java.util.HashMap;
import java.util.Map;

/**
 * What the reflectors of one API server are troubled by. When it is away all of them are, by the
 * same, and that is worth one line. Safe for many threads.
 */
public final class Troubles {
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
