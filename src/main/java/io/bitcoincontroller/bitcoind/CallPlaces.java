package io.bitcoincontroller.bitcoind;

import io.bitcoincontroller.timing.Ticker;
import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What calls to nodes need: a place, and memory for the answer. There is so much for all, and of
 * that so much for the nodes of one namespace, whose owner may be hostile. Safe for many threads.
 */
final class CallPlaces {
  /** For which a call keeps its place, if others wait. */
  static final Duration PROMPT = Duration.ofMillis(250);

  /** Of all networks together: each has a connection, and some memory for its answer. */
  private static final int CALLS_AT_A_TIME = 250;

  /** Beside them: of nodes that hang, each of which is asked for 5 s out of 35. */
  private static final int SLOW_CALLS = 350;

  /** A parser holds a transaction of megabytes before anybody can count it. */
  private static final int LARGE_AT_A_TIME = 3;

  private static final double PART = 0.75;

  private final Room calls;

  /** For those of them whose answers may be large. */
  private final Room large;

  private final AnswerMemory memory;
  private final Optional<CallPlaces> whole;

  private CallPlaces(Room calls, Room large, AnswerMemory memory, Optional<CallPlaces> whole) {
    this.calls = calls;
    this.large = large;
    this.memory = memory;
    this.whole = whole;
  }

  /**
   * All that there is.
   *
   * @param bytes for all answers
   */
  static CallPlaces whole(long bytes) {
    return new CallPlaces(
        room(CALLS_AT_A_TIME, SLOW_CALLS),
        room(LARGE_AT_A_TIME, LARGE_AT_A_TIME),
        new AnswerMemory(bytes),
        Optional.empty());
  }

  /** As much of it as one namespace may have; of the large answers a third. */
  CallPlaces part() {
    return new CallPlaces(
        room((int) (PART * CALLS_AT_A_TIME), (int) (PART * SLOW_CALLS)),
        room(LARGE_AT_A_TIME / 3, LARGE_AT_A_TIME / 3),
        memory.part(PART),
        Optional.of(this));
  }

  private static Room room(int places, int beside) {
    return new Room(places, beside, PROMPT, Ticker.SYSTEM);
  }

  AnswerMemory memory() {
    return memory;
  }

  /** Waits for a place. Those wait in their own part first: it keeps no others from theirs. */
  Closeable take(boolean isLarge) throws InterruptedException {
    var taken = new ArrayDeque<Room.Place>();
    try {
      for (var room : rooms(isLarge)) {
        taken.push(room.take());
      }
    } catch (InterruptedException e) {
      taken.forEach(Room.Place::close);
      throw e;
    }
    return () -> taken.forEach(Room.Place::close);
  }

  private List<Room> rooms(boolean isLarge) {
    var rooms = new ArrayList<Room>();
    if (isLarge) {
      rooms.add(large);
      whole.ifPresent(all -> rooms.add(all.large));
    }
    rooms.add(calls);
    whole.ifPresent(all -> rooms.add(all.calls));
    return rooms;
  }
}
