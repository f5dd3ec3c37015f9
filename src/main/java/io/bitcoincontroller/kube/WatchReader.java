package io.bitcoincontroller.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads a watch: one JSON object a line, each with a {@code type} and an {@code object}. An object
 * goes from the parser straight into its record; no line exists as a string or a tree.
 *
 * <p>For one thread. Closing the body from another thread ends a reader that waits.
 */
public final class WatchReader<T extends KubeObject> {
  /** Set to {@code "true"} on the bookmark that completes a streamed list (KEP-3157). */
  private static final String INITIAL_EVENTS_END = "k8s.io/initial-events-end";

  /** What a bookmark's object holds, whatever its kind. */
  private record Marker(Meta metadata) {}

  private static final ObjectReader MARKERS = Json.MAPPER.readerFor(Marker.class);
  private static final ObjectReader TREES = Json.MAPPER.readerFor(JsonNode.class);

  private final JsonSource<T> source;

  /** Reads nothing yet: the first line of a quiet watch may be a minute away. */
  public WatchReader(InputStream body, Class<T> type) {
    this.source = new JsonSource<>(body, type);
  }

  /**
   * Waits for the next line.
   *
   * @return empty if the server ended the watch between two lines, as it does after {@code
   *     timeoutSeconds}
   * @throws IOException if the wire failed, the stream was cut inside a line, or a line is no watch
   *     event; never with part of an event delivered. Only closing is useful then.
   */
  public Optional<WatchEvent<T>> next() throws IOException {
    source.expectObject();
    try {
      source.renewParser();
      var parser = source.parser();
      var first = parser.nextToken();
      if (first == null) {
        return Optional.empty();
      }
      JsonSource.expect(first, JsonToken.START_OBJECT, "a watch line");
      return Optional.of(line(parser));
    } catch (JsonProcessingException e) {
      throw source.explain(e);
    }
  }

  private WatchEvent<T> line(JsonParser parser) throws IOException {
    var type = "";
    Optional<WatchEvent<T>> event = Optional.empty();
    // Every server sends the type first. JSON lets it come last, and then the object has to wait.
    Optional<TokenBuffer> early = Optional.empty();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "type" -> type = parser.getText();
        case "object" -> {
          if (type.isEmpty()) {
            early = Optional.of(buffered(parser));
          } else {
            event = Optional.of(event(type, parser));
          }
        }
        default -> parser.skipChildren();
      }
    }
    if (early.isPresent()) {
      event = Optional.of(late(type, early.get()));
    }
    return event.orElseThrow(() -> new IOException("a watch line without an object"));
  }

  private static TokenBuffer buffered(JsonParser parser) throws IOException {
    var buffer = new TokenBuffer(parser);
    buffer.copyCurrentStructure(parser);
    return buffer;
  }

  private WatchEvent<T> late(String type, TokenBuffer buffer) throws IOException {
    try (buffer;
        var parser = buffer.asParser(Json.MAPPER)) {
      parser.nextToken();
      return event(type, parser);
    }
  }

  private WatchEvent<T> event(String type, JsonParser parser) throws IOException {
    return switch (type) {
      case "ADDED" -> new WatchEvent.Added<>(source.object(parser));
      case "MODIFIED" -> new WatchEvent.Modified<>(source.object(parser));
      case "DELETED" -> new WatchEvent.Deleted<>(source.object(parser));
      case "BOOKMARK" -> bookmark(parser);
      case "ERROR" -> failed(TREES.readValue(parser));
      default -> throw new IOException("unknown type of watch event: " + type);
    };
  }

  private WatchEvent<T> bookmark(JsonParser parser) throws IOException {
    JsonSource.expect(parser.currentToken(), JsonToken.START_OBJECT, "an object");
    Marker marker = MARKERS.readValue(parser);
    if (marker.metadata() == null || marker.metadata().resourceVersion().isEmpty()) {
      throw new IOException("a bookmark without metadata.resourceVersion");
    }
    var end = marker.metadata().annotations().get(INITIAL_EVENTS_END);
    return new WatchEvent.Bookmark<>(marker.metadata().resourceVersion(), "true".equals(end));
  }

  /** A stream has no header left to carry Retry-After, so Status.details has it. */
  private WatchEvent<T> failed(JsonNode status) {
    var seconds = status.path("details").path("retryAfterSeconds").asInt(0);
    var retryAfter =
        seconds > 0 ? Optional.of(Duration.ofSeconds(seconds)) : Optional.<Duration>empty();
    return new WatchEvent.Failed<>(
        ApiServer.failure(status.path("code").asInt(), status, retryAfter));
  }
}
