package io.bitcoincontroller.network;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.LastWords;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.observe.LastSaid;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * What the StatefulSet's controller says while it can't make the pods of one network: its events
 * are all that tells. They are read only while pods are missing, and rarely.
 */
final class SetWarnings {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** Pods that can be made are there before this. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Duration EVERY = Duration.ofSeconds(10);

  /** Kubernetes lets one source write some 40 events of an object in their hour of life. */
  private static final String MOST_EVENTS = "50";

  /** Two machines' clocks. */
  private static final Duration SKEW = Duration.ofSeconds(10);

  private final ApiSender api;
  private final Ticker ticker;
  private final Supplier<Instant> wallClock;
  private final Log log;
  private final LastSaid<String> troubles = new LastSaid<>();

  /** When all pods were last seen: what was said before has another cause. */
  private Instant whole = Instant.MIN;

  private OptionalLong missingSince = OptionalLong.empty();
  private OptionalLong readAt = OptionalLong.empty();
  private Optional<String> said = Optional.empty();

  SetWarnings(ApiSender api, Ticker ticker, Supplier<Instant> wallClock, Log log) {
    this.api = api;
    this.ticker = ticker;
    this.wallClock = wallClock;
    this.log = log;
  }

  /**
   * Why pods of this StatefulSet are missing.
   *
   * @param missing whether some are
   * @return reason and sentence of its newest warning; empty where there is none, and at first
   */
  Optional<String> look(Meta statefulSet, boolean missing) throws InterruptedException {
    var now = ticker.nanos();
    if (!missing) {
      whole = wallClock.get();
      missingSince = OptionalLong.empty();
      readAt = OptionalLong.empty();
      said = Optional.empty();
      return said;
    }
    if (missingSince.isEmpty()) {
      missingSince = OptionalLong.of(now);
    }
    if (now - missingSince.getAsLong() >= PATIENCE.toNanos()
        && (readAt.isEmpty() || now - readAt.getAsLong() >= EVERY.toNanos())) {
      readAt = OptionalLong.of(now);
      said = read(statefulSet);
    }
    return said;
  }

  private Optional<String> read(Meta statefulSet) throws InterruptedException {
    var query = new LinkedHashMap<String, String>();
    query.put("fieldSelector", "involvedObject.uid=" + statefulSet.uid() + ",type=Warning");
    query.put("limit", MOST_EVENTS);
    var request = Requests.collection(Resource.CORE_EVENTS, statefulSet.namespace(), query);
    try {
      return switch (api.send(request, DEADLINE)) {
        case Reply.Success(_, var body) -> newest(body.path("items"));
        case Reply.Failure failure -> unread(statefulSet, failure.text());
      };
    } catch (IOException e) {
      return unread(statefulSet, String.valueOf(e));
    }
  }

  private Optional<String> unread(Meta statefulSet, String why) {
    if (troubles.isNew("events", why)) {
      log.warn("events can't be read", "statefulset", statefulSet.key(), "because", why);
    }
    return said;
  }

  private Optional<String> newest(JsonNode events) {
    var newest = whole.equals(Instant.MIN) ? whole : whole.minus(SKEW);
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

  /** What StatefulSets' own controller says first, the reader knows: which pod, of which set. */
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
