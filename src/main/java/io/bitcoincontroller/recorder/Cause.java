package io.bitcoincontroller.recorder;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Why a key was queued. A queue merges keys, and keeps their causes.
 *
 * @param id of this cause, unique in the process
 * @param of the number of the recorded entry that it came from; 0: none
 * @param words for people; may be empty
 */
public record Cause(long id, Kind kind, long of, String words) {
  /** What it was that asked for a look. */
  public enum Kind {
    /** An object in the cache is another than before. */
    CHANGE,
    /** An object can't be read, or can be again. */
    UNREADABLE,
    /** All caches of a namespace are complete. */
    SYNCED,
    /** A call to a node has ended after its pass. */
    LATE,
    /** A pass failed, and its back-off is over. */
    RETRY,
    /** A pass asked for a look after some time. */
    LOOK_AGAIN,
    /** Every key gets a look in each period. */
    PERIOD,
    /** Somebody asked, and did not say why. */
    ASKED;

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static final AtomicLong IDS = new AtomicLong();

  /** A cause with an id of its own. Long words are cut. */
  public static Cause of(Kind kind, long of, String words) {
    return new Cause(IDS.incrementAndGet(), kind, of, Recorder.cut(words));
  }

  public static Cause of(Kind kind) {
    return of(kind, 0, "");
  }

  /** As fields of an entry. */
  public void write(JsonGenerator json) throws IOException {
    json.writeNumberField("id", id);
    json.writeStringField("cause", kind.word());
    if (of > 0) {
      json.writeNumberField("of", of);
    }
    if (!words.isEmpty()) {
      json.writeStringField("words", words);
    }
  }
}
