package io.bitcoincontroller.local.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.local.user.Seen;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class TellerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final Opened opened = new Opened();
  private long now;
  private Optional<String> trouble = Optional.empty();

  private boolean tell(Step... steps) throws InterruptedException {
    var screen = new Screen(new PrintStream(shown, true, StandardCharsets.UTF_8), false);
    return new Teller(screen, opened, () -> now, () -> trouble).tell(List.of(steps));
  }

  private String shown() {
    return shown.toString(StandardCharsets.UTF_8);
  }

  /** Looking takes this long on the test's clock. */
  private Seen after(Duration time, Seen seen) {
    now += time.toNanos();
    return seen;
  }

  @Test
  void aStepPassesWhenItIsSeenAtLast() throws InterruptedException {
    var looks = new AtomicInteger();
    Seen.Look third =
        () ->
            after(
                Duration.ofSeconds(1),
                looks.incrementAndGet() < 3
                    ? new Seen.NotYet("it", "nothing")
                    : new Seen.Good("it"));
    assertTrue(tell(Step.seen("seen at last", PATIENCE, third)));
    assertEquals("  3.00 s  ok    seen at last  (it)\n", shown());
  }

  @Test
  void aNodeThatDoesNotAnswerIsAskedAgain() throws InterruptedException {
    var looks = new AtomicInteger();
    Seen.Look second =
        () -> {
          if (looks.incrementAndGet() == 1) {
            throw new IOException("warming up");
          }
          return new Seen.Good("");
        };
    assertTrue(tell(Step.seen("answered", PATIENCE, second)));
  }

  @Test
  void afterTheFirstFailureNothingElseIsDone() throws InterruptedException {
    Seen.Look never = () -> after(Duration.ofSeconds(4), new Seen.NotYet("three", "two"));
    var failing = Step.seen("impossible", PATIENCE, never);
    var next =
        Step.of("next", PATIENCE, () -> assertTrue(false, "not reached"), () -> new Seen.Good(""));
    assertFalse(tell(failing, next));
    assertEquals(" 12.00 s  FAILED  impossible\n  expected  three\n  seen      two\n", shown());
  }

  @Test
  void aStepThatIsTooLateFailsAlthoughItIsSeen() throws InterruptedException {
    Seen.Look slow = () -> after(Duration.ofSeconds(3), new Seen.Good("3 links"));
    assertFalse(tell(Step.seen("meshed", PATIENCE, slow).within(Duration.ofSeconds(2))));
    assertEquals(
        "  3.00 s  FAILED  meshed\n  expected  within 2.00 s\n  seen      3 links\n", shown());
  }

  @Test
  void anActionThatFailsIsTold() throws InterruptedException {
    Step.Action failing =
        () -> {
          throw new IOException("HTTP 403 Forbidden");
        };
    assertFalse(tell(Step.of("applied", PATIENCE, failing, () -> new Seen.Good(""))));
    assertTrue(shown().contains("HTTP 403 Forbidden"), shown());
  }

  @Test
  void nobodyWaitsForAControllerThatHasEnded() throws InterruptedException {
    trouble = Optional.of("the controller has ended");
    assertFalse(tell(Step.seen("meshed", PATIENCE, () -> new Seen.NotYet("links", "none"))));
    assertTrue(shown().contains("the controller has ended"), shown());
  }

  @Test
  void aSignalEndsTheWaitingAtOnce() {
    Seen.Look signal =
        () -> {
          opened.end();
          return new Seen.NotYet("it", "nothing");
        };
    assertThrows(InterruptedException.class, () -> tell(Step.seen("stopped", PATIENCE, signal)));
    assertEquals("", shown());
  }
}
