package io.bitcoincontroller.recorder;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The last entries, in a bounded number of bytes. Not safe for two threads. */
final class Ring {
  /** What an entry takes besides its text: two objects and a reference, about. */
  private static final int OVERHEAD = 80;

  private final long mostBytes;

  /** In the place of an entry that has gone. */
  private static final Entry GONE = new Entry(0, 0, "", "");

  /** Their numbers have no gaps, so an entry is found by its number. */
  private final ArrayList<Entry> entries = new ArrayList<>();

  /** How many of them have gone. */
  private int gone;

  private long bytes;
  private long last;

  /**
   * @param mostBytes of all entries together; one that is larger is not kept
   */
  Ring(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** Numbers an entry and keeps it; the oldest go. Returns its number, from 1. */
  long add(long micros, String network, String object) {
    var entry = new Entry(++last, micros, network, object);
    entries.add(entry);
    bytes += weight(entry);
    while (bytes > mostBytes) {
      bytes -= weight(entries.set(gone++, GONE));
    }
    if (gone > entries.size() / 2) {
      entries.subList(0, gone).clear();
      gone = 0;
    }
    return last;
  }

  private static int weight(Entry entry) {
    return OVERHEAD + entry.object().length();
  }

  /** The number of the last entry; 0 before the first. */
  long last() {
    return last;
  }

  private int kept() {
    return entries.size() - gone;
  }

  /** How many entries are not kept any more. */
  long dropped() {
    return last - kept();
  }

  long bytes() {
    return bytes;
  }

  /** Whether an entry will be kept for a while: it is among the newer half. */
  boolean isRecent(long number) {
    return number > dropped() + kept() / 2;
  }

  /**
   * The entries after this one, the oldest first.
   *
   * @param most how many are looked at
   */
  List<Entry> after(long number, int most, Predicate<Entry> wanted) {
    var found = new ArrayList<Entry>();
    var first = Math.max(number, dropped());
    for (var next = first + 1; next <= Math.min(last, first + most); next++) {
      var entry = entries.get(gone + (int) (next - dropped()) - 1);
      if (wanted.test(entry)) {
        found.add(entry);
      }
    }
    return found;
  }
}
