package io.bitcoincontroller.recorder;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The last entries as bytes, in chunks that are filled one after another; the oldest chunk is
 * emptied and filled again. No entry is an object, so the garbage collector has nothing to copy or
 * to look for; and no chunk is in the heap, which would have to grow for them: with a thousand
 * networks one full collection more. Not safe for two threads.
 */
final class Ring {
  /** Some entries with numbers that follow each other. */
  private static final class Chunk {
    final ByteBuffer bytes;
    long first;
    int count;

    Chunk(int size) {
      this.bytes = ByteBuffer.allocateDirect(size);
    }

    Chunk emptied() {
      bytes.clear();
      count = 0;
      return this;
    }

    long last() {
      return first + count - 1;
    }
  }

  /** Time, and the lengths of network and object. */
  private static final int HEADER = Long.BYTES + 2 * Integer.BYTES;

  /** The oldest sixteenth goes at a time. An entry that does not fit in closes a chunk. */
  private static final int CHUNKS = 16;

  private final long mostBytes;
  private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
  private long bytes;
  private long last;

  /**
   * @param mostBytes of all chunks together; an entry that is larger is not kept, nor those before
   */
  Ring(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /**
   * Numbers an entry and keeps it; the oldest go.
   *
   * @param object in ASCII, as many of its bytes as {@code length}
   * @return its number, from 1
   */
  long add(long micros, String network, byte[] object, int length) {
    var name = network.getBytes(UTF_8);
    last++;
    roomFor(HEADER + name.length + length)
        .ifPresent(
            chunk -> {
              chunk.first = chunk.count == 0 ? last : chunk.first;
              chunk.count++;
              chunk.bytes.putLong(micros).putInt(name.length).putInt(length);
              chunk.bytes.put(name).put(object, 0, length);
            });
    return last;
  }

  private Optional<Chunk> roomFor(int entry) {
    if (!chunks.isEmpty() && chunks.getLast().bytes.remaining() >= entry) {
      return Optional.of(chunks.getLast());
    }
    var size = Math.max(entry, (int) (mostBytes / CHUNKS));
    var chunk = Optional.<Chunk>empty();
    while (!chunks.isEmpty() && bytes + size > mostBytes) {
      var oldest = chunks.removeFirst();
      bytes -= oldest.bytes.capacity();
      chunk = Optional.of(oldest);
    }
    if (size > mostBytes) {
      return Optional.empty();
    }
    var next =
        chunk
            .filter(old -> old.bytes.capacity() == size)
            .map(Chunk::emptied)
            .orElseGet(() -> new Chunk(size));
    chunks.addLast(next);
    bytes += size;
    return Optional.of(next);
  }

  /** The number of the last entry; 0 before the first. */
  long last() {
    return last;
  }

  /** How many entries are not kept any more. */
  long dropped() {
    return chunks.isEmpty() ? last : chunks.getFirst().first - 1;
  }

  /** The memory of all chunks. */
  long bytes() {
    return bytes;
  }

  /** Whether an entry stays while half of all the memory is filled once more. */
  boolean isRecent(long number) {
    var goes = bytes - mostBytes / 2;
    for (var chunk : chunks) {
      if (goes <= 0) {
        return number >= chunk.first;
      }
      goes -= chunk.bytes.capacity();
    }
    return false;
  }

  /**
   * Some entries.
   *
   * @param looked number of the last one that was looked at
   */
  record Some(List<Entry> entries, long looked) {}

  /**
   * The entries after this one, the oldest first.
   *
   * @param most how many are looked at
   * @param room for the bytes of those that are found; the first one is found in any case
   * @param wanted of what network, by its key; empty: of none
   */
  Some after(long number, int most, int room, Predicate<String> wanted) {
    var before = Math.max(number, dropped());
    var reading = new Reading(before, Math.min(last, before + most), room, wanted);
    for (var chunk : chunks) {
      if (chunk.first <= reading.end && chunk.last() > before) {
        reading.read(chunk);
      }
    }
    return new Some(reading.found, reading.end);
  }

  private static final class Reading {
    final List<Entry> found = new ArrayList<>();
    final long before;
    final Predicate<String> wanted;

    /** The last one to be looked at. */
    long end;

    int room;

    Reading(long before, long end, int room, Predicate<String> wanted) {
      this.before = before;
      this.end = end;
      this.room = room;
      this.wanted = wanted;
    }

    void read(Chunk chunk) {
      var bytes = chunk.bytes.duplicate().flip();
      for (var number = chunk.first; number <= Math.min(end, chunk.last()); number++) {
        var micros = bytes.getLong();
        var name = bytes.getInt();
        var length = bytes.getInt();
        var at = bytes.position();
        if (number > before && wanted.test(text(bytes, at, name, UTF_8))) {
          if (length > room && !found.isEmpty()) {
            end = number - 1;
            return;
          }
          room -= length;
          found.add(new Entry(number, micros, text(bytes, at + name, length, ISO_8859_1)));
        }
        bytes.position(at + name + length);
      }
    }
  }

  private static String text(ByteBuffer bytes, int at, int length, Charset charset) {
    var copy = new byte[length];
    bytes.get(at, copy);
    return new String(copy, charset);
  }
}
