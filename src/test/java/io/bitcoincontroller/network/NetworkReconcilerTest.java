package io.bitcoincontroller.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.api.BitcoinNetwork.Reading;
import io.bitcoincontroller.bitcoind.Answer;
import io.bitcoincontroller.bitcoind.RpcAuth;
import io.bitcoincontroller.cache.Shards;
import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.cache.Unbounded;
import io.bitcoincontroller.controller.Outcome;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Parsed;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.observe.LogLines;
import io.bitcoincontroller.observe.Metrics;
import io.bitcoincontroller.plan.World;
import io.bitcoincontroller.recorder.Recorder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of the calls to a network's node when the network goes, or can't be read. */
@Timeout(60)
class NetworkReconcilerTest {
  private static final ObjectKey KEY = new ObjectKey("default", "net");
  private static final Permit NOBODY_WAITS = Permit.Waiting::await;
  private static final String SECRET =
      """
      {"metadata": {"name": "mine", "namespace": "default", "uid": "s"},
       "data": {"BC_RPC_USER": "dXNlcg==", "BC_RPC_PASSWORD": "Z2VoZWlt"}}
      """;

  private final LogLines logged = new LogLines();
  private final AtomicLong now = new AtomicLong();
  private final Store<StoredObject> networks = store("bitcoinnetworks", _ -> Optional.empty());
  private final Store<StoredObject> services = store("services", _ -> Optional.of(KEY));
  private final Store<StoredObject> statefulSets = store("statefulsets", _ -> Optional.of(KEY));
  private final Store<StoredObject> budgets = store("poddisruptionbudgets", _ -> Optional.of(KEY));
  private final Store<Pod> pods = store("pods", _ -> Optional.of(KEY));

  private final AtomicInteger calls = new AtomicInteger();

  /** Calls wait for it. */
  private volatile CountDownLatch answers = new CountDownLatch(1);

  private final NetworkReconciler reconciler =
      new NetworkReconciler(
          new Surroundings(
              (request, _) -> answer(request),
              (_, _, _, _, _) -> hang(),
              new Stores(networks, services, statefulSets, budgets, () -> BudgetSupport.NONE, pods),
              "me",
              () -> true,
              _ -> {},
              now::get,
              () -> Instant.EPOCH,
              new Random(1),
              Recorder.off(),
              new NetworkMetrics(new Metrics(), () -> true, now::get),
              logged.log));

  private <T extends KubeObject> Store<T> store(
      String plural, Function<T, Optional<ObjectKey>> ownerOf) {
    return Unbounded.store(plural, Set.of(), ownerOf, now::get, logged.log);
  }

  private static Reply answer(ApiRequest request) throws IOException {
    var isSecret = request.method().equals("GET") && request.target().contains("/secrets/");
    return new Reply.Success(
        200, isSecret ? Json.MAPPER.readTree(SECRET) : MissingNode.getInstance());
  }

  private Answer hang() throws InterruptedException {
    var until = answers;
    calls.incrementAndGet();
    until.await();
    return new Answer.Busy(503);
  }

  @AfterEach
  void letGo() {
    answers.countDown();
  }

  /** With one node, which is ready. */
  private void put(String uid) {
    var object =
        World.yaml(
            "metadata: {namespace: default, name: net, generation: 7, uid: "
                + uid
                + "}\nspec: {nodes: 1, secret: mine}");
    var stored = Json.convert(object, StoredObject.class);
    var network = assertInstanceOf(Reading.Valid.class, BitcoinNetwork.read(stored)).network();
    var rpcAuth = RpcAuth.line(World.CREDENTIALS, uid);
    var children = Children.of(network, rpcAuth, Optional.empty(), 1, 1);
    Shards.replace(networks, List.of(stored));
    Shards.replace(services, List.of(World.stored(children.service(), "svc").object()));
    Shards.replace(statefulSets, List.of(World.stored(children.statefulSet(), "sts").object()));
    Shards.replace(budgets, List.of());
    var pod =
        World.yaml(
            """
            metadata:
              {namespace: default, name: net-sts-0, uid: pod, ownerReferences:
                [{kind: StatefulSet, name: net-sts, uid: sts, controller: true}]}
            status: {phase: Running, podIP: 10.0.0.1, conditions: [{type: Ready, status: 'True'}]}
            """);
    Shards.replace(pods, List.of(Json.convert(pod, Pod.class)));
  }

  private Outcome pass() throws IOException, InterruptedException {
    return reconciler.reconcile(KEY, NOBODY_WAITS);
  }

  /** The node's answer is waited for by nobody: its end shows in the next pass. */
  private void nodeAnswers() {
    answers.countDown();
    answers = new CountDownLatch(1);
  }

  private void passUntil(int wanted) throws Exception {
    passUntil(wanted, Duration.ZERO);
  }

  /**
   * @param between time from one pass to the next
   */
  private void passUntil(int wanted, Duration between) throws Exception {
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (calls.get() < wanted) {
      assertTrue(System.nanoTime() < end, () -> calls + " calls, not " + wanted);
      now.addAndGet(between.toNanos());
      pass();
    }
    assertEquals(wanted, calls.get());
  }

  /** Its pods stay: {@code kubectl delete --cascade=orphan}. */
  @Test
  void aNetworkThatIsMadeAnewCallsNoNodeThatIsStillCalledForTheOneBefore() throws Exception {
    put("uid-0");
    passUntil(1);
    for (var i = 1; i < 3; i++) {
      put("uid-" + i);
      pass();
    }
    assertEquals(1, calls.get());
    Shards.replace(networks, List.of());
    assertInstanceOf(Outcome.NotNow.class, pass(), "the call has not ended");
    put("uid-9");
    pass();
    assertEquals(1, calls.get());
    nodeAnswers();
    passUntil(2);
  }

  @Test
  void aNetworkIsGoneWhenItsNodesAreNotCalledAnyMore() throws Exception {
    put("uid-1");
    passUntil(1);
    Shards.replace(networks, List.of());
    assertInstanceOf(Outcome.NotNow.class, pass());
    nodeAnswers();
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!pass().equals(new Outcome.Gone())) {
      assertTrue(System.nanoTime() < end);
    }
  }

  @Test
  void theNodesOfANetworkThatCantBeReadAreForgotten() throws Exception {
    put("uid-1");
    answers.countDown();
    passUntil(1);
    for (var i = 0; i < 3; i++) {
      pass();
    }
    assertEquals(1, calls.get(), "a node that failed rests");
    Shards.skip(networks, new Parsed.Unreadable<>(Optional.of(KEY), "uid-1", "2", "odd"));
    pass();
    put("uid-1");
    passUntil(2);
    passUntil(3, Duration.ofMinutes(1));
  }
}
