package io.bitcoincontroller.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.desired.Drift;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Reply;
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
import java.util.Optional;

/** Applies the children of one network, and remembers what the API server refused. */
final class ChildWriter {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /**
   * What was refused is not sent again for so long, unless it became something else: by code. A
   * right may be given at any time, and a quota raised.
   */
  private static final Map<Integer, Duration> REFUSED_FOR =
      Map.of(400, Duration.ofMinutes(5), 422, Duration.ofMinutes(5), 403, Duration.ofSeconds(20));

  private static final Duration BUDGET_REFUSED_FOR = Duration.ofMinutes(5);

  /**
   * A write that the API server did not take.
   *
   * @param request what it was: the same one would be refused again
   */
  private record Refusal(ApiRequest request, Trouble why, long until) {}

  /**
   * A write after which the object is still not as it was applied: a webhook changes it.
   *
   * @param stored what it became instead, see {@link #wanted}
   */
  private record Vain(ApiRequest request, JsonNode stored) {}

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
   * What came of a plan's writes.
   *
   * @param news of those that were carried out
   * @param failed why not all were
   * @param remark why the budget was not: the network does without
   */
  record Result(List<Note> news, Optional<Trouble> failed, Optional<String> remark) {}

  /**
   * One that fails does not keep the others from being written, but for this: pods that start
   * without their new bitcoin.conf would keep the old one for ever.
   */
  Result write(List<Write> writes) throws InterruptedException {
    var news = new ArrayList<Note>();
    var failed = Optional.<Trouble>empty();
    var remark = Optional.<String>empty();
    var configured = true;
    for (var write : writes) {
      if (inVain(write) || (write.resource().equals(Resource.STATEFUL_SETS) && !configured)) {
        continue;
      }
      var why = apply(write, news);
      if (isBudget(write)) {
        remark = why.map(Trouble::message);
      } else if (why.isPresent()) {
        failed = why;
        configured &= !write.resource().equals(Resource.CONFIG_MAPS);
      }
    }
    return new Result(List.copyOf(news), failed, remark);
  }

  private static boolean isBudget(Write write) {
    return write.resource().equals(Resource.POD_DISRUPTION_BUDGETS);
  }

  /** The next apply of the same to the same would come to the same. */
  private boolean inVain(Write write) {
    var before = Optional.ofNullable(vain.get(write.key()));
    return before.isPresent()
        && before.get().request().equals(write.request())
        && write.over().isPresent()
        && Json.same(before.get().stored(), wanted(write.over().get().content()));
  }

  /** What somebody wants of an object: without what became of it, and what a list leaves out. */
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
        && before.get().request().equals(write.request())
        && now - before.get().until() < 0) {
      return before.map(Refusal::why);
    }
    refusals.remove(write.key());
    var what = write.resource().kind() + " " + write.key().name();
    try {
      return switch (api.send(write.request(), DEADLINE)) {
        case Reply.Success _ when write.removes() -> {
          log.info("deleted", "network", network, "object", what);
          write.news().ifPresent(news::add);
          yield Optional.empty();
        }
        // gone, or another one's by now: its watch says so
        case Reply.Failure failure
            when write.removes() && (failure.code() == 404 || failure.code() == 409) ->
            Optional.empty();
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
          refusals.put(write.key(), new Refusal(write.request(), why, now + patience.toNanos()));
          log.warn("refused", "network", network, "why", why.message());
          yield Optional.of(why);
        }
        case Reply.Failure failure ->
            Optional.of(Trouble.passing(what + " can't be applied: " + failure.text()));
      };
    } catch (IOException e) {
      return Optional.of(Trouble.passing("the API server can't be reached: " + e));
    }
  }

  private void applied(Write write, String what, JsonNode stored, List<Note> news) {
    store(write.resource()).expect(write.key(), stored.at("/metadata/resourceVersion").asText());
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
    vain.put(write.key(), new Vain(write.request(), wanted(stored)));
  }

  /** Only where all else is as rendered, what others added is taken away: see {@link ChildPlan}. */
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
    return resource.equals(Resource.CONFIG_MAPS) ? stores.configMaps() : stores.statefulSets();
  }
}
