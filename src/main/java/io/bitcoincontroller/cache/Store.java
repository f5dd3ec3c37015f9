package io.bitcoincontroller.cache;

import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Parsed;
import io.bitcoincontroller.observe.LastSaid;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.timing.Ticker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/**
 * The objects of one kind as the API server has them, or had them a moment ago. Reading takes no
 * lock and never waits; objects are immutable. Filled by one {@link Reflector} per namespace.
 *
 * <p>Each call sees one moment; two calls may see two moments.
 */
public final class Store<T extends KubeObject> {
  private static final String ALL = "";

  private final String plural;
  private final Ticker ticker;
  private final Log log;
  private final Map<String, Shard<T>> shards;
  private final List<Consumer<Change<T>>> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<ObjectKey>> unreadableListeners = new CopyOnWriteArrayList<>();
  private final RateOfLines lines = new RateOfLines();

  /** Why each object is left out, as the log said it last. */
  private final LastSaid<ObjectKey> leftOut = new LastSaid<>();

  private final Expectations expectations = new Expectations();
  private final AtomicLong writesNeverSeen = new AtomicLong();

  /**
   * Empty, and not synced.
   *
   * @param plural name of the kind, for log lines
   * @param namespaces that reflectors will fill; none means one reflector for all namespaces
   * @param ownerOf the network that an object belongs to, by which {@link #ownedBy} finds it: pure
   * @param trim what is kept of an object: pure
   * @param beside bytes that others keep about an object, as long as it is here: pure
   * @param budget of all stores
   */
  public Store(
      String plural,
      Set<String> namespaces,
      Function<T, Optional<ObjectKey>> ownerOf,
      UnaryOperator<T> trim,
      ToIntFunction<T> beside,
      Budget budget,
      Ticker ticker,
      Log log) {
    this.plural = plural;
    this.ticker = ticker;
    this.log = log;
    var intake = new Intake<>(trim, beside, budget);
    var told = new Told();
    var byNamespace = new LinkedHashMap<String, Shard<T>>();
    for (var namespace : namespaces.isEmpty() ? Set.of(ALL) : namespaces) {
      byNamespace.put(namespace, new Shard<>(ownerOf, intake, told));
    }
    this.shards = Map.copyOf(byNamespace);
  }

  public Optional<T> get(ObjectKey key) {
    return holding(key).flatMap(shard -> shard.contents().get(key));
  }

  /** A copy: what changes later does not show in it. In no order. */
  public List<T> all() {
    var all = new ArrayList<T>();
    shards.values().forEach(shard -> all.addAll(shard.contents().all()));
    return all;
  }

  /** All objects of one network, sorted by key; never changes once returned. */
  public List<T> ownedBy(ObjectKey owner) {
    return holding(owner).map(shard -> shard.contents().ownedBy(owner)).orElse(List.of());
  }

  /**
   * Hears of every change after this call, each when {@link #get} already shows it; for one key in
   * the order in which they happened. Called on the reflector's thread with no lock held.
   *
   * @param listener quick; if it throws, which is a bug, the others still hear of the change, and
   *     the reflector says so and starts over
   */
  public void listen(Consumer<Change<T>> listener) {
    listeners.add(listener);
  }

  /**
   * Hears of every object that begins to be {@link #unreadable}, and of its end unless it can be
   * read then. Called as the listeners of changes are.
   */
  public void listenUnreadable(Consumer<ObjectKey> listener) {
    unreadableListeners.add(listener);
  }

  private static <V> void tell(List<Consumer<V>> listeners, List<V> news) {
    var bugs = new ArrayList<RuntimeException>();
    for (var one : news) {
      for (var listener : listeners) {
        try {
          listener.accept(one);
        } catch (RuntimeException e) {
          bugs.add(e);
        }
      }
    }
    if (!bugs.isEmpty()) {
      throw bugs.getFirst();
    }
  }

  /** Passes the news of the shards on. */
  private final class Told implements Shard.Listener<T> {
    @Override
    public void changed(List<Change<T>> changes) {
      changes.forEach(change -> leftOut.clear(change.key()));
      tell(listeners, changes);
    }

    @Override
    public void skipped(Parsed.Unreadable<T> object) {
      // its size, and with it the reason's words, may change with each write to it
      var reason = object.why().replaceAll("[0-9]+", "n");
      var isNew = object.key().map(key -> leftOut.isNew(key, reason)).orElse(true);
      if (isNew) {
        lines.allow(ticker.nanos()).ifPresent(unwritten -> leftOut(object, unwritten));
      }
      tell(unreadableListeners, object.key().stream().toList());
    }

