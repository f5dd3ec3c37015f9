package io.bitcoincontroller.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.desired.Creation;
import io.bitcoincontroller.desired.Drift;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.NotSentException;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.plan.Note;
import io.bitcoincontroller.plan.Trouble;
import io.bitcoincontroller.plan.Write;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Writes the children of one network, and remembers which writes are in vain for now. */
final class ChildWriter {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /**
   * By HTTP code: a refused write is not sent again for so long, unless it has changed. A person
   * may give a right or raise a quota at any time.
   */
  private static final Map<Integer, Duration> REFUSED_FOR =
      Map.of(400, Duration.ofMinutes(5), 422, Duration.ofMinutes(5), 403, Duration.ofSeconds(20));

  private static final Duration BUDGET_REFUSED_FOR = Duration.ofMinutes(5);

  /**
   * A write that the API server refused.
   *
   * @param write its hash: such a network needs no pods, and so there may be many
   * @param until a ticker's nanoseconds; so long, the same write is not tried again
   */
  private record Refusal(int write, Trouble why, long until) {
    static int hash(Write write) {
      return Objects.hash(write.request(), write.rendered());
    }
  }

  /**
   * A write that the API server took, and a webhook changed.
   *
   * @param request its hash
   * @param stored hash of the object as it was stored instead, see {@link #wanted}
   */
  private record Vain(int request, int stored) {
    static Vain of(Write write, JsonNode stored) {
      return new Vain(write.request().hashCode(), wanted(stored).hashCode());
    }
  }

  private final ObjectKey network;
  private final ApiSender api;
  private final Stores stores;
  private final Ticker ticker;
  private final Log log;
  private final Map<ObjectKey, Refusal> refusals = new HashMap<>();
  private final Map<ObjectKey, Vain> vain = new HashMap<>();

  ChildWriter(ObjectKey network, ApiSender api, Stores stores, Ticker ticker, Log log) {
    this.network = network;
    this.api = api;
    this.stores = stores;
    this.ticker = ticker;
    this.log = log;
  }

  /**
   * The end of a plan's writes.
   *
   * @param news of the writes that were carried out
   * @param failed why not all of them were
   * @param remark why the budget was not written; the network does without
   */
  record Result(List<Note> news, Optional<Trouble> failed, Optional<String> remark) {}

  /** Tries all writes, even if one fails. */
  Result write(List<Write> writes) throws InterruptedException {
    var news = new ArrayList<Note>();
    var failed = Optional.<Trouble>empty();
    var remark = Optional.<String>empty();
    for (var write : writes) {
      if (inVain(write)) {
        continue;
      }
      var why = apply(write, news);
      if (isBudget(write)) {
        remark = why.map(Trouble::message);
      } else if (why.isPresent()) {
        failed = why;
      }
    }
    return new Result(List.copyOf(news), failed, remark);
  }

  private static boolean isBudget(Write write) {
    return write.resource().equals(Resource.POD_DISRUPTION_BUDGETS);
  }

  /** Whether the same write over the same object was changed by a webhook before. */
  private boolean inVain(Write write) {
    var before = vain.get(write.key());
    return before != null
        && write.over().filter(o -> before.equals(Vain.of(write, o.content()))).isPresent();
  }

  /** The object without its status, and without fields that change by themselves. */
  private static JsonNode wanted(JsonNode stored) {
    ObjectNode copy = stored.deepCopy();
    copy.remove(List.of("apiVersion", "kind", "status"));
    copy.withObject("/metadata").remove(List.of("resourceVersion", "managedFields"));
    return copy;
  }

