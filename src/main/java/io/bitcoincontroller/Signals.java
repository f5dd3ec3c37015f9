package io.bitcoincontroller;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;

/**
 * The signals that end the process: the first one in order, the second at once.
 *
 * <p>The JDK's own way, a shutdown hook, hears of the first only, and can't change the exit code.
 */
final class Signals {
  /** Exit codes as a shell has them for a process that died of the signal. */
  private static final Map<String, Integer> CODES = Map.of("HUP", 129, "INT", 130, "TERM", 143);

  private Signals() {}

  /** Runs this at the first signal; the second ends the process where it stands. */
  static void onFirst(Runnable stop) {
    var stopping = new AtomicBoolean();
    CODES.forEach(
        (name, code) ->
            Signal.handle(
                new Signal(name),
                _ -> {
                  if (stopping.getAndSet(true)) {
                    Runtime.getRuntime().halt(code);
                  }
                  stop.run();
                }));
  }
}
