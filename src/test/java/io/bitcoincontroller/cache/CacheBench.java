package io.bitcoincontroller.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.timing.Ticker;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * How much room and time 10,000 pods of about 8 KiB take, on one core and without a network: prints
 * its figures. Not a test: the machine decides.
 *
 * <p>Run with {@code -XX:+UseSerialGC -Xmn4m}: a young space of any size fills with garbage before
 * it is collected, and would be all of the peak.
 */
final class CacheBench {
  private static final int PODS = 10_000;
  private static final int ROUNDS = 5;

  private CacheBench() {}

  public static void main(String[] args) throws IOException {
    speed();
    room();
  }

  private static void speed() throws IOException {
    var events = events();
    System.out.printf("%,d pods of %,d bytes%n", PODS, pod(1).length());
    for (var round = 1; round <= ROUNDS; round++) {
      var bare = tokenise(events);
      var ours = watch(events);
      System.out.printf(
          "round %d: tokeniser %,.0f events/s, decode and store %,.0f events/s: %.0f %%%n",
          round, PODS / bare, PODS / ours, 100 * bare / ours);
    }
  }

  /** Time to synced, heap held afterwards, and the peak on the way. */
  private static void room() throws IOException {
    var list = list();
    var before = heldHeap();
    resetPeaks();
    var start = System.nanoTime();
    var store = store();
    fill(store, list);
    var seconds = (System.nanoTime() - start) / 1e9;
    var peak = peakHeap() - before;
    var held = heldHeap() - before;
    System.out.printf(
        "synced after %.2f s; %,d bytes of heap a pod; peak while listing %.1f MiB = %.1f times the"
            + " cache%n",
        seconds, held / PODS, mib(peak), (double) peak / held);
    resetPeaks();
    fill(store, list);
    System.out.printf(
        "listed again: peak %.1f times the cache%n", (double) (peakHeap() - before) / held);
    System.out.printf(
        "%,d pods are there, from %.1f MiB of list%n", store.all().size(), mib(list.length));
  }

  private static Store<Pod> store() {
    return new Store<>("pods", Set.of(), CacheBench::owner, Ticker.SYSTEM, Log.text());
  }

  private static Optional<ObjectKey> owner(Pod pod) {
    return Optional.ofNullable(pod.metadata().labels().get("app.kubernetes.io/instance"))
        .map(name -> new ObjectKey(pod.metadata().namespace(), name));
  }

  private static void fill(Store<Pod> store, byte[] list) throws IOException {
    var part = store.part("");
    var source = Source.of(Next.Body.LIST, new ByteArrayInputStream(list), Pod.class);
    part.perform(new Effect.BeginStaging<>());
    var input = source.next();
    while (input instanceof Input.Item<Pod>(var pod)) {
      part.perform(new Effect.Stage<>(pod));
      input = source.next();
    }
    part.perform(new Effect.Replace<>("1"));
  }

  private static double watch(byte[] events) throws IOException {
    var store = store();
    var part = store.part("");
    var start = cpuNanos();
    var source = Source.of(Next.Body.WATCH, new ByteArrayInputStream(events), Pod.class);
    var step = new WatchStep<Pod>(new Watched<>(Resource.PODS, "", ""), Limits.STANDARD);
    WatchState state = new WatchState.Watching(Past.NONE, "1", 300, start, 0, false);
    for (var input = source.next(); input instanceof Input.Event<Pod>; input = source.next()) {
      var turn = step.next(state, input, new Moment(System.nanoTime(), 0.5));
      state = turn.state();
      for (var effect : turn.effects()) {
        if (effect instanceof Effect.OnStore<Pod> onStore) {
          part.perform(onStore);
        }
      }
    }
    if (store.all().size() != PODS) {
      throw new IllegalStateException("stored " + store.all().size());
    }
    return (cpuNanos() - start) / 1e9;
  }

  private static double tokenise(byte[] events) throws IOException {
    var start = cpuNanos();
    try (var parser = new JsonFactory().createParser(new ByteArrayInputStream(events))) {
      while (parser.nextToken() != null) {
        // nothing but the tokens
      }
    }
    return (cpuNanos() - start) / 1e9;
  }

  /** Of this thread: the collector's work and that of other programs are left out. */
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static byte[] list() throws IOException {
    var bytes = new ByteArrayOutputStream();
    bytes.write(
        "{\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":["
            .getBytes(UTF_8));
    for (var i = 0; i < PODS; i++) {
      bytes.write(((i == 0 ? "" : ",") + pod(i)).getBytes(UTF_8));
    }
    bytes.write("]}".getBytes(UTF_8));
    return bytes.toByteArray();
  }

  private static byte[] events() throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (var i = 0; i < PODS; i++) {
      bytes.write(("{\"type\":\"ADDED\",\"object\":" + pod(i) + "}\n").getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  private static String pod(int i) {
    return BenchPod.json(i, new Random(i));
  }

  private static long heldHeap() {
    for (var i = 0; i < 3; i++) {
      System.gc();
    }
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static void resetPeaks() {
    heldHeap();
    ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
  }

  /** All spaces at their fullest, garbage included. */
  private static long peakHeap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(pool -> pool.getPeakUsage().getUsed())
        .sum();
  }

  private static double mib(long bytes) {
    return bytes / 1024.0 / 1024.0;
  }
}
