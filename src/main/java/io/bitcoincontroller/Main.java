package io.bitcoincontroller;

import io.bitcoincontroller.observe.Log;

/** Wires the parts together. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    Log.text().info("not wired yet");
  }
}
