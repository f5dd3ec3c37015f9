package io.bitcoincontroller.access;

import io.bitcoincontroller.tls.Kept;
import io.bitcoincontroller.tls.SmallFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A bearer token in a file that somebody keeps fresh, as the kubelet does with a pod's service
 * account token: read again when it was read 60 s ago, or was refused.
 */
final class TokenFile implements Credential {
  private static final long OLDEST_NANOS = Duration.ofSeconds(60).toNanos();

  private final Path file;
  private final Kept<String> token;

  /** The file's last text, as it was sent; empty before the first. */
  private String current = "";

  /** What was sent before that and never refused: the file may have been half written. */
  private String before = "";

  /** The last one that was refused. */
  private String refused = "";

  /**
   * Reads nothing yet.
   *
   * @param role of the file, at the head of messages
   * @param complaints see {@link Kept}
   */
  TokenFile(String role, Path file, LongSupplier nanoTime, Consumer<String> complaints) {
    this.file = file;
    this.token =
        new Kept<>(
            _ -> "Bearer " + BearerToken.check(role + " " + file, SmallFile.read(role, file)),
            OLDEST_NANOS,
            nanoTime,
            complaints);
  }

  @Override
  public synchronized Optional<String> authorization() throws IOException {
    var now = token.current();
    if (!now.equals(current)) {
      before = current.equals(refused) ? before : current;
      current = now;
    }
    return Optional.of(now.equals(refused) && !before.isEmpty() ? before : now);
  }

  @Override
  public synchronized void refused(String sent) {
    if (sent.equals(before)) {
      before = "";
    } else if (sent.equals(current)) {
      refused = sent;
      token.refused();
    }
  }

  @Override
  public String toString() {
    return "TokenFile[" + file + "]";
  }
}
