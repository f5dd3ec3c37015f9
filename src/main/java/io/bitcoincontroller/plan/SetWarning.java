package io.bitcoincontroller.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.LastWords;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Why the StatefulSet's controller makes no pods; only its events say so. */
public final class SetWarning {
  /** The clocks of two machines differ so much at most. */
  private static final Duration SKEW = Duration.ofSeconds(10);

  private SetWarning() {}

  /**
   * The newest warning.
   *
   * @param events warnings about the StatefulSet, in any order
   * @param since all pods were there then: an older warning has another cause
   * @return reason and sentence; empty if there is no warning
   */
  public static Optional<String> newest(JsonNode events, Instant since) {
    var newest = since.equals(Instant.MIN) ? since : since.minus(SKEW);
    var words = Optional.<String>empty();
    for (var event : events) {
      var time = time(event);
      if (!time.isBefore(newest)) {
        newest = time;
        words = Optional.of(words(event));
      }
    }
    return words;
  }

  /** Without the first words of the StatefulSet's controller, which name the pod and the set. */
  private static String words(JsonNode event) {
    var sentence =
        event.path("message").asText().replaceFirst("^create .{1,300}? failed error: ", "");
    return LastWords.sentence(event.path("reason").asText() + ": " + sentence);
  }

  /** When it last happened. */
  private static Instant time(JsonNode event) {
    for (var field :
        new String[] {
          "/series/lastObservedTime", "/lastTimestamp", "/eventTime", "/metadata/creationTimestamp"
        }) {
      try {
        return Instant.parse(event.at(field).asText());
      } catch (DateTimeException _) {
        // absent or null in most events: the next one
      }
    }
    return Instant.MIN;
  }
}
