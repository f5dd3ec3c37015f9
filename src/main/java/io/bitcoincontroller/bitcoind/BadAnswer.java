package io.bitcoincontroller.bitcoind;

import java.io.IOException;

/** What no bitcoind says; the message goes on after "answers what no bitcoind would: ". */
final class BadAnswer extends IOException {
  private static final long serialVersionUID = 1L;

  BadAnswer(String what) {
    super(what);
  }
}
