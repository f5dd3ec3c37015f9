package io.bitcoincontroller.sim.world;

import java.util.EnumMap;
import java.util.Map;

/** What goes wrong at present on the wires between all that there is. */
public final class Weather {
  /** A trouble that lasts for a while; each says what it does to one request of how many. */
  public enum Trouble {
    /** Nobody takes connections to the API server. */
    API_AWAY,
    /** Each third write is refused: 500, 429, 503, or a conflict. */
    WRITES_REFUSED,
    /** Each third write is carried out, and its answer is lost. */
    ANSWERS_LOST,
    /** Each second request to the API server takes seconds. */
    API_SLOW,
    /** Each third event of a watch is not sent; the next watch, which begins earlier, sends it. */
    EVENTS_DROPPED,
    /** Events are sent twice, and older ones come again. */
    EVENTS_REPEATED,
    /** Events come seconds late. */
    EVENTS_LATE,
    /** Lists are those of a while ago. */
    LISTS_STALE,
    /** Each third RPC is lost before it takes effect. */
    CALLS_LOST,
    /** Each third RPC takes effect, and its answer is lost. */
    CALLS_UNANSWERED,
    /** Each third RPC takes seconds. */
    CALLS_SLOW,
    /** Each third RPC meets a server that is busy: 503. */
    CALLS_BUSY,
    /** Each third answer of a node is nonsense. */
    CALLS_NONSENSE,
    /** Secrets may not be read. */
    SECRETS_FORBIDDEN,
    /**
     * A webhook adds an annotation to the pods' template whenever somebody writes a StatefulSet.
     */
    WEBHOOK_ALTERS,
    /** A webhook refuses all writes of StatefulSets. */
    WEBHOOK_REFUSES
  }

  /** How many causes each trouble has at present: it ends with the last of them. */
  private final Map<Trouble, Integer> now = new EnumMap<>(Trouble.class);

  public void begin(Trouble trouble) {
    now.merge(trouble, 1, Integer::sum);
  }

  public void end(Trouble trouble) {
    now.merge(trouble, -1, Integer::sum);
  }

  boolean is(Trouble trouble) {
    return now.getOrDefault(trouble, 0) > 0;
  }
}
