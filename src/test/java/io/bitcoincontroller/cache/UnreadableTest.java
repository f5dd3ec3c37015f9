package io.bitcoincontroller.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.cache.Turn.Effect;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Parsed;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.observe.LogLines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a store does about objects that can't be read, or for which it has no room. */
class UnreadableTest {
  private static final ObjectKey A = new ObjectKey("n", "a");

  /** Of a pod with a label of 20,000 characters, and what it takes besides. */
  private static final int WEIGHT = 20_800;

  private final LogLines logged = new LogLines();
  private final Budget budget = new Budget(10 * WEIGHT);
  private long now;
  private final List<String> heard = new ArrayList<>();
  private final Store<Pod> store =
      new Store<>(
          "pods",
          Set.of(),
          _ -> Optional.empty(),
          pod -> pod,
          _ -> 0,
          budget,
          () -> now,
          logged.log);
  private final Shard<Pod> shard = store.shard("");

  private static Pod pod(String namespace, String name, String version, int size) {
    var labels = Map.of("label", "x".repeat(size));
    var meta = new Meta(namespace, name, "u", version, 1, "", labels, Map.of(), List.of());
    return new Pod(
        meta, Pod.Spec.NO_CLAIM, new Pod.Status("Running", "10.0.0.1", List.of(), List.of()));
  }

  private static Pod pod(String namespace, String name, String version) {
    return pod(namespace, name, version, 20_000);
  }

  private static Parsed.Unreadable<Pod> unreadable(String version) {
    return new Parsed.Unreadable<>(Optional.of(A), "u", version, "odd");
  }

  private void list(String version, Pod... pods) {
    shard.perform(new Effect.BeginStaging<>());
    for (var pod : pods) {
      shard.perform(new Effect.Stage<>(pod));
    }
    shard.perform(new Effect.Replace<>(version));
  }

  private void put(Pod pod) {
    shard.perform(new Effect.Put<>(pod, pod.metadata().resourceVersion()));
  }

  private void hear() {
    store.listen(change -> heard.add(change.key().name() + " " + change.after().isPresent()));
    store.listenUnreadable(key -> heard.add(key.name() + " ?"));
  }

  private long held() {
    return store.all().stream().mapToLong(Pod::weight).sum();
  }

  @Test
  void anObjectThatBecomesUnreadableIsGoneAndRememberedUntilItCanBeRead() {
    list("1", pod("n", "a", "1", 1));
    hear();
    shard.perform(new Effect.Skip<>(unreadable("2"), false, "2"));
    assertEquals(Optional.empty(), store.get(A));
    assertEquals("odd", store.unreadable(A).orElseThrow().why());
    assertEquals(1, store.unreadable());
    assertFalse(store.someOnlyCounted("n"), "it has a name");
    assertEquals("2", shard.version);
    shard.perform(new Effect.Skip<>(unreadable("3"), false, "3"));
    assertEquals(List.of("a false", "a ?", "a ?"), heard, "each version is told");
    assertEquals(1, logged.toString().lines().count(), logged.toString());
    put(pod("n", "a", "4", 1));
    assertTrue(store.get(A).isPresent());
    assertEquals(Optional.empty(), store.unreadable(A));
    assertEquals(List.of("a false", "a ?", "a ?", "a true"), heard);
    assertEquals(held(), budget.used());
  }

  @Test
  void aDeletionEndsItAndSoDoesAListWithoutIt() {
    hear();
    list("1");
    shard.perform(new Effect.Skip<>(unreadable("2"), false, "2"));
    shard.perform(new Effect.Skip<>(unreadable("3"), true, "3"));
    assertEquals(0, store.unreadable());
    shard.perform(new Effect.Skip<>(unreadable("4"), false, "4"));
    list("5");
    assertEquals(0, store.unreadable());
    assertEquals(List.of("a ?", "a ?", "a ?", "a ?"), heard);
  }

