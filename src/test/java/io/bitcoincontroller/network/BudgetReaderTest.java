package io.bitcoincontroller.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.cache.Unbounded;
import io.bitcoincontroller.kube.ApiSender;
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

  private Reply page(String target) {
    return target.contains("continue=") ? further.orElseThrow() : budgets;
  }

  /** It watches another namespace: of this one it knows no budget. */
  private final Store<StoredObject> store =
      Unbounded.store(
          "any", Set.of("other"), _ -> Optional.empty(), this::nanos, LogLines.onStandardError());

  private final Stores stores =
      new Stores(
          store,
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
  private final BudgetReader reader =
      new BudgetReader(api, new ChildReader(api, this::nanos), stores, this::nanos);

  private long nanos() {
    return Duration.ofSeconds(seconds).toNanos();
  }

  private Budget read() throws InterruptedException {
    var made = World.network("nodes: 3");
    var reported =
        new BitcoinNetwork(made.metadata(), made.spec(), World.yaml("{observedGeneration: 1}"));
    return reader.read(reported).orElseThrow();
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
    assertInstanceOf(Child.Absent.class, reader.read(network).orElseThrow().child());
    assertEquals(1, requests, "only others' budgets are looked for");
    reader.read(network);
    assertEquals(3, requests, "a second look asks for its own");
  }

  @Test
  void aNetworkThatWantsNoneAsksForNone() throws Exception {
    var network = World.network("nodes: 3, disruptionBudget: false");
    assertEquals(Optional.empty(), reader.read(network));
    assertEquals(0, requests);
  }
}
