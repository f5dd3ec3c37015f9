package io.bitcoincontroller.recorder;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.bitcoincontroller.observe.PassNumber;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * Writes the JSON of one entry after another. A new generator for each entry would cost more than
 * what it writes, so it is kept. Its buffer never shrinks: one that is not small is to be dropped,
 * and one that threw. Not safe for two threads.
 */
final class Pen {
  private static final class Text extends ByteArrayOutputStream {
    Text() {
      super(1024);
    }

    byte[] bytes() {
      return buf;
    }
  }

  private static final int LARGE = 64 * 1024;

  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .rootValueSeparator("")
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  private final Text text = new Text();
  private final JsonGenerator json;
  private int fields;

  Pen() {
    try {
      json = JSON.createGenerator(text);
    } catch (IOException e) {
      throw inMemory(e);
    }
  }

  /**
   * Writes an entry without number and time, in place of the one before.
   *
   * @param network its key; empty: of none
   */
  void write(String kind, String network, Recorder.Body body) {
    text.reset();
    try {
      json.writeStartObject();
      json.writeStringField("kind", kind);
      var pass = PassNumber.current();
      if (pass.isPresent()) {
        json.writeNumberField("pass", pass.getAsLong());
      }
      if (!network.isEmpty()) {
        json.writeStringField("network", network);
      }
      json.flush();
      fields = text.size();
      body.write(json);
      json.writeEndObject();
      json.flush();
    } catch (IOException e) {
      throw inMemory(e);
    }
  }

  /** What was written, in ASCII, at the beginning of this; the next entry replaces it. */
  byte[] bytes() {
    return text.bytes();
  }

  /** How many of the bytes were written. */
  int length() {
    return text.size();
  }

  /**
   * Of the body's own fields. One sum of 32 bits would be the same for other texts now and then;
   * these two are computed by processors in hardware.
   */
  long hash() {
    return sum(new CRC32()) << 32 | sum(new CRC32C());
  }

  private long sum(Checksum sum) {
    sum.update(text.bytes(), fields, text.size() - fields);
    return sum.getValue();
  }

  /** Whether its buffer is small enough to be kept. */
  boolean isSmall() {
    return text.bytes().length <= LARGE;
  }

  private static UncheckedIOException inMemory(IOException e) {
    return new UncheckedIOException("no JSON can be written into memory", e);
  }
}
