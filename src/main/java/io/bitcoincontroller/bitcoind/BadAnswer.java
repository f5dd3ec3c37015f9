package io.bitcoincontroller.bitcoind;

import java.io.IOException;

/**
 * An answer that no bitcoind gives; the message goes on after "answers what no bitcoind would: ".
 */
final class BadAnswer extends IOException {
  private static final long serialVersionUID = 1L;

  BadAnswer(String what) {
    super(what);
  }
}