  @Test
  void oneOfAListIsToldOfOnceHoweverOftenItIsListed() {
    hear();
    for (var n = 1; n < 4; n++) {
      shard.perform(new Effect.BeginStaging<>());
      shard.perform(new Effect.StageSkip<>(unreadable("7"), false));
      shard.perform(new Effect.Replace<>("9"));
    }
    assertEquals(List.of("a ?"), heard);
    assertEquals(1, logged.toString().lines().count(), logged.toString());
    shard.perform(new Effect.BeginStaging<>());
    shard.perform(new Effect.StageSkip<>(unreadable("7"), false));
    shard.perform(new Effect.StageSkip<>(unreadable("8"), true));
    shard.perform(new Effect.Replace<>("9"));
    assertEquals(0, store.unreadable());
  }

  @Test
  void veryManyAreCountedAndNotRemembered() {
    list("1");
    for (var n = 0; n < Skipped.MOST + 100; n++) {
      var key = Optional.of(new ObjectKey("n", "p" + n));
      shard.perform(new Effect.Skip<>(new Parsed.Unreadable<>(key, "", "2", "odd"), false, "2"));
    }
    var other = new ObjectKey("other", "a");
    var unread = new Parsed.Unreadable<Pod>(Optional.of(other), "", "3", "odd");
    shard.perform(new Effect.Skip<>(unread, false, "3"));
    assertTrue(store.unreadable(other).isPresent(), "of another namespace");
    assertEquals(Skipped.MOST + 101, store.unreadable(), 5);
    assertTrue(store.someOnlyCounted("n"));
    for (var n = 0; n < 100; n++) {
      var key = Optional.of(new ObjectKey("n", "p" + Skipped.MOST));
      shard.perform(new Effect.Skip<>(new Parsed.Unreadable<>(key, "", "2", "odd"), false, "2"));
    }
    assertEquals(Skipped.MOST + 101, store.unreadable(), 5, "counted once");
    assertEquals(Optional.empty(), store.unreadable(new ObjectKey("n", "p" + Skipped.MOST)));
    assertTrue(logged.toString().lines().count() <= 20, "what tenants do is not to fill the log");
  }

  @Test
  void alsoOfManyNamespacesSomeAreOnlyCountedButTheFirstTenOfEach() {
    list("1");
    var all = new ArrayList<ObjectKey>();
    for (var n = 0; n < 4 * Skipped.MOST; n++) {
      all.add(new ObjectKey("n" + n / Skipped.MOST, "p" + n));
    }
    for (var key : all) {
      var odd = new Parsed.Unreadable<Pod>(Optional.of(key), "", "2", "odd");
      shard.perform(new Effect.Skip<>(odd, false, "2"));
    }
    assertEquals(4 * Skipped.MOST, store.unreadable(), 50);
    var remembered = all.stream().filter(key -> store.unreadable(key).isPresent()).count();
    assertEquals(2 * Skipped.MOST + 2 * 10, remembered);
  }

  @Test
  void whatOthersKeepAboutAnObjectCountsAsLongAsItIsThere() {
    var small = new Budget(8 * WEIGHT);
    var counting =
        new Store<Pod>(
            "pods",
            Set.of(),
            _ -> Optional.empty(),
            pod -> pod,
            _ -> WEIGHT,
            small,
            () -> now,
            logged.log);
    var filled = counting.shard("");
    filled.perform(new Effect.BeginStaging<>());
    for (var n = 0; n < 4; n++) {
      filled.perform(new Effect.Stage<>(pod("n", "p" + n, "1")));
    }
    filled.perform(new Effect.Replace<>("1"));
    assertEquals(3, counting.all().size(), "of three quarters, each takes twice its weight");
    assertEquals(6, Math.round((double) small.used() / WEIGHT));
    filled.perform(new Effect.Put<>(pod("n", "p5", "2"), "2"));
    assertEquals(3, counting.all().size());
    for (var object : counting.all()) {
      filled.perform(new Effect.Remove<>(object, "3"));
    }
    assertEquals(0, small.used());
  }

  @Test
  void linesThatAreNotWrittenAreCountedInTheNextMinute() {
    list("1");
    for (var n = 0; n < 50; n++) {
      skip("p" + n);
    }
    assertEquals(20, logged.toString().lines().count());
    now += Duration.ofMinutes(1).toNanos();
    skip("later");
    skip("last");
    var lines = logged.toString().lines().skip(20).toList();
    assertEquals(3, lines.size(), logged.toString());
    assertTrue(lines.getFirst().endsWith(" resource=pods more=30"), lines.getFirst());
  }

