package io.bitcoincontroller.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.cache.Turn.Effect;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.OwnerReference;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.observe.LogLines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class StoreTest {
  private static final ObjectKey A = new ObjectKey("n", "a");
  private static final ObjectKey NET = new ObjectKey("n", "net");

  private final LogLines logged = new LogLines();
  private final Log log = logged.log;
  private long now;
  private final Store<Pod> store = store(Set.of());
  private final Shard<Pod> shard = store.shard("");
  private final List<String> heard = new ArrayList<>();

  private Store<Pod> store(Set<String> namespaces) {
    return Unbounded.store("pods", namespaces, StoreTest::owner, () -> now, log);
  }

  private static Optional<ObjectKey> owner(Pod pod) {
    return pod.metadata()
        .controllerOwner()
        .map(owner -> new ObjectKey(pod.metadata().namespace(), owner.name()));
  }

  private static Pod pod(String namespace, String name, String uid, String version, String owner) {
    var owners =
        owner.isEmpty()
            ? List.<OwnerReference>of()
            : List.of(new OwnerReference("v1", "BitcoinNetwork", owner, "o", true));
    var meta = new Meta(namespace, name, uid, version, 1, "", Map.of(), Map.of(), owners);
    return new Pod(
        meta, Pod.Spec.NO_CLAIM, new Pod.Status("Running", "10.0.0.1", List.of(), List.of()));
  }

  private static Pod pod(String name, String uid, String version) {
    return pod("n", name, uid, version, "net");
  }

  private void put(Pod pod) {
    shard.perform(new Effect.Put<>(pod, pod.metadata().resourceVersion()));
  }

  private void replace(Shard<Pod> into, String version, Pod... pods) {
    into.perform(new Effect.BeginStaging<>());
    for (var pod : pods) {
      into.perform(new Effect.Stage<>(pod));
    }
    into.perform(new Effect.Replace<>(version));
  }

  private void hear() {
    store.listen(
        change ->
            heard.add(
                change.key().name()
                    + " "
                    + change.before().map(p -> p.metadata().uid()).orElse("-")
                    + ">"
                    + change.after().map(p -> p.metadata().uid()).orElse("-")));
  }

  private List<String> ownedBy(ObjectKey owner) {
    return store.ownedBy(owner).stream().map(p -> p.metadata().name()).toList();
  }

  @Test
  void theIndexFollowsEveryChange() {
    put(pod("b", "1", "1"));
    put(pod("a", "2", "2"));
    put(pod("c", "3", "3"));
    var seen = store.ownedBy(NET);
    assertEquals(List.of("a", "b", "c"), ownedBy(NET));
    put(pod("n", "b", "1", "4", "other"));
    assertEquals(List.of("a", "c"), ownedBy(NET));
    assertEquals(List.of("b"), ownedBy(new ObjectKey("n", "other")));
    put(pod("n", "b", "1", "5", ""));
    assertEquals(List.of(), ownedBy(new ObjectKey("n", "other")));
    shard.perform(new Effect.Remove<>(pod("a", "2", "6"), "6"));
    assertEquals(List.of("c"), ownedBy(NET));
    replace(shard, "7", pod("d", "4", "7"));
    assertEquals(List.of("d"), ownedBy(NET));
    assertEquals(3, seen.size(), "what was returned once never changes");
  }

  @Test
  void aReplaceTellsWhatVanishedWhatChangedAndWhatIsNew() {
    put(pod("gone", "1", "1"));
    put(pod("same", "2", "2"));
    put(pod("changed", "3", "3"));
    put(pod("again", "4", "4"));
    hear();
    replace(
        shard,
        "20",
        pod("same", "2", "2"),
        pod("changed", "3", "13"),
        pod("again", "5", "15"),
        pod("new", "6", "16"));
    assertEquals(List.of("gone 1>-", "again 4>-", "again ->5", "changed 3>3", "new ->6"), heard);
  }

  @Test
  void anObjectUnderANewUidIsTwoChangesAlsoInAWatch() {
    put(pod("a", "1", "1"));
    hear();
    put(pod("a", "2", "9"));
    assertEquals(List.of("a 1>-", "a ->2"), heard);
  }

  @Test
  void aRepetitionAndTheDeletionOfWhatIsNotThereTellNothing() {
    put(pod("a", "1", "1"));
    hear();
    put(pod("a", "1", "1"));
    shard.perform(new Effect.Remove<>(pod("b", "7", "2"), "2"));
    assertEquals(List.of(), heard);
  }

  @Test
  void whatIsStagedIsNotSeenBeforeAllOfItIs() {
    put(pod("old", "1", "1"));
    shard.perform(new Effect.BeginStaging<>());
    shard.perform(new Effect.Stage<>(pod("a", "2", "2")));
    shard.perform(new Effect.Stage<>(pod("b", "3", "3")));
    shard.perform(new Effect.Unstage<>(pod("b", "3", "4")));
    assertEquals(1, store.all().size());
    assertFalse(store.synced("n"));
    var seenWhole = new AtomicBoolean();
    store.listen(_ -> seenWhole.set(store.get(A).isPresent() && store.all().size() == 1));
    shard.perform(new Effect.Replace<>("5"));
    assertTrue(seenWhole.get(), "the first change is told when all is in place");
    assertTrue(store.synced("n"));
  }

  @Test
  void whatDidNotChangeStaysTheSameInstance() {
    put(pod("a", "1", "1"));
    var before = store.get(A).orElseThrow();
    replace(shard, "9", pod("a", "1", "1"));
    assertSame(before, store.get(A).orElseThrow());
  }

  @Test
  void aThrowingListenerKeepsNobodyFromHearing() {
    store.listen(
        _ -> {
          throw new IllegalStateException("bug");
        });
    hear();
    assertThrows(
        IllegalStateException.class,
        () -> replace(shard, "5", pod("a", "1", "1"), pod("b", "2", "2")));
    assertEquals(List.of("a ->1", "b ->2"), heard);
  }

  @Test
  void eachNamespaceIsReplacedByItself() {
    var two = store(Set.of("n", "m"));
    replace(two.shard("n"), "5", pod("a", "1", "1"));
    assertTrue(two.synced("n"));
    assertFalse(two.synced("m"));
    replace(two.shard("m"), "6", pod("m", "z", "2", "6", "net"));
    assertTrue(two.synced("m"));
    replace(two.shard("n"), "7");
    assertEquals(
        List.of(new ObjectKey("m", "z")), two.all().stream().map(p -> p.metadata().key()).toList());
    assertTrue(two.get(new ObjectKey("elsewhere", "a")).isEmpty());
    assertTrue(two.caughtUp(new ObjectKey("elsewhere", "a")));
    assertThrows(IllegalArgumentException.class, () -> two.shard("elsewhere"));
  }

  @Test
  void aWriteIsWaitedForUntilTheCacheHasPassedIt() {
    replace(shard, "5", pod("a", "1", "5"));
    assertTrue(store.caughtUp(A), "nothing was written");
    store.expect(A, "9");
    assertFalse(store.caughtUp(A));
    put(pod("b", "2", "8"));
    assertFalse(store.caughtUp(A), "another object, and an earlier version");
    put(pod("a", "1", "10"));
    assertTrue(store.caughtUp(A), "a later write of somebody else has overtaken ours");
  }

  @Test
  void aWriteThatChangedNothingIsNotWaitedFor() {
    replace(shard, "5", pod("a", "1", "3"));
    store.expect(A, "3");
    assertTrue(store.caughtUp(A));
  }

  @Test
  void aBookmarkPassesAWriteThatOurSelectorHides() {
    replace(shard, "5");
    store.expect(A, "9");
    shard.perform(new Effect.MoveTo<>("9"));
    assertTrue(store.caughtUp(A));
  }

  @Test
  void anEventThatNeverComesIsReportedAndGivenUp() {
    replace(shard, "5", pod("a", "1", "5"));
    store.expect(A, "opaque");
    now += Duration.ofSeconds(29).toNanos();
    assertFalse(store.caughtUp(A));
    now += Duration.ofSeconds(2).toNanos();
    assertTrue(store.caughtUp(A));
    assertEquals(1, store.writesNeverSeen());
    assertTrue(logged.toString().contains("own write not seen"), logged.toString());
    assertTrue(store.caughtUp(A), "and then it is over");
    assertEquals(1, store.writesNeverSeen());
  }

  private void remove(Pod pod) {
    shard.perform(new Effect.Remove<>(pod, pod.metadata().resourceVersion()));
  }

  @Test
  void whatIsReplayedTurnsNothingBackAndTellsNothing() {
    replace(shard, "10", pod("a", "1", "3"), pod("b", "2", "4"));
    put(pod("a", "1", "11"));
    put(pod("a", "1", "12"));
    remove(pod("b", "2", "13"));
    put(pod("c", "3", "14"));
    remove(pod("c", "3", "15"));
    hear();
    put(pod("a", "1", "11"));
    put(pod("a", "1", "12"));
    remove(pod("b", "2", "13"));
    put(pod("c", "3", "14"));
    remove(pod("c", "3", "15"));
    put(pod("gone", "7", "9"));
    assertEquals(List.of(), heard);
    assertEquals("15", shard.version);
    assertEquals(List.of("a"), ownedBy(NET));
  }

  @Test
  void whatOneStreamHasLostTheNextBringsAlthoughTheVersionIsBeyondIt() {
    replace(shard, "10", pod("a", "1", "3"), pod("b", "2", "4"));
    put(pod("c", "3", "20"));
    put(pod("a", "1", "12"));
    remove(pod("b", "2", "13"));
    put(pod("d", "4", "14"));
    assertEquals(List.of("a", "c", "d"), ownedBy(NET));
    assertEquals("12", store.get(A).orElseThrow().metadata().resourceVersion());
    assertEquals("20", shard.version);
  }

  @Test
  void aDeletionThatComesBeforeWhatItDeletedCounts() {
    replace(shard, "10");
    remove(pod("a", "1", "13"));
    put(pod("a", "1", "12"));
    assertEquals(List.of(), ownedBy(NET));
    put(pod("a", "2", "14"));
    assertEquals(List.of("a"), ownedBy(NET));
  }

  @Test
  void tombstonesGoWhenNoReplayReachesBackToThemAndNothingComesBackThen() {
    replace(shard, "10", pod("a", "1", "3"));
    remove(pod("a", "1", "13"));
    shard.perform(new Effect.Forget<>("13"));
    assertEquals(0, shard.order.tombstones.size());
    put(pod("a", "1", "12"));
    assertEquals(List.of(), ownedBy(NET));
    for (var i = 14; i < 25_000; i++) {
      remove(pod("n" + i, "9", Integer.toString(i)));
    }
    assertTrue(shard.order.tombstones.size() <= Order.MOST_TOMBSTONES, "at most");
    put(pod("n20", "9", "19"));
    assertEquals(List.of(), ownedBy(NET), "older than what is remembered");
    put(pod("late", "9", "24000"));
    assertEquals(List.of("late"), ownedBy(NET), "a stream may have lost it");
  }

  @Test
  void versionsWithoutAnOrderAreTakenAsTheyCome() {
    replace(shard, "x", pod("a", "1", "y"));
    put(pod("a", "1", "c"));
    remove(pod("a", "1", "b"));
    put(pod("a", "2", "a"));
    assertEquals("a", store.get(A).orElseThrow().metadata().resourceVersion());
  }

  /** The server was put back from a backup. */
  @Test
  void aFullSetMayBeOlderAndThenTheWritesOfTheLostHistoryAreNotWaitedFor() {
    replace(shard, "500", pod("a", "1", "480"), pod("b", "2", "490"));
    store.expect(A, "510");
    assertFalse(store.caughtUp(A));
    hear();
    replace(shard, "300", pod("a", "1", "280"), pod("b", "2", "270"));
    assertTrue(store.caughtUp(A), "it will never be seen");
    assertEquals(List.of("a 1>1", "b 2>2"), heard);
    assertEquals("300", shard.version);
    put(pod("a", "1", "301"));
    assertEquals("301", store.get(A).orElseThrow().metadata().resourceVersion());
    assertEquals(0, store.writesNeverSeen());
  }

  @Test
  void aWriteIsNotSeenBecauseTheVersionIsBeyondIt() {
    replace(shard, "500", pod("a", "1", "480"));
    store.expect(A, "490");
    assertTrue(store.caughtUp(A), "a full set shows all before it");
    put(pod("b", "2", "520"));
    store.expect(A, "510");
    assertFalse(store.caughtUp(A), "its event was lost, or the server's history is another one");
    put(pod("a", "1", "510"));
    assertTrue(store.caughtUp(A));
  }

  @Test
  void theSameVersionInAnotherHistoryIsAnotherObject() {
    replace(shard, "500", pod("a", "1", "480"));
    replace(shard, "490", pod("n", "a", "1", "480", "other"));
    assertEquals(List.of("a"), ownedBy(new ObjectKey("n", "other")));
  }

  @Test
  void aNamespaceIsSyncedByItself() {
    var two = store(Set.of("n", "m"));
    replace(two.shard("n"), "5");
    assertTrue(two.synced("n"));
    assertFalse(two.synced("m"));
    assertFalse(store.synced("any"), "the only part has all namespaces");
  }
}
