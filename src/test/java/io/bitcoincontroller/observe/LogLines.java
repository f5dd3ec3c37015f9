package io.bitcoincontroller.observe;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;

/** A log for tests that look at what was said; its clock stands still. */
public final class LogLines {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Says what an operator sees by default: all but DEBUG. */
  public final Log log =
      new Log(
          Log.Level.INFO,
          Log.Format.TEXT,
          new PrintStream(bytes, true, UTF_8),
          () -> Instant.EPOCH);

  /** A log on standard error, for tests that nobody reads unless they fail, and for tools. */
  public static Log onStandardError() {
    return new Log(Log.Level.INFO, Log.Format.TEXT, System.err, Instant::now);
  }

  /** All of it, by now. */
  @Override
  public String toString() {
    return bytes.toString(UTF_8);
  }
}
