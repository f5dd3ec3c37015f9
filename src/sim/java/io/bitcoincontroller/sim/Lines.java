package io.bitcoincontroller.sim;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Cuts what is written into lines. */
final class Lines extends OutputStream {
  private final Consumer<String> taker;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  Lines(Consumer<String> taker) {
    this.taker = taker;
  }

  @Override
  public void write(int b) {
    if (b != '\n') {
      line.write(b);
      return;
    }
    taker.accept(line.toString(StandardCharsets.UTF_8));
    line.reset();
  }
}
