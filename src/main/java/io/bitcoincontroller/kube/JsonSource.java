package io.bitcoincontroller.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.Feature;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * The bytes of a streamed answer on their way into a parser: bounds how many one object may take,
 * and knows whether the stream ended, so that a cut is told apart from bad JSON.
 */
final class JsonSource<T extends KubeObject> extends FilterInputStream {
  /** etcd takes 1.5 MiB for an object; as JSON it can be a few times that. */
  static final int LARGEST_OBJECT = 8 * 1024 * 1024;

  /** The parser reads ahead this much at most, so that bytes of the next object count here. */
  private static final int READ_AHEAD = 64 * 1024;

  /**
   * A parser keeps every field name that it has read, to have it as a string the next time; the
   * managedFields of pods bring new ones (addresses, UIDs) as long as a stream lasts.
   */
  private static final int OBJECTS_A_PARSER = 1000;

  private final ObjectReader objects;
  private final Class<T> type;
  private Optional<JsonParser> opened = Optional.empty();
  private int objectsOfParser;

  /** What a former parser had read and not used. */
  private InputStream ahead = InputStream.nullInputStream();

  private long left;
  private boolean ended;

  JsonSource(InputStream body, Class<T> type) {
    super(body);
    this.objects = Json.MAPPER.readerFor(type);
    this.type = type;
    expectObject();
  }

  /** A new object begins: it may take {@link #LARGEST_OBJECT} bytes. */
  void expectObject() {
    left = LARGEST_OBJECT + READ_AHEAD;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    var count = ahead.read(target, offset, length);
    if (count < 0) {
      count = in.read(target, offset, length);
    }
    ended = count < 0;
    left -= Math.max(count, 0);
    if (left < 0) {
      throw new IOException("one object takes more than " + LARGEST_OBJECT + " bytes");
    }
    return count;
  }

  @Override
  public int read() throws IOException {
    var single = new byte[1];
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
  }

  /** Made late: finding out the encoding already reads, and waits for a first byte. */
  JsonParser parser() throws IOException {
    if (opened.isEmpty()) {
      // closing a parser is not to close the stream
      opened = Optional.of(Json.MAPPER.createParser(this).disable(Feature.AUTO_CLOSE_SOURCE));
    }
    return opened.get();
  }

  /** Between two objects, and only where they are not parts of a larger one. */
  void renewParser() throws IOException {
    objectsOfParser++;
    if (opened.isPresent() && objectsOfParser > OBJECTS_A_PARSER) {
      var unused = new ByteArrayOutputStream();
      opened.get().releaseBuffered(unused);
      ahead = new ByteArrayInputStream(unused.toByteArray());
      opened.get().close();
      opened = Optional.empty();
      objectsOfParser = 0;
    }
  }

  /** Reads the object at which the parser stands; one that can't be addressed is refused. */
  T object(JsonParser parser) throws IOException {
    expect(parser.currentToken(), JsonToken.START_OBJECT, "an object");
    var object = objects.readValue(parser, type);
    if (object.metadata() == null || object.metadata().name().isEmpty()) {
      throw new IOException("an object without metadata.name");
    }
    return object;
  }

  static void expect(JsonToken found, JsonToken wanted, String what) throws IOException {
    if (found != wanted) {
      throw new IOException("not " + what + ", but " + found);
    }
  }

  /** Says in one line what a parser's complaint about these bytes means. */
  IOException explain(JsonProcessingException complaint) {
    if (ended) {
      return new IOException("the stream was cut in the middle of an object", complaint);
    }
    // the location would add lines, and its offset would make each repetition look new
    complaint.clearLocation();
    return new IOException("unreadable: " + complaint.getMessage(), complaint);
  }
}
