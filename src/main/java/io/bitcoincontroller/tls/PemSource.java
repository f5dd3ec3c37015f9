package io.bitcoincontroller.tls;

import java.io.IOException;
import java.nio.file.Path;

/** A certificate or key in PEM, as the configuration names it. */
public sealed interface PemSource {
  /** The file or the field, at the head of messages. */
  String origin();

  /**
   * The PEM text as it is now.
   *
   * @throws IOException with a message for the user
   */
  String text() throws IOException;

  /** Given in place. {@code text} may be a key: it is not shown. */
  record Given(String origin, String text) implements PemSource {
    @Override
    public String toString() {
      return origin;
    }
  }

  /** In a file that somebody may replace while we run. */
  record InFile(String role, Path file) implements PemSource {
    @Override
    public String origin() {
      return role + " " + file;
    }

    @Override
    public String text() throws IOException {
      return SmallFile.read(role, file);
    }
  }
}
