package io.bitcoincontroller.leader;

import java.time.Duration;

/**
 * The three times of an election.
 *
 * @param lease how long others wait after the last sign of life; whole seconds, since the API
 *     stores those
 * @param renewDeadline how long a leader acts after its last renewal; shorter than the lease
 * @param retry between two tries to take or renew
 */
public record LeaseTimes(Duration lease, Duration renewDeadline, Duration retry) {
  /** client-go's. */
  public static final LeaseTimes DEFAULT =
      new LeaseTimes(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));

  public LeaseTimes {
    if (lease.toSeconds() < 1 || lease.toNanosPart() != 0 || lease.toSeconds() > 86_400) {
      throw new IllegalArgumentException(
          "the lease must be whole seconds, at least one and at most a day, not " + lease);
    }
    if (renewDeadline.compareTo(lease) >= 0) {
      throw new IllegalArgumentException(
          "the renew deadline " + renewDeadline + " must be shorter than the lease " + lease);
    }
    if (!retry.isPositive() || retry.plus(retry).compareTo(renewDeadline) > 0) {
      throw new IllegalArgumentException(
          "two retries of " + retry + " must fit into the renew deadline " + renewDeadline);
    }
  }
}
