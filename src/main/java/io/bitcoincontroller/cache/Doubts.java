package io.bitcoincontroller.cache;

import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Parsed;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Objects that a shard holds, and that a request did not find as they are held. After an ordinary
 * change this is so for a moment: the event is on its way. But if the watch goes on to deliver what
 * came later, and never this, only a list can tell. For one thread, except for {@link #add}.
 */
final class Doubts {
  /** What a shard knows of an object; each may be empty if it can't be read. */
  record Held(String uid, String version) {
    static Held of(KubeObject object) {
      return new Held(object.metadata().uid(), object.metadata().resourceVersion());
    }

    static Held of(Parsed.Unreadable<?> object) {
      return new Held(object.uid(), object.version());
    }
  }

  /**
   * A doubt.
   *
   * @param contradicted when it was first seen that the watch has delivered something later
   */
  private record Doubt(Held held, long since, OptionalLong contradicted) {}

  private static final long LOOK_EVERY_NANOS = 1_000_000_000L;

  /** What the watch delivers at once, it delivers within this. */
  private static final long LATE_EVENT_NANOS = 10_000_000_000L;

  /** Where the watch is far behind, each deletion would be such a loss. */
  private static final long AFTER_LOSS_NANOS = 5 * 60_000_000_000L;

  /** After a list that changed nothing of it. It is doubled each time, up to the longest one. */
  private static final long SHORTEST_PAUSE_NANOS = 60_000_000_000L;

  private static final long LONGEST_PAUSE_NANOS = 15 * SHORTEST_PAUSE_NANOS;

  /** So long after a pause began, the next one is the shortest again. */
  private static final long FORGIVEN_AFTER_NANOS = 60 * SHORTEST_PAUSE_NANOS;

  private final Function<ObjectKey, Optional<Held>> held;
  private final ConcurrentHashMap<ObjectKey, Doubt> open = new ConcurrentHashMap<>();
  private OptionalLong looked = OptionalLong.empty();

  /** Those for which a list was asked for; this thread's alone. */
  private Map<ObjectKey, Doubt> asked = Map.of();

  private OptionalLong paused = OptionalLong.empty();
  private long pauseNanos;

  Doubts(Function<ObjectKey, Optional<Held>> held) {
    this.held = held;
  }

  /**
   * A request did not find this object as it was seen. For any thread.
   *
   * @param seen as the sender had it from the shard; if that holds another one by now, there is no
   *     doubt
   */
  void add(Meta seen, long now) {
    var known = held.apply(seen.key());
    if (known.isPresent()
        && known.get().uid().equals(seen.uid())
        && (seen.resourceVersion().isEmpty()
            || known.get().version().equals(seen.resourceVersion()))) {
      var doubt = new Doubt(known.get(), now, OptionalLong.empty());
      open.merge(seen.key(), doubt, (old, fresh) -> old.held().equals(fresh.held()) ? old : fresh);
    }
  }

  /**
   * Whether a list shall be asked for.
   *
   * @param proved when the shard was last known to be as new as the server
   */
  boolean listIsDue(long now, long proved) {
    if (open.isEmpty() || isWithin(looked, now, LOOK_EVERY_NANOS)) {
      return false;
    }
    looked = OptionalLong.of(now);
    open.entrySet().removeIf(each -> !stands(each.getKey(), each.getValue()));
    open.replaceAll(
        (_, doubt) ->
            doubt.contradicted().isEmpty() && proved - doubt.since() > 0
                ? new Doubt(doubt.held(), doubt.since(), OptionalLong.of(now))
                : doubt);
    if (isWithin(paused, now, pauseNanos)) {
      return false;
    }
    asked = new HashMap<>(open);
    asked.values().removeIf(doubt -> !isDue(doubt, now));
    return !asked.isEmpty();
  }

  private static boolean isWithin(OptionalLong moment, long now, long nanos) {
    return moment.isPresent() && now - moment.getAsLong() < nanos;
  }

  private static boolean isDue(Doubt doubt, long now) {
    return doubt.contradicted().isPresent()
        && now - doubt.contradicted().getAsLong() > LATE_EVENT_NANOS;
  }

  private boolean stands(ObjectKey key, Doubt doubt) {
    return held.apply(key).equals(Optional.of(doubt.held()));
  }

  /**
   * A list was stored. It is believed: nothing of it is doubted any more.
   *
   * @return an object that was doubted, and is gone or older than it was held; empty if none
   */
  Optional<ObjectKey> listed(long now) {
    var judged = new HashMap<>(open);
    judged.values().removeIf(doubt -> !isDue(doubt, now));
    judged.putAll(asked);
    var lost =
        judged.entrySet().stream()
            .filter(each -> isLost(each.getKey(), each.getValue().held()))
            .map(Map.Entry::getKey)
            .findFirst();
    var inVain =
        !asked.isEmpty()
            && asked.entrySet().stream().allMatch(e -> stands(e.getKey(), e.getValue()));
    if (lost.isPresent()) {
      pause(now, AFTER_LOSS_NANOS);
    } else if (inVain) {
      var again = isWithin(paused, now, FORGIVEN_AFTER_NANOS);
      pause(now, again ? Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS) : SHORTEST_PAUSE_NANOS);
    }
    asked = Map.of();
    open.clear();
    return lost;
  }

  private void pause(long now, long nanos) {
    paused = OptionalLong.of(now);
    pauseNanos = nanos;
  }

  /** In one history of a server, a list has nothing older than an event before it. */
  private boolean isLost(ObjectKey key, Held before) {
    return held.apply(key)
        .map(
            now ->
                now.uid().equals(before.uid())
                    ? ResourceVersion.older(now.version(), before.version())
                    : !now.uid().isEmpty() && !before.uid().isEmpty())
        .orElse(true);
  }
}
