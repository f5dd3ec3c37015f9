package io.bitcoincontroller.cache;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A stream whose content is made as it is read, piece by piece: it is never there whole. */
final class Pieces extends InputStream {
  /** Where the pieces come from. */
  @FunctionalInterface
  interface Source {
    /**
     * The next piece, in UTF-8; empty at the end, for every later call too.
     *
     * @throws IOException where the stream breaks
     */
    Optional<byte[]> next() throws IOException;
  }

  private final Source source;
  private InputStream piece = InputStream.nullInputStream();

  Pieces(Source source) {
    this.source = source;
  }

  @Override
  public int read() throws IOException {
    var single = new byte[1];
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    var count = piece.read(target, offset, length);
    while (count < 0) {
      var next = source.next();
      if (next.isEmpty()) {
        return -1;
      }
      piece = new ByteArrayInputStream(next.get());
      count = piece.read(target, offset, length);
    }
    return count;
  }
}
