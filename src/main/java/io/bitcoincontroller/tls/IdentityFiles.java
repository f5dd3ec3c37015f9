package io.bitcoincontroller.tls;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** A client certificate and key, read again every minute where they come from files. */
public final class IdentityFiles implements ClientIdentity {
  private static final long OLDEST_NANOS = Duration.ofSeconds(60).toNanos();

  private final Kept<Identity> identity;

  /**
   * Reads nothing yet.
   *
   * @param complaints see {@link Kept}
   */
  public IdentityFiles(
      Material certificate, Material key, LongSupplier nanoTime, Consumer<String> complaints) {
    this.identity =
        new Kept<>(_ -> Identity.of(certificate, key), OLDEST_NANOS, nanoTime, complaints);
  }

  @Override
  public Optional<Identity> current() throws IOException {
    return Optional.of(identity.current());
  }

  @Override
  public void refused(Identity shown) {
    identity.refused();
  }
}
