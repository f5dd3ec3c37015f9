package io.bitcoincontroller.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.bitcoincontroller.cache.Shards;
import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.cache.Unbounded;
import io.bitcoincontroller.controller.Outcome;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Parsed;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.observe.LogLines;
import io.bitcoincontroller.observe.Metrics;
import io.bitcoincontroller.recorder.Recorder;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is written of a network that can't be read, and how often. */
class UnreadableNetworkTest {
  private static final ObjectKey KEY = new ObjectKey("n", "net");
  private static final Permit NOBODY_WAITS = Permit.Waiting::await;

  private final LogLines logged = new LogLines();
  private final List<String> written = new ArrayList<>();

  /** HTTP status of the answers; 0: the wire fails. */
  private int code = 200;

  private final Store<StoredObject> networks = store("bitcoinnetworks");

  private final NetworkReconciler reconciler =
      new NetworkReconciler(
          new Surroundings(
              (request, _) -> answer(request),
              (_, _, _, _, _) -> {
                throw new AssertionError("no node is called");
              },
              new Stores(
                  networks,
                  store("services"),
                  store("statefulsets"),
                  store("poddisruptionbudgets"),
                  () -> BudgetSupport.NONE,
                  store("pods")),
              "me",
              () -> true,
              _ -> {},
              () -> 0,
              () -> Instant.EPOCH,
              new Random(1),
              Recorder.off(),
              new NetworkMetrics(new Metrics(), () -> true, () -> 0),
              logged.log));

  private <T extends KubeObject> Store<T> store(String plural) {
    return Unbounded.store(plural, Set.of(), _ -> Optional.empty(), () -> 0, logged.log);
  }

  private Reply answer(ApiRequest request) throws IOException {
    if (code == 0) {
      throw new IOException("the wire fails");
    }
    if (code != 200) {
      return new Reply.Failure(code, "", "no", List.of(), Optional.empty());
    }
    written.add(request.method());
    return new Reply.Success(200, MissingNode.getInstance());
  }

  private Outcome pass() throws IOException, InterruptedException {
    return reconciler.reconcile(KEY, NOBODY_WAITS);
  }

  private void becomesUnreadable(String uid, String version, String why) {
    Shards.skip(networks, new Parsed.Unreadable<>(Optional.of(KEY), uid, version, why));
  }

  @Test
  void itsStatusIsWrittenOnceForEachReasonAndEachNetwork() throws Exception {
    becomesUnreadable("u", "1", "odd");
    for (var look = 0; look < 3; look++) {
      assertEquals(new Outcome.InvalidBecause("the network can't be read: odd"), pass());
    }
    assertEquals(1, written.size());
    becomesUnreadable("u", "2", "odd");
    pass();
    assertEquals(1, written.size(), "its own write is another version");
    becomesUnreadable("u", "3", "too large");
    pass();
    assertEquals(2, written.size());
    becomesUnreadable("another", "4", "too large");
    pass();
    assertEquals(3, written.size());
  }

  @Test
  void whatWasNotWrittenIsTriedAgain() throws Exception {
    becomesUnreadable("u", "1", "odd");
    code = 0;
    assertThrows(IOException.class, this::pass);
    code = 404;
    pass();
    code = 200;
    pass();
    pass();
    assertEquals(1, written.size());
  }
}
