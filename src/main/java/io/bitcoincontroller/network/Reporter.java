package io.bitcoincontroller.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.api.Condition;
import io.bitcoincontroller.api.Status;
import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.observe.LastSaid;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.plan.Members;
import io.bitcoincontroller.plan.Note;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Writes the status of one network when it has changed enough, and the events that belong to it.
 */
final class Reporter {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** Pods come one by one: one write reports several. */
  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(2);

  /** A network whose nodes are starting: mostly the first status shows it complete. */
  private static final Duration STARTING_AFTER = Duration.ofSeconds(5);

  /** Among many networks that start, progress waits for a {@link Pace}, but no longer. */
  private static final Duration FIRST_WAITS_AT_MOST = Duration.ofSeconds(30);

  /** A new leader knows some heights from the status alone: it must not be old. */
  private static final Duration WAITS_AT_MOST = Duration.ofSeconds(10);

  /** Heights and counts of peers change with every block. */
  private static final Duration NUMBERS_EVERY = Duration.ofSeconds(10);

  /** A write that changed nothing is tried again after this, and then ever more rarely. */
  private static final Duration VAIN_FOR = Duration.ofMinutes(2);

  /** Up to about an hour. */
  private static final int MOST_DOUBLINGS = 5;

  private final ApiSender api;
  private final Store<StoredObject> networks;
  private final EventWriter events;
  private final Pace pace;
  private final Recording recording;
  private final Ticker ticker;
  private final Supplier<Instant> wallClock;
  private final Log log;

  /** The conditions, and whether writes are in vain, as the log said it last. */
  private final LastSaid<String> logged = new LastSaid<>();

  private final Members members = new Members();

  /** News that the event of the first status tells as well. */
  private final List<Note> withFirstStatus = new ArrayList<>();

  /**
   * When the last write was made; before the first one, when this began. A ticker's nanoseconds.
   */
  private long writtenAt;

  /** Since when progress waits for its turn; a ticker's nanoseconds. */
  private OptionalLong waitsSince = OptionalLong.empty();

  /** The last write, until the stored status shows it. */
  private Optional<Written> unconfirmed = Optional.empty();

  /**
   * A write of the status. An older schema, a webhook or another owner of a field may change it.
   *
   * @param over {@link Status#hash} of what was stored before
   * @param found hash of what was to be reported
   * @param again how many times in a row the same was written over the same before
   */
  private record Written(int over, int found, int again) {
    /**
     * The time for which it is not repeated: the stored status may only be older than the write.
     */
    Duration countsFor() {
      return VAIN_FOR.multipliedBy(1L << Math.min(again, MOST_DOUBLINGS));
    }
  }

  Reporter(
      ApiSender api,
      Store<StoredObject> networks,
      EventWriter events,
      Pace pace,
      Recording recording,
      Ticker ticker,
      Supplier<Instant> wallClock,
      Log log) {
    this.api = api;
    this.networks = networks;
    this.events = events;
    this.pace = pace;
    this.recording = recording;
    this.ticker = ticker;
    this.wallClock = wallClock;
    this.log = log;
    this.writtenAt = ticker.nanos();
  }

  /**
   * Reports what a pass found.
   *
   * @param before the stored status
   * @return how long a small difference still has to wait; empty if all is reported
   * @throws IOException if the API server refuses the status, or can't be reached
   */
  Optional<Duration> report(Meta network, JsonNode before, Status found)
      throws IOException, InterruptedException {
    var after = found.json(before, wallClock.get());
    var difference = Status.difference(before, after);
    recording.compared(difference);
    if (!before.isEmpty() && !network.deleting()) {
      tellWaiting(network); // the first status was stored, and its answer was lost
    }
    if (difference == Status.Difference.NONE) {
      unconfirmed = Optional.empty();
      waitsSince = OptionalLong.empty();
      return Optional.empty();
    }
    if (inVain(network, before, found)) {
      return Optional.empty();
    }
    var wait =
        left(network.deleting() ? Status.Difference.PROGRESS : difference, before)
            .or(() -> paced(difference, before));
    recording.status(difference, Status.changed(before, after), wait);
    if (wait.isPresent()) {
      return wait;
    }
    if (write(network, after, found.conditions(), written(before, found)) && !network.deleting()) {
      var news = new ArrayList<>(withFirstStatus);
      withFirstStatus.clear();
      news.addAll(members.news(before, found.nodes()));
      news.addAll(Note.ofTransitions(before, found.conditions()));
      write(network, Note.merged(news));
    }
    return Optional.empty();
  }

  /** What was created is told with the first status: a network that comes up well has one event. */
  void tell(BitcoinNetwork network, Note news) throws InterruptedException {
    if (network.status().isEmpty() && news.reason().equals(Note.CREATED)) {
      if (!withFirstStatus.contains(news)) {
        withFirstStatus.add(news);
      }
    } else {
      events.write(network.metadata(), news);
    }
  }

  private void tellWaiting(Meta network) throws InterruptedException {
    var news = List.copyOf(withFirstStatus);
    withFirstStatus.clear();
    write(network, news);
  }

