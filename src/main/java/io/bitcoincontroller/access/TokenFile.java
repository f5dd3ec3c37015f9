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
 * A bearer token in a file that somebody keeps fresh: the kubelet does so for the service account
 * of a pod. The file is read again after 60 s, and after a refusal.
 */
final class TokenFile implements Credential {
  private static final long OLDEST_NANOS = Duration.ofSeconds(60).toNanos();

  private final Path file;
  private final Kept<String> token;

  /** The header with the file's last text; empty before the first reading. */
  private String current = "";

  /** The last text before that was sent and not refused: the file may be half written now. */
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
