package io.bitcoincontroller.bitcoind;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.timing.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RoomTest {
  private static final Duration MOST = Duration.ofMillis(20);

  private final Room room = new Room(2, 1, MOST, Ticker.SYSTEM);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  private static Room.Place placeOf(Future<Room.Place> taking) throws Exception {
    return taking.get(30, TimeUnit.SECONDS);
  }

  @Test
  void aCallThatTakesLongLeavesItsPlaceToTheNext() throws Exception {
    var began = System.nanoTime();
    var first = room.take();
    room.take();
    var third = room.take();
    assertTrue(System.nanoTime() - began >= MOST.toNanos(), "not before its time");
    var fourth = threads.submit(room::take);
    third.close();
    var place = placeOf(fourth);
    var fifth = threads.submit(room::take);
    first.close();
    placeOf(fifth);
    assertFalse(fifth.isCancelled());
    place.close();
  }

  @Test
  void whereTooManyTakeLongOthersWaitUntilOneEnds() throws Exception {
    var first = room.take();
    var second = room.take();
    room.take();
    var waiting = threads.submit(room::take);
    var end = System.nanoTime() + 5 * MOST.toNanos();
    while (System.nanoTime() < end) {
      assertFalse(waiting.isDone(), "there is no place beside");
    }
    second.close();
    placeOf(waiting);
    first.close();
  }

  @Test
  void allGetTheirPlaceInTheEndAlsoIfSomeAreInterrupted() throws Exception {
    var taking = new ArrayList<Future<Boolean>>();
    for (var n = 0; n < 500; n++) {
      taking.add(
          threads.submit(
              () -> {
                try (var _ = room.take()) {
                  return true;
                }
              }));
      if (n % 7 == 0) {
        taking.removeLast().cancel(true);
      }
    }
    for (var one : taking) {
      assertTrue(one.get(30, TimeUnit.SECONDS));
    }
  }
}
