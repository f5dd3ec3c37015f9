package io.bitcoincontroller.network;

import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.observe.LastSaid;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.plan.Note;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Writes the events of one network. If the same event was written a short time ago, its series
 * counts one more: another writer may undo each of our writes, and nothing else would keep the
 * events of that few.
 */
final class EventWriter {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** After this a new series begins, as with client-go. */
  private static final Duration SERIES = Duration.ofMinutes(6);

  private static final int MOST_REMEMBERED = 20;

  /**
   * The first event of a series.
   *
   * @param at when it was last counted; a ticker's nanoseconds
   */
  private record Written(ObjectKey key, int count, long at) {}

  private final ApiSender api;
  private final String instance;
  private final Ticker ticker;
  private final Supplier<Instant> wallClock;
  private final Log log;

  /** Why events can't be written, as the log said it last. */
  private final LastSaid<String> warned = new LastSaid<>();

  /** By hash of the note, which may be long. */
  private final Map<Integer, Written> written = new LinkedHashMap<>();

  EventWriter(ApiSender api, String instance, Ticker ticker, Supplier<Instant> wallClock, Log log) {
    this.api = api;
    this.instance = instance;
    this.ticker = ticker;
    this.wallClock = wallClock;
    this.log = log;
  }

  /** If the event can't be written, a log line says so: the pass must go on. */
  void write(Meta network, Note note) throws InterruptedException {
    written.values().removeIf(one -> ticker.nanos() - one.at() > SERIES.toNanos());
    var before = Optional.ofNullable(written.get(note.hashCode()));
    if (before.isEmpty() || !again(network, note, before.get())) {
      first(network, note);
    }
  }

  /** False if the first event of the series is gone. */
  private boolean again(Meta network, Note note, Written before) throws InterruptedException {
    var count = before.count() + 1;
    var patch = Note.series(count, wallClock.get());
    var request = Requests.merge(Resource.EVENTS, before.key(), patch);
    var refused = send(network, request);
    if (refused.isEmpty()) {
      remember(note, new Written(before.key(), count, ticker.nanos()));
    }
    return !refused.equals(Optional.of(404));
  }

  private void first(Meta network, Note note) throws InterruptedException {
    var now = wallClock.get();
    var key = new ObjectKey(network.namespace(), Note.name(network, now));
    var event = note.event(network, key.name(), instance, now);
    var request = Requests.create(Resource.EVENTS, network.namespace(), event);
    if (send(network, request).isEmpty()) {
      remember(note, new Written(key, 1, ticker.nanos()));
    }
  }

  private void remember(Note note, Written one) {
    written.remove(note.hashCode()); // to be the latest one
    written.put(note.hashCode(), one);
    if (written.size() > MOST_REMEMBERED) {
      written.remove(written.keySet().iterator().next());
    }
  }

  /** The code of the refusal, 0 for a wire that failed; empty if all went well. */
  private Optional<Integer> send(Meta network, ApiRequest request) throws InterruptedException {
    try {
      if (api.send(request, DEADLINE) instanceof Reply.Failure failure) {
        notWritten(network, failure.text());
        return Optional.of(failure.code());
      }
      warned.clear("events");
      return Optional.empty();
    } catch (IOException e) {
      notWritten(network, e.toString());
      return Optional.of(0);
    }
  }

  private void notWritten(Meta network, String why) {
    if (warned.isNew("events", why)) {
      log.warn("an event can't be written", "network", network.key(), "why", why);
    }
  }
}
