package io.bitcoincontroller.access;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A bearer token in a file that somebody keeps fresh, as the kubelet does with a pod's service
 * account token: read again when it was read 60 s ago, or was refused.
 */
final class TokenFile implements Credential {
  private static final long OLDEST_NANOS = Duration.ofSeconds(60).toNanos();

  private final String role;
  private final Path file;
  private final LongSupplier nanoTime;

  /** Empty before the first reading, and after a refusal. */
  private Optional<String> last = Optional.empty();

  private long readNanos;

  /**
   * Reads nothing yet.
   *
   * @param role of the file, at the head of messages
   */
  TokenFile(String role, Path file, LongSupplier nanoTime) {
    this.role = role;
    this.file = file;
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized Optional<String> authorization() throws IOException {
    var now = nanoTime.getAsLong();
    if (last.isEmpty() || now - readNanos >= OLDEST_NANOS) {
      var token = BearerToken.check(role + " " + file, SmallFile.read(role, file));
      last = Optional.of("Bearer " + token);
      readNanos = now;
    }
    return last;
  }

  @Override
  public synchronized void refused() {
    last = Optional.empty();
  }

  @Override
  public String toString() {
    return "TokenFile[" + file + "]";
  }
}
