package io.bitcoincontroller.recorder;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/** The last entries, in a bounded number of bytes. Not safe for two threads. */
final class Ring {
  /** What an entry takes besides its text: two objects and a reference, about. */
  private static final int OVERHEAD = 80;

  private final long mostBytes;
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private long bytes;
  private long last;

  /**
   * @param mostBytes of all entries together; one that is larger is not kept
   */
  Ring(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** Numbers an entry and keeps it; the oldest go. Returns its number, from 1. */
  long add(long micros, String network, String rest) {
    var entry = new Entry(++last, micros, network, rest);
    entries.add(entry);
    bytes += weight(entry);
    while (bytes > mostBytes) {
      bytes -= weight(entries.remove());
    }
    return last;
  }

  private static int weight(Entry entry) {
    return OVERHEAD + entry.rest().length();
  }

  /** The number of the last entry; 0 before the first. */
  long last() {
    return last;
  }

  /** How many entries are not kept any more. */
  long dropped() {
    return last - entries.size();
  }

  long bytes() {
    return bytes;
  }

  /** Whether an entry will be kept for a while: it is among the newer half. */
  boolean isRecent(long number) {
    return number > dropped() + entries.size() / 2;
  }

  /**
   * The entries after this one, the oldest first.
   *
   * @param most how many are looked at
   */
  List<Entry> after(long number, int most, Predicate<Entry> wanted) {
    var found = new ArrayList<Entry>();
    var newest = entries.descendingIterator();
    while (newest.hasNext()) {
      var entry = newest.next();
      if (entry.number() <= number) {
        break;
      }
      if (entry.number() <= Math.max(number, dropped()) + most && wanted.test(entry)) {
        found.add(entry);
      }
    }
    Collections.reverse(found);
    return found;
  }
}
