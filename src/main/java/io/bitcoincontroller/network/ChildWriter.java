package io.bitcoincontroller.network;

import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.network.Plan.Write;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Applies the children of one network, and remembers what the API server refused. */
final class ChildWriter {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** What was refused is not sent again for so long, unless it became something else. */
  private static final Duration REFUSED_FOR = Duration.ofMinutes(5);

  private static final Set<Integer> REFUSALS = Set.of(400, 403, 422);

  /**
   * A write that the API server did not take.
   *
   * @param request what it was: the same one would be refused again
   */
  private record Refusal(ApiRequest request, Trouble why, long at) {}

  /**
   * A write that changed nothing.
   *
   * @param resourceVersion of what is stored nevertheless
   */
  private record Vain(ApiRequest request, String resourceVersion) {}

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
   */
  record Result(List<Note> news, Optional<Trouble> failed) {}

  /**
   * One that fails does not keep the others from being written, but for this: pods that start
   * without their new bitcoin.conf would keep the old one for ever.
   */
  Result write(List<Write> writes) throws InterruptedException {
    var news = new ArrayList<Note>();
    var failed = Optional.<Trouble>empty();
    var configured = true;
    for (var write : writes) {
      if (write.resource().equals(Resource.STATEFUL_SETS) && !configured) {
        continue;
      }
      if (inVain(write)) {
        continue;
      }
      var why = apply(write, news);
      if (why.isPresent()) {
        failed = why;
        configured &= !write.resource().equals(Resource.CONFIG_MAPS);
      }
    }
    return new Result(List.copyOf(news), failed);
  }

  /** Where a webhook changes what we apply, the next apply of the same changes nothing. */
  private boolean inVain(Write write) {
    var before = Optional.ofNullable(vain.get(write.key()));
    return before.isPresent()
        && before.get().request().equals(write.request())
        && write.over().equals(Optional.of(before.get().resourceVersion()));
  }

  private Optional<Trouble> apply(Write write, List<Note> news) throws InterruptedException {
    var now = ticker.nanos();
    var before = Optional.ofNullable(refusals.get(write.key()));
    if (before.isPresent()
        && before.get().request().equals(write.request())
        && now - before.get().at() < REFUSED_FOR.toNanos()) {
      return before.map(Refusal::why);
    }
    refusals.remove(write.key());
    var what = write.resource().kind() + " " + write.key().name();
    try {
      return switch (api.send(write.request(), DEADLINE)) {
        case Reply.Success(_, var body) -> {
          if (changed(write, what, Json.convert(body, StoredObject.class).metadata())) {
            write.news().ifPresent(news::add);
          }
          yield Optional.empty();
        }
        case Reply.Failure failure when REFUSALS.contains(failure.code()) -> {
          var why =
              new Trouble(
                  failure.code() == 403 ? "Forbidden" : "Refused",
                  "the API server refuses " + what + ": " + failure.text());
          refusals.put(write.key(), new Refusal(write.request(), why, now));
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

  private boolean changed(Write write, String what, Meta now) {
    var version = now.resourceVersion();
    if (!write.over().equals(Optional.of(version))) {
      vain.remove(write.key());
      store(write.resource()).expect(write.key(), version);
      log.info(write.creates() ? "created" : "changed", "network", network, "object", what);
      return true;
    }
    var before = Optional.ofNullable(vain.put(write.key(), new Vain(write.request(), version)));
    if (before.isEmpty() || !before.get().request().equals(write.request())) {
      var why = "what is stored still differs: a webhook may change such objects";
      log.warn("an apply changed nothing", "network", network, "object", what, "why", why);
    }
    return false;
  }

  private Store<StoredObject> store(Resource<StoredObject> resource) {
    if (resource.equals(Resource.SERVICES)) {
      return stores.services();
    }
    return resource.equals(Resource.CONFIG_MAPS) ? stores.configMaps() : stores.statefulSets();
  }
}
