package io.bitcoincontroller.sim;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What comes after a cluster has recovered from its faults, in this order. */
enum Part {
  /** Nothing happens, and nothing may be written. */
  QUIET,
  /** Each network's spec is changed twice. */
  CHANGES,
  /** All pods are replaced, and no block is lost. */
  ROLL_OUT;

  String option() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The options of several, by commas; {@code none} if there is none. */
  static String options(List<Part> parts) {
    return parts.isEmpty()
        ? "none"
        : parts.stream().map(Part::option).collect(Collectors.joining(","));
  }

  /** The reverse of {@link #options}. */
  static List<Part> of(String options) {
    var words = List.of(options.split(",", -1));
    return Arrays.stream(values()).filter(each -> words.contains(each.option())).toList();
  }
}
