package io.bitcoincontroller.recorder;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.bitcoincontroller.observe.PassNumber;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Writes the JSON of one entry after another. A new generator for each entry would cost more than
 * what it writes, so it is kept. Its buffer never shrinks: after a large entry it is to be dropped,
 * as after an exception. Not safe for two threads.
 */
final class Pen {
  /**
   * An entry without number and time.
   *
   * @param object in ASCII: a byte for each character
   * @param fields where in it the body's own fields begin
   */
  record Written(String object, int fields) {
    /** FNV-1a with 64 bits, of the body's own fields. */
    long hash() {
      var hash = 0xcbf29ce484222325L;
      for (var i = fields; i < object.length(); i++) {
        hash = (hash ^ object.charAt(i)) * 0x100000001b3L;
      }
      return hash;
    }
  }

  private static final int LARGE = 64 * 1024;

  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .rootValueSeparator("")
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
  private final JsonGenerator json;

  Pen() {
    try {
      json = JSON.createGenerator(bytes);
    } catch (IOException e) {
      throw inMemory(e);
    }
  }

  /**
   * @param network its key; empty: of none
   */
  Written write(String kind, String network, Recorder.Body body) {
    bytes.reset();
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
      var fields = bytes.size();
      body.write(json);
      json.writeEndObject();
      json.flush();
      return new Written(bytes.toString(ISO_8859_1), fields);
    } catch (IOException e) {
      throw inMemory(e);
    }
  }

  /** Whether its buffer is small enough to be kept. */
  boolean isSmall() {
    return bytes.size() <= LARGE;
  }

  private static UncheckedIOException inMemory(IOException e) {
    return new UncheckedIOException("no JSON can be written into memory", e);
  }
}
