package io.bitcoincontroller.workqueue;

import java.util.Locale;

/** What became of a key that was added. */
public enum Added {
  /** It waits for a worker now. */
  QUEUED,
  /** It waited already. */
  MERGED,
  /** A worker has it: it will be queued when that one is done. */
  AGAIN,
  /** The queue is shut down. */
  REFUSED;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
