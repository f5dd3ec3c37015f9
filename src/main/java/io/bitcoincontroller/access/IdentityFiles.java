package io.bitcoincontroller.access;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** A client certificate and key, read again every minute where they come from files. */
final class IdentityFiles implements ClientIdentity {
  private static final long OLDEST_NANOS = Duration.ofSeconds(60).toNanos();

  private final Material certificate;
  private final Material key;
  private final LongSupplier nanoTime;

  /** Empty before the first reading, and after a refusal. */
  private Optional<Identity> last = Optional.empty();

  private long readNanos;

  IdentityFiles(Material certificate, Material key, LongSupplier nanoTime) {
    this.certificate = certificate;
    this.key = key;
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized Optional<Identity> current() throws IOException {
    var now = nanoTime.getAsLong();
    if (last.isEmpty() || now - readNanos >= OLDEST_NANOS) {
      last = Optional.of(Identity.of(certificate, key));
      readNanos = now;
    }
    return last;
  }

  @Override
  public synchronized void refused() {
    last = Optional.empty();
  }
}
