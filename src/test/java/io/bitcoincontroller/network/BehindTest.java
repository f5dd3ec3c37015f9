package io.bitcoincontroller.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.plan.World;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A cache that shows an older spec than another process has acted on. */
class BehindTest {
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger doubts = new AtomicInteger();

  /** The network is of generation 7 in our cache. */
  private boolean behind(int madeOf, ApiSender api) throws Exception {
    var network = World.network("nodes: 3").metadata();
    var set =
        Json.convert(
            Json.MAPPER.readTree(
                """
                {"metadata": {"annotations":
                    {"bitcoincontroller.christianb93.github.com/network-generation": "%d"},
                  "ownerReferences": [{"uid": "%s", "controller": true}]}}
                """
                    .formatted(madeOf, network.uid())),
            StoredObject.class);
    return NetworkReconciler.behind(network, set, api, doubts::incrementAndGet);
  }

  private ApiSender answers(int generation) {
    return (_, _) -> {
      asked.incrementAndGet();
      var body = Json.MAPPER.createObjectNode();
      body.putObject("metadata").put("generation", generation);
      return new Reply.Success(200, body);
    };
  }

  @Test
  void whatWasMadeOfOurSpecIsNoReasonToAsk() throws Exception {
    assertFalse(behind(7, answers(8)));
    assertFalse(behind(6, answers(8)));
    assertEquals(0, asked.get());
  }

  @Test
  void aNewerSpecIsWaitedFor() throws Exception {
    assertTrue(behind(8, answers(8)));
    assertEquals(1, asked.get());
    assertEquals(1, doubts.get(), "its event may be lost");
  }

  @Test
  void anAnnotationThatSomebodyMadeUpIsNot() throws Exception {
    assertFalse(behind(99, answers(7)));
  }

  @Test
  void whereTheApiServerDoesNotSayItIsWaitedFor() throws Exception {
    assertTrue(
        behind(
            8,
            (_, _) -> {
              throw new IOException("away");
            }));
    assertEquals(0, doubts.get());
  }
}
