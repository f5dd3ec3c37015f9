package io.bitcoincontroller.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a watch: one JSON object a line, each with a {@code type} and an {@code object}. An object
 * that can't be read, or a line that breaks off, is an event of its own kind, and the next line is
 * read as if nothing had been.
 *
 * <p>For one thread. Closing the body from another thread ends a reader that waits.
 */
public final class WatchReader<T extends KubeObject> {
  /** Set to {@code "true"} on the bookmark that completes a streamed list (KEP-3157). */
  private static final String INITIAL_EVENTS_END = "k8s.io/initial-events-end";

  private static final Set<String> OF_OBJECTS = Set.of("ADDED", "MODIFIED", "DELETED");

  /** The content of a bookmark's object, whatever its kind. */
  private record Marker(Meta metadata) {}

  private final Cutter cutter;
  private final Decoder<T> decoder;
  private final LeftOut unread;

  /** Of the line in hand, as far as it was read. */
  private String type = "";

  private Identity identity = Identity.NONE;

  /** Reads nothing yet: the first line of a quiet watch may be a minute away. */
  public WatchReader(InputStream body, Class<T> type) {
    this.cutter = new Cutter(body, true);
    this.decoder = new Decoder<>(type);
    this.unread = LeftOut.of(type);
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
    if (!cutter.startLine()) {
      return Optional.empty();
    }
    type = "";
    identity = Identity.NONE;
    try (cutter) {
      return Optional.of(line());
    } catch (Cutter.BrokenLine e) {
      return Optional.of(broken(e));
    }
  }

  private WatchEvent<T> line() throws IOException {
    if (cutter.take() != '{') {
      throw new IOException("not a watch line, which begins with {");
    }
    Optional<WatchEvent<T>> event = Optional.empty();
    // Every server sends the type first. JSON lets it come last, and then the object has to wait.
    Optional<Frame> early = Optional.empty();
    int separator;
    do {
      var field = cutter.value(LeftOut.NOTHING).word();
      cutter.take(':');
      if (field.equals("object")) {
        var frame = object();
        if (type.isEmpty()) {
          early = Optional.of(frame.copy());
        } else {
          event = Optional.of(event(frame));
        }
      } else {
        var value = cutter.value(LeftOut.NOTHING);
        type = field.equals("type") ? value.word() : type;
      }
      separator = cutter.take();
    } while (separator == ',');
    if (separator != '}') {
      throw cutter.broken();
    }
    if (early.isPresent()) {
      event = Optional.of(event(early.get()));
    }
    return event.orElseThrow(() -> new IOException("a watch line without an object"));
  }

  /** The identity is to be known even if its line breaks off. */
  private Frame object() throws IOException {
    try {
      return cutter.value(OF_OBJECTS.contains(type) ? unread : LeftOut.NOTHING);
    } finally {
      identity = cutter.identity();
    }
  }

  private WatchEvent<T> broken(Cutter.BrokenLine e) throws IOException {
    if (!OF_OBJECTS.contains(type)) {
      throw new IOException("no watch event: " + e.getMessage(), e);
    }
    return new WatchEvent.Unreadable<>(
        decoder.unreadable(identity, String.valueOf(e.getMessage())), type.equals("DELETED"));
  }

  private WatchEvent<T> event(Frame frame) throws IOException {
    return switch (type) {
      case "ADDED", "MODIFIED", "DELETED" ->
          switch (decoder.decode(frame)) {
            case Parsed.Unreadable<T> unreadable ->
                new WatchEvent.Unreadable<>(unreadable, type.equals("DELETED"));
            case Parsed.Whole<T>(var object) when type.equals("DELETED") ->
                new WatchEvent.Deleted<>(object);
            case Parsed.Whole<T>(var object) when type.equals("ADDED") ->
                new WatchEvent.Added<>(object);
            case Parsed.Whole<T>(var object) -> new WatchEvent.Modified<>(object);
          };
      case "BOOKMARK" -> bookmark(frame);
      case "ERROR" -> failed(Json.read(frame, JsonNode.class));
      default -> throw new IOException("unknown type of watch event: " + type);
    };
  }

  private WatchEvent<T> bookmark(Frame frame) {
    try {
      var marker = Json.read(frame, Marker.class);
      if (marker != null
          && marker.metadata() != null
          && !marker.metadata().resourceVersion().isEmpty()) {
        var end = marker.metadata().annotations().get(INITIAL_EVENTS_END);
        return new WatchEvent.Bookmark<>(marker.metadata().resourceVersion(), "true".equals(end));
      }
      return unmarked("a bookmark without metadata.resourceVersion");
    } catch (IOException e) {
      return unmarked("a bookmark: " + Decoder.reason(e));
    }
  }

  private WatchEvent<T> unmarked(String why) {
    return new WatchEvent.Unreadable<>(decoder.unreadable(Identity.NONE, why), false);
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
