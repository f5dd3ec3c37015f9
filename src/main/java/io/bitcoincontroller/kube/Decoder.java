package io.bitcoincontroller.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;

/** Makes objects of what was cut. No value of any kind is an error here. */
final class Decoder<T extends KubeObject> {
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

  /** Without a version its name may be half of a name, and it may be of any time. */
  Parsed.Unreadable<T> unreadable(Identity identity, String why) {
    var sure = identity.resourceVersion().isEmpty() ? Identity.NONE : identity;
    return new Parsed.Unreadable<>(sure.key(), sure.uid(), sure.resourceVersion(), why);
  }

  /** The location would add lines, and its offset would make each repetition look new. */
  static String reason(IOException e) {
    if (e instanceof JsonProcessingException json) {
      json.clearLocation();
    }
    return LastWords.sentence(String.valueOf(e.getMessage()));
  }
}
