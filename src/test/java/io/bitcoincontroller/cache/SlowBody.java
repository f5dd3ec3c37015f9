package io.bitcoincontroller.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongConsumer;

/** A stream that takes its (simulated) time, and ends in one of three ways. */
final class SlowBody extends InputStream {
  /**
   * Some bytes.
   *
   * @param afterNanos after those before
   */
  record Chunk(long afterNanos, String text) {}

  private final Deque<Chunk> chunks;
  private final Optional<IOException> end;
  private final LongConsumer clock;
  private InputStream now = InputStream.nullInputStream();

  /**
   * Nothing has come yet.
   *
   * @param end how it breaks, or {@link SimulatedReflector.Silence}; empty: in order
   * @param clock is told how much time passes
   */
  SlowBody(Collection<Chunk> chunks, Optional<IOException> end, LongConsumer clock) {
    this.chunks = new ArrayDeque<>(chunks);
    this.end = end;
    this.clock = clock;
  }

  @Override
  public int read() throws IOException {
    var single = new byte[1];
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    var count = now.read(target, offset, length);
    while (count < 0 && !chunks.isEmpty()) {
      var next = chunks.remove();
      clock.accept(next.afterNanos());
      now = new ByteArrayInputStream(next.text().getBytes(UTF_8));
      count = now.read(target, offset, length);
    }
    if (count < 0 && end.isPresent()) {
      throw end.get();
    }
    return count;
  }
}