  private void skip(String name) {
    var key = Optional.of(new ObjectKey("n", name));
    shard.perform(new Effect.Skip<>(new Parsed.Unreadable<>(key, "", "2", "odd"), false, "2"));
  }

  @Test
  void aListenerThatThrowsKeepsNobodyFromHearingOfTheRest() {
    store.listenUnreadable(
        _ -> {
          throw new IllegalStateException("bug");
        });
    hear();
    list("1");
    shard.perform(new Effect.BeginStaging<>());
    for (var name : List.of("a", "b", "c")) {
      var key = Optional.of(new ObjectKey("n", name));
      var object = new Parsed.Unreadable<Pod>(key, "u", "2", "odd");
      shard.perform(new Effect.StageSkip<>(object, false));
    }
    assertThrows(IllegalStateException.class, () -> shard.perform(new Effect.Replace<>("2")));
    assertEquals(List.of("a ?", "b ?", "c ?"), heard.stream().sorted().toList());
    heard.clear();
    assertThrows(IllegalStateException.class, () -> list("3"));
    assertEquals(List.of("a ?", "b ?", "c ?"), heard.stream().sorted().toList());
  }

  @Test
  void noNamespaceTakesMoreThanThreeQuartersOfTheBudgetAndWhatIsNotKeptComesBack() {
    list("1");
    for (var n = 0; n < 8; n++) {
      put(pod("evil", "p" + n, "2"));
    }
    assertTrue(budget.used() <= budget.bytes() / 4 * 3, budget.used() + "");
    assertEquals(7, store.all().size());
    var why = store.unreadable(new ObjectKey("evil", "p7")).orElseThrow().why();
    assertTrue(why.contains("budget"), why);
    put(pod("n", "a", "3"));
    assertTrue(store.get(A).isPresent(), "another namespace has its room");
    assertFalse(shard.roomAgain(0));
    shard.perform(new Effect.Remove<>(pod("evil", "p0", "4"), "4"));
    assertFalse(shard.roomAgain(1), "not at every turn");
    assertTrue(shard.roomAgain(Duration.ofMinutes(2).toNanos()));
    assertEquals(held(), budget.used());
  }

  @Test
  void aListOfTheSameTakesNoMoreRoomAndOneThatIsGivenUpNone() {
    var pods = new Pod[4];
    for (var n = 0; n < 4; n++) {
      pods[n] = pod("n", "p" + n, "1");
    }
    list("1", pods);
    for (var round = 2; round < 10; round++) {
      for (var n = 0; n < 4; n++) {
        pods[n] = pod("n", "p" + n, round % 2 == 0 ? "1" : "" + round);
      }
      shard.perform(new Effect.BeginStaging<>());
      shard.perform(new Effect.Stage<>(pods[0]));
      shard.perform(new Effect.Stage<>(pod("n", "new", "1")));
      list("" + round, pods);
      assertEquals(4, store.all().size());
      assertEquals(held(), budget.used());
    }
    list("11");
    assertEquals(0, budget.used());
  }

  /** Something of this weight; looks whenever it is weighed. */
  private record Weighed(Meta metadata, int weight, Runnable look) implements KubeObject {
    @Override
    public int hashOfRest() {
      return Objects.hash(metadata.uid(), metadata.generation(), metadata.labels());
    }

    @Override
    public int weight() {
      look.run();
      return weight;
    }
  }

  private Store<Weighed> weighing() {
    return new Store<>(
        "scales", Set.of(), _ -> Optional.empty(), o -> o, _ -> 0, budget, () -> now, logged.log);
  }

