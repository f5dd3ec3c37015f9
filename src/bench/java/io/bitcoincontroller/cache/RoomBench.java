package io.bitcoincontroller.cache;

import io.bitcoincontroller.bench.Figures;
import io.bitcoincontroller.bench.Goal;
import io.bitcoincontroller.bench.Table;
import io.bitcoincontroller.cache.Turn.Effect;
import io.bitcoincontroller.cache.Turn.Next;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.WatchEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Measures how much heap the cache holds, and how much it needs while a list comes in. A collector
 * lets garbage grow as long as there is room, so an observed peak means little. The smallest heap
 * in which the list still comes in does mean something: halving finds it, with a JVM for each try.
 */
final class RoomBench {
  private static final int FEWEST_MIB = 4;
  private static final int MOST_MIB = 64;

  /** A collector in too small a heap can go on trying for very long. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final double MIB = 1024 * 1024;

  /** The work of one try. */
  private enum Story {
    LIST,
    LIST_AGAIN
  }

  /**
   * In bytes.
   *
   * @param before by the JVM, before anything of ours was loaded
   */
  private record Held(long before, long cache) {}

  private record Smallest(int mib, Held held) {
    /** The need of listing alone, in caches. */
    double caches() {
      return (mib * MIB - held.before()) / held.cache();
    }
  }

  private RoomBench() {}

  /** Without arguments: prints the table. With the name of a story: one try. */
  public static void main(String[] args) throws Exception {
    if (args.length > 0) {
      one(Story.valueOf(args[0]));
      return;
    }
    try (var table = new Table("cache: the heap for %,d pods".formatted(BenchPods.COUNT))) {
      var once = smallest(Story.LIST);
      var again = smallest(Story.LIST_AGAIN);
      var aPod = (double) once.held().cache() / BenchPods.COUNT;
      row(table, "held, bytes a pod", 0, aPod, new Goal.Under(1024));
      row(table, "held in all, MiB", 1, once.held().cache() / MIB, Goal.none());
      row(table, "smallest heap (-Xmx) to list them in, MiB", 0, once.mib(), Goal.none());
      row(
          table,
          "  less what the JVM held at its start, in caches",
          1,
          once.caches(),
          new Goal.Under(3));
      row(table, "  the same, all changed and listed again", 1, again.caches(), new Goal.Under(3));
      table.note(
          "A streamed list; held: what is free once the store is dropped. Heaps in steps of 1"
              + " MiB,");
      table.note(
          "a JVM for each, with the serial collector and 4 MiB for what is young; too small is"
              + " one");
      table.note("that the JVM runs out of.");
    }
  }

  private static void row(Table table, String what, int decimals, double figure, Goal goal) {
    table.row(what, decimals, Figures.once(figure), goal);
  }

  private static Smallest smallest(Story story) throws IOException, InterruptedException {
    // not of a small heap: for want of room, the JVM drops what it would otherwise keep
    var held = inHeapOf(MOST_MIB, story).orElseThrow();
    var tooSmall = FEWEST_MIB;
    var enough = MOST_MIB;
    while (enough - tooSmall > 1) {
      var middle = (enough + tooSmall) / 2;
      if (inHeapOf(middle, story).isPresent()) {
        enough = middle;
      } else {
        tooSmall = middle;
      }
    }
    return new Smallest(enough, held);
  }

  /** Empty if that much heap does not suffice. */
  private static Optional<Held> inHeapOf(int mib, Story story)
      throws IOException, InterruptedException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                java,
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-Xmx" + mib + "m",
                "-Xmn4m",
                "-XX:MarkSweepAlwaysCompactCount=1",
                "-cp",
                System.getProperty("java.class.path"),
                RoomBench.class.getName(),
                story.name())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!process.waitFor(PATIENCE) || process.exitValue() != 0) {
        return Optional.empty();
      }
      var words = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      var figures = words.strip().split(" ", -1);
      return Optional.of(new Held(Long.parseLong(figures[0]), Long.parseLong(figures[1])));
    } finally {
      process.destroyForcibly();
    }
  }

  private static void one(Story story) throws IOException {
    var before = heldHeap();
    var full = heldHeapWithStore(story);
    System.out.println(before + " " + (full - heldHeap()));
  }

  private static long heldHeapWithStore(Story story) throws IOException {
    var store = BenchPods.store();
    fill(store, BenchPods.watch(1));
    if (story == Story.LIST_AGAIN) {
      fill(store, BenchPods.watch(2));
    }
    var held = heldHeap();
    if (store.all().size() != BenchPods.COUNT) {
      throw new IllegalStateException("stored " + store.all().size());
    }
    return held;
  }

  /** As a reflector does with a streamed list. */
  private static void fill(Store<Pod> store, InputStream watch) throws IOException {
    var shard = store.shard("");
    var source = Source.of(Next.Body.WATCH, watch, Pod.class);
    shard.perform(new Effect.BeginStaging<>());
    var input = source.next();
    while (input instanceof Input.Event<Pod>(WatchEvent.Added<Pod>(var pod))) {
      shard.perform(new Effect.Stage<>(pod));
      input = source.next();
    }
    shard.perform(new Effect.Replace<>("1"));
  }

  private static long heldHeap() {
    for (var i = 0; i < 3; i++) {
      System.gc();
    }
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
