package io.bitcoincontroller.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.cache.Shards;
import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.cache.Unbounded;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.observe.LogLines;
import io.bitcoincontroller.plan.Child;
import io.bitcoincontroller.plan.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A cached child that is not ours: no write to it would show that the cache alone has it. */
class ChildReaderTest {
  private static final JsonNode LEFTOVER =
      World.yaml(
          """
          metadata:
            namespace: default
            name: net-svc
            uid: u
            resourceVersion: '5'
            ownerReferences:
            - {kind: BitcoinNetwork, name: net, uid: of the one before, controller: true}
          """);

  private final LogLines logged = new LogLines();
  private long now;
  private int asked;
  private Reply answer = new Reply.Success(200, LEFTOVER);
  private final Store<StoredObject> services =
      Unbounded.store("services", Set.of(), _ -> Optional.empty(), () -> now, logged.log);
  private final ChildReader reader =
      new ChildReader(
          (_, _) -> {
            asked++;
            return answer;
          },
          () -> now);

  private Child read() throws InterruptedException {
    return reader.read(World.network("nodes: 3"), services, Resource.SERVICES, "net-svc");
  }

  @Test
  void whetherItIsThereIsAskedNowAndThenAndIfNotTheCacheListsAnew() throws Exception {
    Shards.put(services, Json.convert(LEFTOVER, StoredObject.class));
    for (var second = 0; second < 60; second++) {
      assertInstanceOf(Child.Leftover.class, read());
      now += Duration.ofSeconds(1).toNanos();
    }
    assertEquals(2, asked);
    assertFalse(Shards.isInDoubt(services, now), "the garbage collector is about to take it");
    now += Duration.ofMinutes(1).toNanos();
    answer = new Reply.Failure(404, "NotFound", "", List.of(), Optional.empty());
    read();
    assertTrue(Shards.isInDoubt(services, now));
  }
}