  private Optional<Trouble> apply(Write write, List<Note> news) throws InterruptedException {
    var now = ticker.nanos();
    var before = Optional.ofNullable(refusals.get(write.key()));
    if (before.isPresent()
        && before.get().write() == Refusal.hash(write)
        && now - before.get().until() < 0) {
      return before.map(Refusal::why);
    }
    refusals.remove(write.key());
    var what = write.resource().kind() + " " + write.key().name();
    try {
      var reply = send(write);
      if (reply.missed()) {
        write.over().ifPresent(seen -> store(write.resource()).doubt(seen.metadata()));
      }
      return switch (reply) {
        case Reply.Success _ when write.removes() -> {
          log.info("deleted", "network", network, "object", what);
          write.news().ifPresent(news::add);
          yield Optional.empty();
        }
        // it is gone, or another object has its name: the watch reports either
        case Reply.Failure _ when write.removes() && reply.missed() -> Optional.empty();
        // the next pass looks whose it is, and says so
        case Reply.Failure failure
            when write.creates() && isBudget(write) && failure.code() == 409 ->
            Optional.empty();
        case Reply.Success(_, var body) when write.handsOver() -> {
          expect(write, body); // the watch shows it, and starts the pass that applies
          yield Optional.empty();
        }
        case Reply.Success(_, var body) -> {
          applied(write, what, body, news);
          yield Optional.empty();
        }
        case Reply.Failure failure when REFUSED_FOR.containsKey(failure.code()) -> {
          var why =
              new Trouble(
                  failure.code() == 403 ? "Forbidden" : "Refused",
                  "the API server refuses " + what + ": " + failure.text());
          var patience = isBudget(write) ? BUDGET_REFUSED_FOR : REFUSED_FOR.get(failure.code());
          refusals.put(
              write.key(), new Refusal(Refusal.hash(write), why, now + patience.toNanos()));
          log.warn("refused", "network", network, "why", why.message());
          yield Optional.of(why);
        }
        case Reply.Failure failure ->
            Optional.of(Trouble.passing(what + " can't be written: " + failure.text()));
      };
    } catch (NotSentException e) {
      return Optional.of(Trouble.passing(what + " can't be written: " + e.getMessage()));
    } catch (IOException e) {
      return Optional.of(Trouble.passing("no answer to the write of " + what + ": " + e));
    }
  }

  /** If another object has the name by now, it is let alone. */
  private Reply send(Write write) throws IOException, InterruptedException {
    var reply = api.send(write.request(), DEADLINE);
    if (!write.handsOver() || !(reply instanceof Reply.Success(_, var found))) {
      return reply;
    }
    var metadata = found.path("metadata");
    var uid = metadata.path("uid").asText();
    if (write.over().filter(known -> known.metadata().uid().equals(uid)).isEmpty()) {
      return new Reply.Failure(409, "", "it is another one by now", List.of(), Optional.empty());
    }
    var patch = Requests.jsonPatch(write.resource(), write.key(), Creation.handOver(metadata));
    return api.send(patch, DEADLINE);
  }

  private void expect(Write write, JsonNode stored) {
    store(write.resource()).expect(write.key(), stored.at("/metadata/resourceVersion").asText());
  }

  private void applied(Write write, String what, JsonNode stored, List<Note> news) {
    expect(write, stored);
    if (write.over().filter(o -> Json.same(wanted(o.content()), wanted(stored))).isEmpty()) {
      log.info(write.creates() ? "created" : "changed", "network", network, "object", what);
      write.news().ifPresent(news::add);
    }
    if (!isVain(write, stored)) {
      vain.remove(write.key());
      return;
    }
    if (!vain.containsKey(write.key())) {
      var why =
          what
              + " is stored otherwise than it was applied: a webhook may change such objects;"
              + " what it makes of them stays";
      log.warn("altered", "network", network, "why", why);
      news.add(new Note(true, "Altered", why));
    }
    vain.put(write.key(), Vain.of(write, stored));
  }

  /**
   * A write takes away what others added only if all else is as rendered: see {@code ChildPlan}.
   */
  private static boolean isVain(Write write, JsonNode stored) {
    var rendered = write.rendered();
    var takesAway =
        write.over().filter(o -> !Drift.objectDiffers(rendered, o.content())).isPresent();
    return takesAway
        ? Drift.surplus(rendered, stored).isPresent()
        : Drift.objectDiffers(rendered, stored);
  }

  private Store<StoredObject> store(Resource<StoredObject> resource) {
    if (resource.equals(Resource.SERVICES)) {
      return stores.services();
    }
    if (resource.equals(Resource.POD_DISRUPTION_BUDGETS)) {
      return stores.budgets();
    }
    return stores.statefulSets();
  }
}
