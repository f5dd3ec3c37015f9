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
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * How much room and time 10,000 pods of about 8 KiB take, on one core and without a network: prints
 * its figures. Not a test: the machine decides.
 *
 * <p>Without arguments: time. With {@code room}: heap, to be run with {@code -XX:+UseSerialGC
 * -XX:MarkSweepAlwaysCompactCount=1 -Xmn4m -Xmx24m}. A collector lets garbage grow as long as there
 * is room, so that a peak means little; to list in a heap of three times the cache means something.
 */
final class CacheBench {
  private static final int PODS = 10_000;
  private static final int ROUNDS = 5;

  private CacheBench() {}

  public static void main(String[] args) throws IOException {
    if (List.of(args).contains("room")) {
      room();
    } else {
      speed();
      timeToSynced();
    }
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

  private static void timeToSynced() throws IOException {
    var list = list().readAllBytes();
    var start = cpuNanos();
    fill(store(), new ByteArrayInputStream(list));
    System.out.printf(
        "synced after %.2f s of CPU, from a list of %.1f MiB%n",
        (cpuNanos() - start) / 1e9, mib(list.length));
  }

  /** Heap held, and the peak on the way; the list is made as it is read, and never there whole. */
  private static void room() throws IOException {
    fill(store(), list()); // what is loaded once, is loaded before we count
    var before = heldHeap();
    resetPeaks();
    var store = store();
    fill(store, list());
    var peak = peakHeap() - before;
    var held = heldHeap() - before;
    System.out.printf(
        "%,d bytes of heap a pod; peak while listing %.1f MiB = %.1f times the cache%n",
        held / PODS, mib(peak), (double) peak / held);
    resetPeaks();
    fill(store, list());
    System.out.printf(
        "listed again: peak %.1f times the cache of %,d pods%n",
        (double) (peakHeap() - before) / held, store.all().size());
  }

  private static Store<Pod> store() {
    return new Store<>("pods", Set.of(), CacheBench::owner, Ticker.SYSTEM, Log.text());
  }

  private static Optional<ObjectKey> owner(Pod pod) {
    return Optional.ofNullable(pod.metadata().labels().get("app.kubernetes.io/instance"))
        .map(name -> new ObjectKey(pod.metadata().namespace(), name));
  }

  private static void fill(Store<Pod> store, InputStream list) throws IOException {
    var part = store.part("");
    var source = Source.of(Next.Body.LIST, list, Pod.class);
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

  private static InputStream list() {
    var start = "{\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[";
    var pieces =
        IntStream.rangeClosed(0, PODS)
            .mapToObj(i -> i == PODS ? "]}" : (i == 0 ? start : ",") + pod(i))
            .<InputStream>map(text -> new ByteArrayInputStream(text.getBytes(UTF_8)))
            .iterator();
    return new InputStream() {
      private InputStream piece = InputStream.nullInputStream();

      @Override
      public int read() throws IOException {
        var single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : single[0];
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        var count = piece.read(target, offset, length);
        while (count < 0 && pieces.hasNext()) {
          piece = pieces.next();
          count = piece.read(target, offset, length);
        }
        return count;
      }
    };
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
