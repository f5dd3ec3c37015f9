package io.bitcoincontroller.local.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

final class OpenedTest {
  private final Opened opened = new Opened();
  private final List<String> closed = new ArrayList<>();

  private void open(String name) throws IOException, InterruptedException {
    var _ = opened.open(() -> name, closed::add);
  }

  @Test
  void theNewestIsClosedFirstAndEachOnce() throws Exception {
    open("cluster");
    open("controller");
    opened.end();
    opened.end();
    assertEquals(List.of("controller", "cluster"), closed);
  }

  @Test
  void whatFailsToCloseDoesNotKeepTheOthersOpen() throws Exception {
    open("cluster");
    var _ =
        opened.open(
            () -> "controller",
            _ -> {
              throw new IOException("does not end");
            });
    assertThrows(IOException.class, opened::end);
    assertEquals(List.of("cluster"), closed);
  }

  @Test
  void nothingIsOpenedAfterTheEnd() throws Exception {
    opened.end();
    assertThrows(InterruptedException.class, () -> open("controller"));
    assertEquals(List.of(), closed);
  }

  @Test
  void whatIsBeingOpenedWhenTheEndComesIsClosedToo() throws Exception {
    var opening = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var opener =
          threads.submit(
              () ->
                  opened.open(
                      () -> {
                        opening.countDown();
                        opened.untilEnded();
                        return "cluster";
                      },
                      closed::add));
      opening.await();
      opened.end();
      opener.get();
    }
    assertEquals(List.of("cluster"), closed);
  }
}
