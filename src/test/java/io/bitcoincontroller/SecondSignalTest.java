package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.bitcoincontroller.local.http.HttpRequest;
import io.bitcoincontroller.local.user.Seen;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Work is in hand that can't end: the API server keeps a request and does not answer. */
final class SecondSignalTest {
  /** A call to the API server is given up after this, and then the process would end in order. */
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final CountDownLatch kept = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private Stage stage;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    stage = new Stage(folder);
    stage.cluster.api().requests().tell(this::keep);
  }

  @AfterEach
  void end() throws IOException {
    over.countDown();
    stage.close();
  }

  /** Of the controller's requests the first write. */
  private Runnable keep(HttpRequest request) throws IOException {
    if (request.method().equals("POST") && request.path().endsWith("/secrets")) {
      kept.countDown();
      try {
        over.await();
      } catch (InterruptedException e) {
        throw (IOException) new InterruptedIOException().initCause(e);
      }
    }
    return () -> {};
  }

  @ParameterizedTest
  @CsvSource({"TERM, TERM, 143", "TERM, INT, 130", "INT, HUP, 129"})
  void theFirstSignalWaitsForTheWorkAndTheSecondEndsItAtOnce(String first, String second, int code)
      throws Exception {
    for (var signal : List.of(first, second)) {
      assumeFalse(ignored(signal), signal + " is ignored here, as nohup and shells' & do");
    }
    var controller = stage.startController();
    stage.create("kept", "{nodes: 1}");
    kept.await();
    var start = System.nanoTime();
    controller.signal(first);
    stage.await("it takes no new work", this::notReady);
    assertTrue(controller.alive(), controller::lastWords);
    controller.signal(second);
    assertEquals(OptionalInt.of(code), controller.exitCode(DEADLINE), controller::lastWords);
    var took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(DEADLINE) < 0, took::toString);
  }

  /** Whether this process, and so each that it starts, was started with the signal ignored. */
  private static boolean ignored(String signal) throws IOException {
    var number = Map.of("HUP", 1, "INT", 2, "TERM", 15).getOrDefault(signal, 0);
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      var mask =
          lines
              .filter(line -> line.startsWith("SigIgn:"))
              .findFirst()
              .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
              .orElse(0L);
      return (mask & (1L << (number - 1))) != 0;
    }
  }

  private Seen notReady() throws IOException, InterruptedException {
    var answer = stage.controller().get("/readyz");
    return answer.statusCode() == 503 ? new Seen.Good("") : new Seen.NotYet("503", answer.body());
  }
}
