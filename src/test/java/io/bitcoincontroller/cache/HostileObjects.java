package io.bitcoincontroller.cache;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.cache.Turn.Effect;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.network.Owners;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * A program of its own, for a heap of its own: 100,000 objects, of which every tenth is a good one,
 * come to a store by way of list pages, a streamed list and a watch. Ends with an exception if a
 * good one is missing, or anything is not as it should be.
 */
final class HostileObjects<T extends KubeObject> {
  private static final int OBJECTS = 16_700;
  private static final int PAGE = 500;
  private static final String GOOD_NAMESPACE = "good";

  /** How the objects come. */
  private enum Way {
    PAGES,
    STREAM,
    WATCH
  }

  private final Resource<T> resource;
  private final UnaryOperator<T> kept;
  private final Random random;
  private final Budget budget = Budget.ofHeap();
  private final Set<ObjectKey> good = new TreeSet<>();
  private final Set<ObjectKey> sent = new HashSet<>();

  /** No stream is left, and none is to be opened again. */
  private boolean over;

  private HostileObjects(Resource<T> resource, UnaryOperator<T> kept, Random random) {
    this.resource = resource;
    this.kept = kept;
    this.random = random;
  }

  public static void main(String[] args) {
    var random = new Random(Long.parseLong(args[0]));
    for (var way : Way.values()) {
      new HostileObjects<>(Resource.PODS, Owners::kept, random).run(way);
      new HostileObjects<>(BitcoinNetwork.RESOURCE, network -> network, random).run(way);
    }
  }

  private void run(Way way) {
    var reflector =
        new SimulatedReflector<T>(
            new Watched<>(resource, "", ""),
            request -> open(way, request),
            () -> 0.5,
            turn ->
                require(
                    turn.effects().stream().noneMatch(Effect.Warn.class::isInstance),
                    way,
                    turn.effects().toString()),
            kept,
            budget);
    while (!over) {
      reflector.turn();
    }
    check(way, reflector);
  }

  private void check(Way way, SimulatedReflector<T> reflector) {
    var store = reflector.store;
    for (var key : good) {
      require(store.get(key).isPresent(), way, key + " is missing");
    }
    for (var object : store.all()) {
      require(sent.contains(object.metadata().key()), way, "nobody sent " + object.metadata());
    }
    var version = String.valueOf(OBJECTS);
    require(reflector.shard.version.equals(version), way, "at " + reflector.shard.version);
    require(store.unreadable() > 0, way, "all was read");
    var weight = store.all().stream().mapToLong(KubeObject::weight).sum();
    require(budget.used() == weight, way, budget.used() + " taken, and held: " + weight);
    System.out.printf(
        "%s by %s: %,d held, %,d left out%n",
        resource.plural(), way, store.all().size(), store.unreadable());
  }

  private static void require(boolean holds, Way way, String what) {
    if (!holds) {
      throw new IllegalStateException(way + ": " + what);
    }
  }

  private ApiServer.Opening open(Way way, ApiRequest request) {
    var target = request.target();
    if (target.contains("sendInitialEvents")) {
      return way == Way.PAGES
          ? new ApiServer.Opening.Refused(
              new Reply.Failure(422, "Invalid", "", List.of(), Optional.empty()))
          : stream(way);
    }
    if (!target.contains("watch=1")) {
      return page(target);
    }
    over = true;
    return new ApiServer.Opening.Streaming(InputStream.nullInputStream());
  }

  private ApiServer.Opening stream(Way way) {
    var end = way == Way.STREAM ? OBJECTS : 1;
    return new ApiServer.Opening.Streaming(
        pieces(
            OBJECTS + 2,
            i -> {
              if (i == end) {
                return Hostile.bytes(
                    """
                    {"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"%d",\
                    "annotations":{"k8s.io/initial-events-end":"true"}}}}
                    """
                        .formatted(i));
              }
              if (i > OBJECTS) {
                over = true;
              }
              return i > OBJECTS ? new byte[0] : line(i, way == Way.WATCH && i > end);
            }));
  }

  private byte[] line(int i, boolean changes) {
    var odd = random.nextInt(200);
    if (odd == 0 && i < OBJECTS) {
      var whole = Hostile.joined("{\"type\":\"ADDED\",\"object\":", object(i, true), "");
      var cut = random.nextInt(18, whole.length - 1);
      good.remove(key(i)); // a line that breaks off is no news of anybody
      return Hostile.joined(
          new String(whole, 0, cut, java.nio.charset.StandardCharsets.ISO_8859_1),
          new byte[0],
          "\n");
    }
    var type = changes && random.nextBoolean() ? "MODIFIED" : "ADDED";
    return Hostile.joined("{\"type\":\"" + type + "\",\"object\":", object(i, true), "}\n");
  }

  private ApiServer.Opening page(String target) {
    var at = target.indexOf("continue=");
    var first = at < 0 ? 1 : Integer.parseInt(target.substring(at).replaceAll("[^0-9]", ""));
    var last = Math.min(first + PAGE - 1, OBJECTS);
    var more = last < OBJECTS ? String.valueOf(last + 1) : "";
    var metadata =
        "{\"metadata\":{\"resourceVersion\":\"%d\",\"continue\":\"%s\"},\"items\":["
            .formatted(OBJECTS, more);
    return new ApiServer.Opening.Streaming(
        pieces(
            last - first + 2,
            i -> {
              var number = first + i;
              return number > last
                  ? Hostile.bytes("]}\n")
                  : Hostile.joined(i == 0 ? metadata : ",", object(number, false), "");
            }));
  }

  private ObjectKey key(int i) {
    return i % 10 == 0 || i == OBJECTS
        ? new ObjectKey(GOOD_NAMESPACE, "g-" + i)
        : new ObjectKey("evil-" + i % 3, "h-" + i);
  }

  private byte[] object(int i, boolean lines) {
    var key = key(i);
    sent.add(key);
    if (key.namespace().equals(GOOD_NAMESPACE)) {
      good.add(key);
      return Hostile.bytes(
          "{"
              + Hostile.metadata(key.namespace(), key.name(), i, "\"labels\":{\"app\":\"a\"},")
              + ",\"spec\":{\"nodes\":1},\"status\":{}}");
    }
    return Hostile.any(random, lines).object(key.namespace(), key.name(), i, random);
  }

  private static InputStream pieces(int count, IntFunction<byte[]> piece) {
    var pieces = IntStream.range(0, count).mapToObj(piece).iterator();
    return new Pieces(() -> pieces.hasNext() ? Optional.of(pieces.next()) : Optional.empty());
  }
}