  @Test
  void aListTakesItsRoomOnceNotEvenForAMomentTwice() {
    var seen = new TreeSet<Long>();
    var store = weighing();
    var filled = store.shard("");
    for (var round = 1; round < 4; round++) {
      filled.perform(new Effect.BeginStaging<>());
      for (var n = 0; n < 7; n++) {
        var meta = pod("n", "p" + n, "" + round, 1).metadata();
        filled.perform(
            new Effect.Stage<>(new Weighed(meta, WEIGHT, () -> seen.add(budget.used() / WEIGHT))));
      }
      seen.clear();
      filled.perform(new Effect.Replace<>("" + round));
      assertEquals(Set.of(7L), seen, "in round " + round);
      assertEquals(7, store.all().size());
      assertEquals(7L * WEIGHT, budget.used());
    }
  }

  /** {@code n/a} with a status, long or short. */
  private static Weighed a(int version, long generation, Map<String, String> labels, int weight) {
    var meta = new Meta("n", "a", "u", "" + version, generation, "", labels, Map.of(), List.of());
    return new Weighed(meta, weight, () -> {});
  }

  private static void put(Shard<Weighed> shard, Weighed object) {
    shard.perform(new Effect.Put<>(object, object.metadata().resourceVersion()));
  }

  @Test
  void whatItsOwnStatusPutOutStaysOutUntilThereIsRoomForItOrSomebodyChangesIt() {
    list("1");
    for (var n = 0; n < 7; n++) {
      put(pod("n", "p" + n, "2"));
    }
    var store = weighing();
    var shard = store.shard("");
    shard.perform(new Effect.BeginStaging<>());
    shard.perform(new Effect.Replace<>("1"));
    put(shard, a(2, 1, Map.of(), 10));
    assertTrue(store.get(A).isPresent());
    put(shard, a(3, 1, Map.of(), WEIGHT));
    assertEquals(Optional.empty(), store.get(A));
    var why = store.unreadable(A).orElseThrow().why();
    put(shard, a(4, 1, Map.of(), 10));
    assertEquals(why, store.unreadable(A).orElseThrow().why(), "its status says just that");
    shard.perform(new Effect.BeginStaging<>());
    shard.perform(new Effect.Stage<>(a(4, 1, Map.of(), 10)));
    shard.perform(new Effect.Replace<>("5"));
    assertEquals(why, store.unreadable(A).orElseThrow().why(), "listed, too");
    put(shard, a(6, 1, Map.of("less", ""), 10));
    assertTrue(store.get(A).isPresent(), "somebody changed its labels");
    put(shard, a(7, 1, Map.of("less", ""), WEIGHT));
    put(shard, a(8, 2, Map.of("less", ""), 10));
    assertTrue(store.get(A).isPresent(), "somebody changed its spec");
    put(shard, a(9, 2, Map.of("less", ""), WEIGHT));
    this.shard.perform(new Effect.Remove<>(pod("n", "p0", "10"), "10"));
    put(shard, a(10, 2, Map.of("less", ""), 10));
    assertTrue(store.get(A).isPresent(), "there is room for its status");
    assertEquals(held() + 10, budget.used());
  }

  @Test
  void whatItsOwnStatusMadeTooLargeStaysOutUntilSomebodyChangesIt() {
    var store = weighing();
    var shard = store.shard("");
    shard.perform(new Effect.BeginStaging<>());
    shard.perform(new Effect.Replace<>("1"));
    put(shard, a(2, 1, Map.of(), 10));
    put(shard, a(3, 1, Map.of(), 300_000));
    var why = store.unreadable(A).orElseThrow().why();
    assertTrue(why.contains("292 KiB"), why);
    put(shard, a(4, 1, Map.of(), 10));
    assertEquals(why, store.unreadable(A).orElseThrow().why());
    assertFalse(shard.roomAgain(Duration.ofMinutes(2).toNanos()), "no list would help");
    put(shard, a(5, 2, Map.of(), 10));
    assertTrue(store.get(A).isPresent());
  }

  @Test
  void anObjectThatIsTooLargeIsLeftOut() {
    list("1", pod("n", "a", "1", 1));
    put(pod("n", "a", "2", 300_000));
    assertEquals(Optional.empty(), store.get(A));
    assertTrue(store.unreadable(A).orElseThrow().why().contains("293 KiB"));
    assertEquals(0, budget.used());
  }
}
