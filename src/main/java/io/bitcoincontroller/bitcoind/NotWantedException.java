package io.bitcoincontroller.bitcoind;

import java.io.IOException;

/** The calls were not sent: when their turn came, nobody wanted them any more. */
public final class NotWantedException extends IOException {
  private static final long serialVersionUID = 1L;

  public NotWantedException() {
    super("not wanted any more");
  }
}
