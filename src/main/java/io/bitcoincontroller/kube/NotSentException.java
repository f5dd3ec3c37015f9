package io.bitcoincontroller.kube;

import java.io.IOException;

/** A request that was held back, and has had no effect. */
public final class NotSentException extends IOException {
  private static final long serialVersionUID = 1;

  public NotSentException(String why) {
    super(why);
  }
}