  private Optional<Duration> left(Status.Difference difference, JsonNode before) {
    var every =
        switch (difference) {
          case NUMBERS -> NUMBERS_EVERY;
          case PROGRESS -> before.isEmpty() ? STARTING_AFTER : PROGRESS_EVERY;
          case NONE, MEANING -> Duration.ZERO;
        };
    return Optional.of(every.minusNanos(ticker.nanos() - writtenAt)).filter(Duration::isPositive);
  }

  private Optional<Duration> paced(Status.Difference difference, JsonNode before) {
    var now = ticker.nanos();
    if (difference != Status.Difference.PROGRESS || pace.take(now)) {
      return Optional.empty();
    }
    var since = waitsSince.orElse(now);
    waitsSince = OptionalLong.of(since);
    var longest = before.isEmpty() ? FIRST_WAITS_AT_MOST : WAITS_AT_MOST;
    return Optional.of(longest.minusNanos(now - since))
        .filter(Duration::isPositive)
        .map(left -> left.compareTo(Pace.ASKED_AGAIN_AFTER) < 0 ? left : Pace.ASKED_AGAIN_AFTER);
  }

  /**
   * Reports a network that can't be read; nothing is known of its stored status either.
   *
   * @return false if it is gone
   */
  boolean reportUnreadable(Meta network, String why) throws IOException, InterruptedException {
    var status = Status.unreadable(why, wallClock.get());
    var ready = new Condition(Condition.READY, false, Condition.UNREADABLE, why);
    return write(network, status, List.of(ready), written(status, why));
  }

  /** Reports a spec that is not valid. */
  void reportInvalid(Meta network, JsonNode before, List<String> problems)
      throws IOException, InterruptedException {
    var after = Status.invalid(before, network.generation(), problems, wallClock.get());
    if (!isSame(before, after) && !inVain(network, before, problems)) {
      var why =
          new Condition(Condition.READY, false, Condition.INVALID, String.join("; ", problems));
      if (write(network, after, List.of(why), written(before, problems))) {
        write(network, Note.ofTransitions(before, List.of(why)));
      }
    }
  }

  /** The last write, if it wrote the same over the same. */
  private Optional<Written> same(JsonNode before, Object found) {
    return unconfirmed.filter(
        w -> w.found() == found.hashCode() && w.over() == Status.hash(before));
  }

  private Written written(JsonNode before, Object found) {
    var again = same(before, found).map(w -> w.again() + 1).orElse(0);
    return new Written(Status.hash(before), found.hashCode(), again);
  }

  /** Whether the same was just written over the same: to repeat it at once would change nothing. */
  private boolean inVain(Meta network, JsonNode before, Object found) {
    var last =
        same(before, found).filter(w -> ticker.nanos() - writtenAt < w.countsFor().toNanos());
    if (last.filter(w -> w.again() > 0).isPresent() && logged.isNew("vain", network.uid())) {
      log.warn(
          "the status does not stay as it was written, twice: an older crd.yaml, a webhook or"
              + " another writer may change it",
          "network",
          network.key());
    }
    return last.isPresent();
  }

  private static boolean isSame(JsonNode one, JsonNode other) {
    return Status.difference(one, other) == Status.Difference.NONE;
  }

  private void write(Meta network, List<Note> news) throws InterruptedException {
    for (var note : news) {
      events.write(network, note);
    }
  }

  /** False if the network is gone. */
  private boolean write(Meta network, ObjectNode after, List<Condition> conditions, Written written)
      throws IOException, InterruptedException {
    var object = JsonNodeFactory.instance.objectNode();
    object.put("apiVersion", BitcoinNetwork.RESOURCE.apiVersion());
    object.put("kind", BitcoinNetwork.RESOURCE.kind());
    var metadata = object.putObject("metadata");
    metadata.put("namespace", network.namespace()).put("name", network.name());
    if (!network.uid().isEmpty()) {
      metadata.put("uid", network.uid());
    }
    object.set("status", after);
    var request = Requests.applyStatus(BitcoinNetwork.RESOURCE, network.key(), object);
    var reply = api.send(request, DEADLINE);
    if (reply.missed()) {
      networks.doubt(network);
    }
    return switch (reply) {
      case Reply.Success(_, var body) -> {
        writtenAt = ticker.nanos();
        waitsSince = OptionalLong.empty();
        unconfirmed = Optional.of(written);
        networks.expect(network.key(), body.path("metadata").path("resourceVersion").asText());
        if (logged.isNew("conditions", words(conditions))) {
          log.info("status", "network", network.key(), "conditions", words(conditions));
        }
        yield true;
      }
      case Reply.Failure failure when failure.code() == 404 -> {
        // the watch reports that
        log.debug("status of a network that is gone", "network", network.key());
        yield false;
      }
      case Reply.Failure failure ->
          throw new IOException("the status can't be written: " + failure.text());
    };
  }

  private static String words(List<Condition> conditions) {
    return String.join(
        " ",
        conditions.stream()
            .map(c -> (c.holds() ? "" : "not ") + c.type() + "/" + c.reason())
            .toList());
  }
}
