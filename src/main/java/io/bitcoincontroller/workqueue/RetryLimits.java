package io.bitcoincontroller.workqueue;

import io.bitcoincontroller.timing.Backoff;
import java.time.Duration;

/**
 * How fast failed keys come back.
 *
 * @param backoff per key, by its failures in a row
 * @param perSecond retries of all keys together, once the burst is used up; 1 to 1,000,000
 * @param burst retries that may come at once after a quiet time; at least 1
 */
public record RetryLimits(Backoff backoff, int perSecond, int burst) {
  /**
   * Per key as client-go, but 5 minutes at most, not 16. Overall 100 a second after a burst of
   * 1,000, where client-go has 10 after 100: if the API server is away when 1,000 networks are
   * first looked at, client-go's last one would be tried again after a minute and a half. The
   * bucket is for the storm that the back-off of each key can't see, and 100 passes a second of
   * some four requests each are no storm for an API server.
   *
   * <p>A controller that looks at every key from time to time, as ours does every 30 s, tries it
   * again no later than that: what goes wrong with one thing is no reason to leave the others
   * unlooked at.
   */
  public static final RetryLimits DEFAULT =
      new RetryLimits(new Backoff(Duration.ofMillis(5), Duration.ofMinutes(5), 0.2), 100, 1000);

  public RetryLimits {
    if (perSecond < 1 || perSecond > 1_000_000 || burst < 1) {
      throw new IllegalArgumentException("not a limit: " + perSecond + "/s, burst " + burst);
    }
  }

  TokenBucket bucket(long nowNanos) {
    return new TokenBucket(
        Duration.ofSeconds(1).toNanos() / perSecond, burst, backoff.max().toNanos(), nowNanos);
  }
}
