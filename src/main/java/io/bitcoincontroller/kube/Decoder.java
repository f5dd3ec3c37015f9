package io.bitcoincontroller.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;

/** Makes objects of what was cut. No value of any kind is an error here. */
final class Decoder<T extends KubeObject> {
  private static final int LONGEST_REASON = 200;

  private final Class<T> type;

  Decoder(Class<T> type) {
    this.type = type;
  }

  Parsed<T> decode(Frame frame) {
    try {
      var object = Json.read(frame, type);
      return object == null || object.metadata() == null || object.metadata().name().isEmpty()
          ? unreadable(frame.identity(), "it has no metadata.name")
          : new Parsed.Whole<>(object);
    } catch (IOException e) {
      return unreadable(frame.identity(), reason(e));
    }
  }

  Parsed.Unreadable<T> unreadable(Identity identity, String why) {
    return new Parsed.Unreadable<>(identity.key(), identity.uid(), identity.resourceVersion(), why);
  }

  /** The location would add lines, and its offset would make each repetition look new. */
  static String reason(IOException e) {
    if (e instanceof JsonProcessingException json) {
      json.clearLocation();
    }
    var text = String.valueOf(e.getMessage());
    // cut first: it may quote a megabyte
    var cut = text.length() > LONGEST_REASON ? text.substring(0, LONGEST_REASON) + "…" : text;
    return cut.replaceAll("\\s+", " ");
  }
}
