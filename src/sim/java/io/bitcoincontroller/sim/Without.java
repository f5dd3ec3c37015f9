package io.bitcoincontroller.sim;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The safeguards that a simulation can do without, to show what they are for. */
public enum Without {
  /** A key that is added while its pass runs is not looked at once more. */
  DIRTY_SET,
  /** No network is looked at just because time has passed. */
  RESYNC,
  /** Nobody ends a watch that has gone silent. */
  IDLE_WATCHDOG,
  /** A pass does not wait until the cache shows our own last writes. */
  READ_YOUR_WRITES,
  /** All nodes list the others in one and the same order. */
  ROTATION,
  /** A process acts although its lease is over. */
  FENCE,
  /** All pods may be replaced at once when the template changes. */
  GATED_ROLLOUT,
  /** One object that can't be read ends the watch. */
  SKIP_UNREADABLE,
  /** An object that is not there is applied, and not created. */
  POST_FIRST,
  /** Nodes are told whom to list, and not to dial at once. */
  ONETRY;

  /** As on the command line. */
  public String option() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Without> of(String option) {
    return Arrays.stream(values()).filter(each -> each.option().equals(option)).findFirst();
  }

  static String options() {
    return Arrays.stream(values()).map(Without::option).collect(Collectors.joining(" | "));
  }
}
