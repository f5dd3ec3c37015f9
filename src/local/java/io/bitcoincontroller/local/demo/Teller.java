package io.bitcoincontroller.local.demo;

import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Carries out steps one after the other, up to the first that fails. */
final class Teller {
  private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(20).toNanos();

  /** Says what makes all further waiting useless; empty while nothing does. */
  @FunctionalInterface
  interface Trouble {
    Optional<String> look();
  }

  private final Screen screen;
  private final Opened opened;
  private final Ticker ticker;
  private final Trouble trouble;

  Teller(Screen screen, Opened opened, Ticker ticker, Trouble trouble) {
    this.screen = screen;
    this.opened = opened;
    this.ticker = ticker;
    this.trouble = trouble;
  }

  /**
   * Tells the story.
   *
   * @return whether all steps passed; the first that did not has been shown
   */
  boolean tell(List<Step> steps) throws InterruptedException {
    for (var step : steps) {
      if (!carriedOut(step)) {
        return false;
      }
    }
    return true;
  }

  private boolean carriedOut(Step step) throws InterruptedException {
    var start = ticker.nanos();
    screen.running(step.name(), Duration.ZERO, "");
    try {
      step.action().run();
    } catch (IOException e) {
      screen.failed(step.name(), since(start), "the step can be carried out", text(e));
      return false;
    }
    var seen = waitedFor(step, start);
    var took = since(start);
    return switch (seen) {
      case Seen.NotYet(var expected, var instead) -> {
        screen.failed(step.name(), took, expected, instead);
        yield false;
      }
      case Seen.Good(var note) -> {
        var late = step.promise().filter(limit -> took.compareTo(limit) > 0);
        late.ifPresentOrElse(
            limit -> screen.failed(step.name(), took, "within " + Screen.seconds(limit), note),
            () -> screen.passed(step.name(), took, note));
        yield late.isEmpty();
      }
    };
  }

  /** Looks again and again until it is good, or the patience is over. */
  private Seen waitedFor(Step step, long start) throws InterruptedException {
    while (true) {
      var seen = look(step.check());
      if (!(seen instanceof Seen.NotYet(var expected, var instead))) {
        return seen;
      }
      var why = trouble.look();
      if (why.isPresent()) {
        return new Seen.NotYet(expected, why.get() + "; before that: " + instead);
      }
      if (since(start).compareTo(step.patience()) > 0) {
        return seen;
      }
      screen.running(step.name(), since(start), instead);
      opened.pause(LOOK_AGAIN_NANOS);
    }
  }

  private static Seen look(Seen.Look check) throws InterruptedException {
    try {
      return check.look();
    } catch (IOException e) {
      return new Seen.NotYet("an answer", text(e));
    }
  }

  private static String text(IOException e) {
    return Optional.ofNullable(e.getMessage()).orElseGet(e::toString);
  }

  private Duration since(long start) {
    return Duration.ofNanos(ticker.nanos() - start);
  }
}
