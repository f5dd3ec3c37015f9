package io.bitcoincontroller.recorder;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Records what happens, and hands out what is kept of it. What is recorded by a thread of a pass
 * has the pass's number. Safe for many threads; who records waits while a reader copies some
 * entries.
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

  /** An open page looks again each 15 s at least. */
  private static final Duration LOOKS_FOR = Duration.ofMinutes(1);

  /** As many as write at one time, mostly. Each takes some 20 KiB, and 80 at most. */
  private static final int PENS = 8;

  /** How many entries are looked at, at a time. */
  private static final int LOOKED_AT = 500;

  /** Bytes of entries that are read at a time. */
  private static final int READ = 64 * 1024;

  /** Longest text of a field, in characters. */
  private static final int LONGEST_WORDS = 500;

  private final Ticker ticker;
  private final long began;
  private final boolean on;
  private final boolean isAlwaysWatched;
  private final Ring ring;

  /** Those that nobody writes with at the moment. */
  private final Queue<Pen> pens = new ArrayBlockingQueue<>(PENS);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();

  /** When somebody looked last; empty: nobody yet. */
  private volatile OptionalLong looked = OptionalLong.empty();

  /** By network and kind. */
  private final Map<String, Map<String, Told>> told = new ConcurrentHashMap<>();

  /**
   * @param mostBytes of what is kept; 0: nothing is recorded
   */
  public Recorder(Ticker ticker, long mostBytes) {
    this(ticker, mostBytes, false);
  }

  private Recorder(Ticker ticker, long mostBytes, boolean isAlwaysWatched) {
    this.ticker = ticker;
    this.began = ticker.nanos();
    this.on = mostBytes > 0;
    this.isAlwaysWatched = isAlwaysWatched;
    this.ring = new Ring(mostBytes);
  }

  /** Records as if somebody looked all the time. */
  public static Recorder alwaysWatched(Ticker ticker, long mostBytes) {
    return new Recorder(ticker, mostBytes, true);
  }

  /** Records nothing. */
  public static Recorder off() {
    return new Recorder(Ticker.SYSTEM, 0);
  }

  /** False if nothing is recorded. */
  public boolean isOn() {
    return on;
  }

  /** False if nobody has looked for a while: then what repeats itself is not worth an entry. */
  public boolean isWatched() {
    var last = looked;
    return isAlwaysWatched
        || (last.isPresent() && ticker.nanos() - last.getAsLong() < LOOKS_FOR.toNanos());
  }

  /**
   * Somebody looks.
   *
   * @return whether nobody did until now
   */
  boolean look() {
    var isFirst = !isWatched();
    looked = OptionalLong.of(ticker.nanos());
    return isFirst;
  }

  /**
   * Records an entry.
   *
   * @param network its key; empty: of none
   * @return its number; 0 if nothing is recorded
   */
  public long record(String kind, String network, Body body) {
    if (!on) {
      return 0;
    }
    var pen = pen();
    pen.write(kind, network, body);
    var number = add(network, pen);
    put(pen);
    return number;
  }

  /**
   * As {@link #record}. If the same was recorded last, and lately, the entry only names that one.
   */
  public long recordNews(String kind, String network, Body body) {
    if (!on) {
      return 0;
    }
    var pen = pen();
    pen.write(kind, network, body);
    var hash = pen.hash();
    var last = told.computeIfAbsent(network, _ -> new ConcurrentHashMap<>(2));
    var same =
        Optional.ofNullable(last.get(kind))
            .filter(before -> before.hash() == hash && isRecent(before.number()));
    same.ifPresent(
        before -> pen.write(kind, network, json -> json.writeNumberField("same", before.number())));
    var number = add(network, pen);
    if (same.isEmpty()) {
      last.put(kind, new Told(hash, number));
    }
    put(pen);
    return number;
  }

  private Pen pen() {
    var free = pens.poll();
    return free == null ? new Pen() : free;
  }

  private void put(Pen pen) {
    if (pen.isSmall()) {
      pens.offer(pen);
    }
  }

  /** The network is gone. */
  public void forget(String network) {
    record("gone", network, _ -> {});
    told.remove(network);
  }

  /** A text of whatever length, as an entry has it. */
  public static String cut(String words) {
    return words.length() <= LONGEST_WORDS ? words : words.substring(0, LONGEST_WORDS) + "…";
  }

  private long add(String network, Pen pen) {
    lock.lock();
    try {
      var number = ring.add(micros(), network, pen.bytes(), pen.length());
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

  /** The memory that entries take, and are going to take next. */
  public long bytes() {
    return extent().bytes();
  }

  /**
   * How far the recording reaches.
   *
   * @param last number of the last entry; 0 before the first
   * @param dropped how many entries are not kept any more
   * @param bytes of memory that it takes
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
   * Some of the entries after this one, the oldest first: few, since who records waits meanwhile,
   * and not large, since whom they are for may take them slowly.
   *
   * @param wanted of what network, by its key; empty: of none
   */
  Ring.Some after(long number, Predicate<String> wanted) {
    lock.lock();
    try {
      return ring.after(number, LOOKED_AT, READ, wanted);
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
