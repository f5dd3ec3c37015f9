package io.bitcoincontroller.bench;

import java.util.Locale;

/** The bound that a median must keep. */
public sealed interface Goal {
  record None() implements Goal {}

  record Under(double bound) implements Goal {}

  record AtMost(double bound) implements Goal {}

  record Over(double bound) implements Goal {}

  static Goal none() {
    return new None();
  }

  /** The last column of a row. */
  default String verdict(double median) {
    return switch (this) {
      case None _ -> "";
      case Under(var bound) -> "under " + text(bound) + (median < bound ? ": met" : ": MISSED");
      case AtMost(var bound) -> "at most " + text(bound) + (median <= bound ? ": met" : ": MISSED");
      case Over(var bound) -> "over " + text(bound) + (median > bound ? ": met" : ": MISSED");
    };
  }

  private static String text(double bound) {
    return bound == Math.rint(bound)
        ? String.format(Locale.ROOT, "%,.0f", bound)
        : Double.toString(bound);
  }
}
