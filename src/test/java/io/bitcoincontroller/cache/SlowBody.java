package io.bitcoincontroller.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongConsumer;

/** The pieces of a body that takes its (simulated) time, and ends in one of three ways. */
final class SlowBody implements Pieces.Source {
  /**
   * Some bytes.
   *
   * @param afterNanos after those before
   */
  record Chunk(long afterNanos, String text) {}

  private final Deque<Chunk> chunks;
  private final Optional<IOException> end;
  private final LongConsumer clock;

  /**
   * Nothing has come yet.
   *
   * @param end how it breaks, or {@link SimulatedReflector.Silence}; empty: in order
   * @param clock takes the nanoseconds that pass before each chunk
   */
  SlowBody(Collection<Chunk> chunks, Optional<IOException> end, LongConsumer clock) {
    this.chunks = new ArrayDeque<>(chunks);
    this.end = end;
    this.clock = clock;
  }

  @Override
  public Optional<byte[]> next() throws IOException {
    if (chunks.isEmpty() && end.isPresent()) {
      throw end.get();
    }
    return Optional.ofNullable(chunks.poll())
        .map(
            chunk -> {
              clock.accept(chunk.afterNanos());
              return chunk.text().getBytes(UTF_8);
            });
  }
}
