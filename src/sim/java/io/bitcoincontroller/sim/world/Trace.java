package io.bitcoincontroller.sim.world;

import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The story of a run, a line for each thing that happened. */
public final class Trace {
  private final LongSupplier nanos;
  private final Consumer<String> lines;
  private final boolean wanted;
  private Optional<BiConsumer<String, String>> listener = Optional.empty();

  /** Takes each line. */
  public static Trace to(LongSupplier nanos, Consumer<String> lines) {
    return new Trace(nanos, lines, true);
  }

  /** Tells nobody. */
  public static Trace none() {
    return new Trace(() -> 0, _ -> {}, false);
  }

  private Trace(LongSupplier nanos, Consumer<String> lines, boolean wanted) {
    this.nanos = nanos;
    this.lines = lines;
    this.wanted = wanted;
  }

  /** From now on somebody else hears who did what. */
  public void tell(BiConsumer<String, String> who) {
    listener = Optional.of(who);
  }

  public boolean wanted() {
    return wanted;
  }

  /**
   * A line.
   *
   * @param who such as {@code user} or {@code kubelet}
   * @param what made only if somebody reads it
   */
  public void say(String who, Supplier<String> what) {
    listener.ifPresent(each -> each.accept(who, what.get()));
    if (wanted) {
      var millis = nanos.getAsLong() / 1_000_000;
      lines.accept(
          String.format(
              Locale.ROOT, "%4d.%03d s  %-12s %s", millis / 1000, millis % 1000, who, what.get()));
    }
  }
}
