package io.bitcoincontroller.network;

import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.observe.LastSaid;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.plan.SetWarning;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Reads the warnings of the StatefulSet's controller while it can't make the pods of one network.
 * Only its events say why. They are read only while pods are missing, and rarely. The API server
 * looks through all events of the namespace for them, which may be very many: so the networks of a
 * namespace take turns.
 */
final class SetWarnings {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** Pods that can be made are there by then. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Duration EVERY = Duration.ofSeconds(10);

  /** In an event's hour of life, Kubernetes lets one source write some 40 about an object. */
  private static final String MOST_EVENTS = "50";

  private final ApiSender api;
  private final CostlyLooks costly;
  private final Ticker ticker;
  private final Supplier<Instant> wallClock;
  private final Log log;

  /** Why the events can't be read, as the log said it last. */
  private final LastSaid<String> warned = new LastSaid<>();

  /** When all pods were last there: an older warning has another cause. */
  private Instant whole = Instant.MIN;

  private OptionalLong missingSince = OptionalLong.empty();
  private OptionalLong readAt = OptionalLong.empty();

  /** The newest warning, as it was read last. */
  private Optional<String> said = Optional.empty();

  SetWarnings(
      ApiSender api, CostlyLooks costly, Ticker ticker, Supplier<Instant> wallClock, Log log) {
    this.api = api;
    this.costly = costly;
    this.ticker = ticker;
    this.wallClock = wallClock;
    this.log = log;
  }

  /**
   * Why pods of this StatefulSet are missing.
   *
   * @param missing whether some are
   * @return reason and sentence of the newest warning; empty if there is none, and at first, until
   *     the network has had its turn
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
        && (readAt.isEmpty() || now - readAt.getAsLong() >= EVERY.toNanos())
        && costly.take(statefulSet.namespace(), now)) {
      try {
        readAt = OptionalLong.of(now);
        said = read(statefulSet);
      } finally {
        costly.end(statefulSet.namespace(), now, ticker.nanos());
      }
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
        case Reply.Success(_, var body) -> SetWarning.newest(body.path("items"), whole);
        case Reply.Failure failure -> unread(statefulSet, failure.text());
      };
    } catch (IOException e) {
      return unread(statefulSet, String.valueOf(e));
    }
  }

  private Optional<String> unread(Meta statefulSet, String why) {
    if (warned.isNew("events", why)) {
      log.warn("events can't be read", "statefulset", statefulSet.key(), "because", why);
    }
    return said;
  }
}
