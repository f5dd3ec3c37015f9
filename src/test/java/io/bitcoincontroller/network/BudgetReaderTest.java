package io.bitcoincontroller.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.cache.Shards;
import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.cache.Unbounded;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.observe.LogLines;
import io.bitcoincontroller.plan.Child;
import io.bitcoincontroller.plan.Observation.Budget;
import io.bitcoincontroller.plan.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Passes are made often; budgets that can't be had are asked for rarely. */
class BudgetReaderTest {
  private long seconds;
  private int requests;
  private final List<String> targets = new ArrayList<>();
  private Reply budgets = new Reply.Success(200, World.yaml("items: []"));
  private final ApiSender api =
      (request, _) -> {
        requests++;
        targets.add(request.target());
        return request.target().contains("/poddisruptionbudgets?")
            ? page(request.target())
            : new Reply.Failure(404, "NotFound", "", List.of(), Optional.empty());
      };

  /** Those of the second page. */
  private Optional<Reply> further = Optional.empty();

  private int lists;

  private Reply page(String target) {
    lists++;
    return target.contains("continue=") ? further.orElseThrow() : budgets;
  }

  /** It watches another namespace: of this one it knows no budget. */
  private final Store<StoredObject> store =
      Unbounded.store(
          "any", Set.of("other"), _ -> Optional.empty(), this::nanos, LogLines.onStandardError());

  private final Store<StoredObject> networks =
      Unbounded.store(
          "networks", Set.of(), _ -> Optional.empty(), this::nanos, LogLines.onStandardError());

  private final Stores stores =
      new Stores(
          networks,
          store,
          store,
          store,
          () -> BudgetSupport.WITH_EVICTION_POLICY,
          Unbounded.store(
              "pods",
              Set.of("other"),
              _ -> Optional.empty(),
              this::nanos,
              LogLines.onStandardError()));
  private final RivalReader rivals = new RivalReader(networks, this::nanos);
  private final BudgetReader reader = reader();

  private BudgetReader reader() {
    return new BudgetReader(api, new ChildReader(api, this::nanos), rivals, stores, this::nanos);
  }

  @BeforeEach
  void thereIsTheNetwork() {
    var object = World.yaml("metadata: {namespace: default, name: net, uid: uid-1}");
    Shards.replace(networks, List.of(Json.convert(object, StoredObject.class)));
  }

  private long nanos() {
    return Duration.ofSeconds(seconds).toNanos();
  }

  private Budget read() throws InterruptedException {
    return read(reader);
  }

  private static Budget read(BudgetReader reader) throws InterruptedException {
    var made = World.network("nodes: 3");
    var reported =
        new BitcoinNetwork(made.metadata(), made.spec(), World.yaml("{observedGeneration: 1}"));
    return read(reader, reported).orElseThrow();
  }

  private static Optional<Budget> read(BudgetReader reader, BitcoinNetwork network)
      throws InterruptedException {
    return reader.read(network, network.spec().nodes(), Permit.Waiting::await);
  }

  /** A pass a second. */
  private int requestsOf(int passes) throws InterruptedException {
    requests = 0;
    for (var pass = 0; pass < passes; pass++) {
      read();
      seconds++;
    }
    return requests;
  }

  @Test
  void budgetsThatCantBeReadAreAskedForEveryThirtySeconds() throws Exception {
    budgets = new Reply.Failure(403, "Forbidden", "not you", List.of(), Optional.empty());
    assertInstanceOf(Child.Unreadable.class, read().child());
    assertEquals(4, requestsOf(61), "own and all, twice");
    assertInstanceOf(Child.Unreadable.class, read().child());
    seconds += 30;
    budgets = new Reply.Success(200, World.yaml("items: []"));
    assertInstanceOf(Child.Absent.class, read().child());
  }

  @Test
  void somebodyElsesBudgetIsLookedForAgainAfterFiveMinutes() throws Exception {
    budgets =
        new Reply.Success(
            200, World.yaml("items: [{metadata: {name: theirs}, spec: {selector: {}}}]"));
    assertEquals(Optional.of("theirs"), read().rival());
    assertEquals(2, requestsOf(301));
  }

  /** One answer with all of them would be too long where a namespace has hundreds. */
  @Test
  void othersBudgetsAreReadPageByPageAndOurOwnNotAtAll() throws Exception {
    budgets = new Reply.Success(200, World.yaml("{metadata: {continue: c}, items: []}"));
    further =
        Optional.of(
            new Reply.Success(
                200, World.yaml("items: [{metadata: {name: theirs}, spec: {selector: {}}}]")));
    assertEquals(Optional.of("theirs"), read().rival());
    assertTrue(targets.getLast().contains("continue=c"), targets::toString);
    assertTrue(
        targets
            .getLast()
            .contains("labelSelector=app.kubernetes.io%2Fmanaged-by%21%3Dbitcoin-contr"),
        targets::toString);
  }

  @Test
  void aNewNetworkHasNoneUntilItsPostFails() throws Exception {
    var network = World.network("nodes: 3");
    assertInstanceOf(Child.Absent.class, read(reader, network).orElseThrow().child());
    assertEquals(1, requests, "only others' budgets are looked for");
    read(reader, network);
    assertEquals(2, requests, "a second look asks for its own");
  }

  @Test
  void aNetworkThatIsToHaveNoneAsksForNone() throws Exception {
    for (var spec : List.of("nodes: 3, disruptionBudget: false", "nodes: 0")) {
      assertEquals(Optional.empty(), read(reader, World.network(spec)));
    }
    var network = World.network("nodes: 3");
    var deleted =
        World.yaml(
            "{namespace: default, name: net, uid: uid-1,"
                + " deletionTimestamp: '2026-01-31T12:00:00Z'}");
    var leaving =
        new BitcoinNetwork(
            Json.convert(deleted, Meta.class),
            network.spec(),
            World.yaml("{observedGeneration: 1}"));
    assertEquals(Optional.empty(), read(reader, leaving));
    assertEquals(0, requests);
  }

  /** As where the API server refuses to make their own. */
  @Test
  void networksThatStayWithoutReadTheNamespaceOnceAMinuteForAll() throws Exception {
    var readers = Stream.generate(this::reader).limit(100).toList();
    for (seconds = 0; seconds < 120; seconds++) {
      for (var each : readers) {
        assertEquals(Optional.empty(), read(each).rival());
      }
    }
    assertEquals(2, lists);
  }

  @Test
  void ofMoreThanCanBeReadAFewAreReadOnceInFiveMinutesForAll() throws Exception {
    var more = new Reply.Success(200, World.yaml("{metadata: {continue: c}, items: []}"));
    budgets = more;
    further = Optional.of(more);
    for (seconds = 0; seconds < 300; seconds += 10) {
      // new ones as well
      for (var each : List.of(reader, reader())) {
        var remark = read(each).remark().orElseThrow();
        assertTrue(remark.endsWith("can't be read: there are more than 500"), remark);
      }
    }
    assertEquals(10, lists);
    read();
    assertEquals(20, lists);
  }

  @Test
  void aBudgetThatIsThereBeforeANetworkIsSeenAndALaterOneWithinAMinute() throws Exception {
    assertEquals(Optional.empty(), read().rival());
    seconds = 30;
    budgets =
        new Reply.Success(
            200, World.yaml("items: [{metadata: {name: theirs}, spec: {selector: {}}}]"));
    assertEquals(Optional.empty(), read().rival(), "as it was read for this one before");
    assertEquals(Optional.of("theirs"), read(reader()).rival());
    assertEquals(Optional.of("theirs"), read().rival(), "as it was read for the other");
    assertEquals(2, lists);
  }
}
