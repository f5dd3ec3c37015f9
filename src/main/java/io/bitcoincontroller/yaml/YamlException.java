package io.bitcoincontroller.yaml;

import java.io.IOException;

/**
 * A text that {@link Yaml} can't read; whoever wrote the text must mend it.
 *
 * <p>The message is {@code line L, column C: …}, both counted from 1, and says what to do. It never
 * repeats a value: the text may be a kubeconfig, and the value a password.
 */
public final class YamlException extends IOException {
  private static final long serialVersionUID = 1L;

  YamlException(int line, int column, String what) {
    super("line " + line + ", column " + column + ": " + what);
  }
}
