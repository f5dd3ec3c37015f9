package io.bitcoincontroller.recorder;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.bitcoincontroller.observe.PassNumber;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Records what happens, and hands out what is kept of it. What is recorded by a thread of a pass
 * has the pass's number. Safe for many threads; nobody waits for a reader.
 */
public final class Recorder {
  /** The fields of an entry. */
  public interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  /**
   * The full text of what a network's pass saw or planned last.
   *
   * @param hash of that text
   * @param number of the entry that has it
   */
  private record Told(long hash, long number) {}

  public static final long DEFAULT_BYTES = 4L << 20;

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  /** Longest text of a field, in characters. */
  private static final int LONGEST_WORDS = 500;

  private final Ticker ticker;
  private final long began;
  private final boolean on;
  private final Ring ring;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();

  /** By kind and network. */
  private final Map<String, Told> told = new ConcurrentHashMap<>();

  /**
   * @param mostBytes of what is kept; 0: nothing is recorded
   */
  public Recorder(Ticker ticker, long mostBytes) {
    this.ticker = ticker;
    this.began = ticker.nanos();
    this.on = mostBytes > 0;
    this.ring = new Ring(mostBytes);
  }

  /** Records nothing. */
  public static Recorder off() {
    return new Recorder(Ticker.SYSTEM, 0);
  }

  /** False if nothing is recorded. */
  public boolean isOn() {
    return on;
  }

  /**
   * Records an entry.
   *
   * @param network its key; empty: of none
   * @return its number; 0 if nothing is recorded
   */
  public long record(String kind, String network, Body body) {
    return on ? add(network, head(kind, network) + fields(body)) : 0;
  }

  /**
   * As {@link #record}. If the same was recorded last, and lately, the entry only names that one.
   */
  public long recordNews(String kind, String network, Body body) {
    if (!on) {
      return 0;
    }
    var fields = fields(body);
    var hash = hash(fields);
    var before = told.get(kind + " " + network);
    if (before != null && before.hash() == hash && isRecent(before.number())) {
      return record(kind, network, json -> json.writeNumberField("same", before.number()));
    }
    var number = add(network, head(kind, network) + fields);
    told.put(kind + " " + network, new Told(hash, number));
    return number;
  }

  /** The network is gone. */
  public void forget(String network) {
    record("gone", network, _ -> {});
    told.keySet().removeIf(key -> key.endsWith(" " + network));
  }

  /** The beginning of an entry, after number and time. */
  private static String head(String kind, String network) {
    return fields(
        json -> {
          json.writeStringField("kind", kind);
          var pass = PassNumber.current();
          if (pass.isPresent()) {
            json.writeNumberField("pass", pass.getAsLong());
          }
          if (!network.isEmpty()) {
            json.writeStringField("network", network);
          }
        });
  }

  /** Fields of a JSON object, each with a comma before it. */
  private static String fields(Body body) {
    var text = new StringWriter(256);
    try (var json = JSON.createGenerator(text)) {
      json.writeStartObject();
      body.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("no JSON can be written into memory", e);
    }
    var object = text.toString();
    return object.equals("{}") ? "" : "," + object.substring(1, object.length() - 1);
  }

  /** FNV-1a with 64 bits. */
  private static long hash(String text) {
    var hash = 0xcbf29ce484222325L;
    for (var i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  /** A text of whatever length, as an entry has it. */
  public static String cut(String words) {
    return words.length() <= LONGEST_WORDS ? words : words.substring(0, LONGEST_WORDS) + "…";
  }

  private long add(String network, String text) {
    lock.lock();
    try {
      var number = ring.add(micros(), network, text);
      more.signalAll();
      return number;
    } finally {
      lock.unlock();
    }
  }

  /** Microseconds since this was made. */
  long micros() {
    return TimeUnit.NANOSECONDS.toMicros(ticker.nanos() - began);
  }

  private boolean isRecent(long number) {
    lock.lock();
    try {
      return ring.isRecent(number);
    } finally {
      lock.unlock();
    }
  }

  /** The size of what is kept, in bytes. */
  public long bytes() {
    return extent().bytes();
  }

  /**
   * How far the recording reaches.
   *
   * @param last number of the last entry; 0 before the first
   * @param dropped how many entries are not kept any more
   * @param bytes of what is kept
   */
  record Extent(long last, long dropped, long bytes) {}

  Extent extent() {
    lock.lock();
    try {
      return new Extent(ring.last(), ring.dropped(), ring.bytes());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Some entries.
   *
   * @param looked number of the last one that was looked at
   */
  record Kept(List<Entry> entries, long looked) {}

  /**
   * The entries after this one.
   *
   * @param most how many are looked at, the oldest first
   */
  Kept after(long number, int most, Predicate<Entry> wanted) {
    lock.lock();
    try {
      var looked = Math.min(ring.last(), Math.max(number, ring.dropped()) + most);
      return new Kept(ring.after(number, most, wanted), looked);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is an entry after this one, or for so long. */
  boolean await(long number, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      var left = nanos;
      while (ring.last() <= number && left > 0) {
        left = more.awaitNanos(left);
      }
      return ring.last() > number;
    } finally {
      lock.unlock();
    }
  }
}
