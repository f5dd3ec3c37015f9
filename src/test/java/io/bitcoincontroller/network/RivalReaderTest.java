package io.bitcoincontroller.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.cache.Shards;
import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.cache.Unbounded;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.observe.LogLines;
import io.bitcoincontroller.plan.World;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** One reader for a namespace at a time, whatever its size. */
class RivalReaderTest {
  private final AtomicLong seconds = new AtomicLong();
  private final AtomicInteger lists = new AtomicInteger();
  private final Store<StoredObject> networks =
      Unbounded.store(
          "networks", Set.of(), _ -> Optional.empty(), this::nanos, LogLines.onStandardError());
  private final RivalReader reader = new RivalReader(networks, this::nanos);

  private long nanos() {
    return Duration.ofSeconds(seconds.get()).toNanos();
  }

  private static Reply theirs(String selector) {
    return new Reply.Success(
        200, World.yaml("items: [{metadata: {name: theirs}, spec: {selector: " + selector + "}}]"));
  }

  @Test
  void ofSeveralThatAskOneReadsAndAllGiveTheirWorkersBack() throws Exception {
    var network = World.yaml("metadata: {namespace: a, name: net}");
    Shards.replace(networks, List.of(Json.convert(network, StoredObject.class)));
    var asked = new CountDownLatch(1);
    var answer = new CountDownLatch(1);
    ApiSender api =
        (_, _) -> {
          lists.incrementAndGet();
          asked.countDown();
          answer.await();
          return theirs("{matchLabels: {app: net}}");
        };
    var waiting = new CountDownLatch(3);
    Permit permit =
        wait -> {
          waiting.countDown();
          wait.await();
        };
    var found = new ArrayList<CompletableFuture<Map<String, String>>>();
    for (var pass = 0; pass < 3; pass++) {
      var one = new CompletableFuture<Map<String, String>>();
      found.add(one);
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  one.complete(reader.read("a", nanos(), api, permit).rivals());
                } catch (Throwable e) {
                  one.completeExceptionally(e);
                }
              });
    }
    assertTrue(asked.await(10, TimeUnit.SECONDS));
    assertTrue(waiting.await(10, TimeUnit.SECONDS));
    answer.countDown();
    for (var one : found) {
      assertEquals(Map.of("net", "theirs"), one.get(10, TimeUnit.SECONDS));
    }
    assertEquals(1, lists.get());
  }

  @Test
  void namespacesThatAreNotReadAnyMoreAreForgotten() throws Exception {
    for (var i = 0; i < 100; i++) {
      seconds.addAndGet(2);
      reader.read("tenant-" + i, nanos(), (_, _) -> theirs("{}"), Permit.Waiting::await);
    }
    assertTrue(reader.kept() <= 31, "" + reader.kept());
  }

  /** All pages have the time of one request. */
  @Test
  void aSlowServerIsNotWaitedForPageByPage() throws Exception {
    var left = new ArrayList<Duration>();
    ApiSender api =
        (_, deadline) -> {
          if (!deadline.isPositive()) {
            throw new IOException("no time left");
          }
          left.add(deadline);
          seconds.addAndGet(4);
          return new Reply.Success(200, World.yaml("{metadata: {continue: c}, items: []}"));
        };
    var reading = reader.read("a", nanos(), api, Permit.Waiting::await);
    assertTrue(reading.unread().isPresent());
    assertEquals(List.of(10L, 6L, 2L), left.stream().map(Duration::toSeconds).toList());
  }
}