    private void leftOut(Parsed.Unreadable<T> object, int unwritten) {
      if (unwritten > 0) {
        log.warn("more were left out than there are lines", "resource", plural, "more", unwritten);
      }
      var key = object.key().map(ObjectKey::toString).orElse("of unknown name");
      log.warn("left out", "resource", plural, "object", key, "why", object.why());
    }

    @Override
    public void gone(ObjectKey key) {
      leftOut.clear(key);
      tell(unreadableListeners, List.of(key));
    }
  }

  /**
   * Why an object is not here although the API server has it: it can't be read, or there is no room
   * for it. Of very many, some are only counted.
   */
  public Optional<Parsed.Unreadable<T>> unreadable(ObjectKey key) {
    return holding(key).flatMap(shard -> shard.skipped().get(key));
  }

  /** Whether {@link #unreadable(ObjectKey)} does not know of all of this namespace. */
  public boolean someOnlyCounted(String namespace) {
    return holding(namespace)
        .map(shard -> shard.skipped().someOnlyCounted(namespace))
        .orElse(false);
  }

  /** Of all that {@link #unreadable(ObjectKey)} tells of. */
  public List<ObjectKey> unreadableKeys() {
    return shards.values().stream().flatMap(shard -> shard.skipped().keys().stream()).toList();
  }

  /** How many there are of these, about; for metrics. */
  public int unreadable() {
    return shards.values().stream().mapToInt(shard -> shard.skipped().count()).sum();
  }

  /**
   * Whether this namespace was complete at least once. True for one without a reflector: nothing of
   * it will ever be here.
   */
  public boolean synced(String namespace) {
    return holding(namespace).map(Shard::synced).orElse(true);
  }

  /**
   * We wrote an object: {@link #caughtUp} is false until the cache has passed this write.
   *
   * @param resourceVersion of the server's answer
   */
  public void expect(ObjectKey key, String resourceVersion) {
    var histories = holding(key).map(Shard::histories).orElse(0);
    expectations.add(key, new Expectations.Write(resourceVersion, histories), ticker.nanos());
  }

  /**
   * A request did not find this object as it was here: it is gone, or has changed, or another one
   * has its name. The cache lists anew if it still holds the same one when it has been shown what
   * came later: mostly within two minutes, and later if such doubts were wrong before.
   *
   * @param seen the object as it was here
   */
  public void doubt(Meta seen) {
    holding(seen.key()).ifPresent(shard -> shard.doubts.add(seen, ticker.nanos()));
  }

  /**
   * Whether the cache shows our last write to this object, or something later. To act on an older
   * state would do the same again, or undo it.
   *
   * <p>Ask again after a moment if not: there may be no change of this very object to wait for. An
   * expectation that is not met within 30 s is dropped with a line in the log, and the cache is
   * believed until a list shows what is so.
   */
  public boolean caughtUp(ObjectKey key) {
    return switch (expectations.ask(key, this::met, ticker.nanos())) {
      case MET -> true;
      case OPEN -> false;
      case EXPIRED -> {
        writesNeverSeen.incrementAndGet();
        log.warn("own write not seen in the watch in time", "resource", plural, "object", key);
        get(key).map(KubeObject::metadata).ifPresent(this::doubt);
        yield true;
      }
    };
  }

  /** How many expectations were dropped because their time was over; for metrics. */
  public long writesNeverSeen() {
    return writesNeverSeen.get();
  }

  private boolean met(ObjectKey key, Expectations.Write write) {
    return holding(key)
        .map(shard -> shard.histories() != write.histories() || shard.shows(key, write.version()))
        .orElse(true);
  }

  /** The shard whose reflector sees this object; empty if none does. */
  private Optional<Shard<T>> holding(ObjectKey key) {
    return holding(key.namespace());
  }

  private Optional<Shard<T>> holding(String namespace) {
    return Optional.ofNullable(shards.get(namespace))
        .or(() -> Optional.ofNullable(shards.get(ALL)));
  }

  /** For the reflector of this namespace, or of all. */
  Shard<T> shard(String namespace) {
    return Optional.ofNullable(shards.get(namespace))
        .orElseThrow(
            () -> new IllegalArgumentException("no shard for namespace '" + namespace + "'"));
  }
}
