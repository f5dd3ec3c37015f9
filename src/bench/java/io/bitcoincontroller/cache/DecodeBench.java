package io.bitcoincontroller.cache;

import com.fasterxml.jackson.core.JsonFactory;
import io.bitcoincontroller.bench.Goal;
import io.bitcoincontroller.bench.Rounds;
import io.bitcoincontroller.bench.Table;
import io.bitcoincontroller.cache.Turn.Effect;
import io.bitcoincontroller.cache.Turn.Moment;
import io.bitcoincontroller.cache.Turn.Next;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.Resource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures how fast the events of a watch get into the store, against reading their tokens alone.
 */
final class DecodeBench {
  private static final int ROUNDS = 9;

  /** Without names interned it is faster by a sixth on these bytes; the product has it so, too. */
  private static final JsonFactory BARE =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  private DecodeBench() {}

  public static void main(String[] args) throws Exception {
    var events = BenchPods.events();
    var size = events.length / BenchPods.COUNT;
    try (var table =
        new Table("cache: %,d events of %,d bytes, one thread".formatted(BenchPods.COUNT, size))) {
      var costs = Rounds.inTurn(ROUNDS, () -> tokenise(events), () -> watch(events));
      var bare = costs.get(0).map(nanos -> 1e9 / nanos);
      var ours = costs.get(1).map(nanos -> 1e9 / nanos);
      table.row("bare tokeniser of jackson-core, events/s", 0, bare, Goal.none());
      table.row("decode and store, events/s", 0, ours, Goal.none());
      table.row(
          "decode and store, % of the tokeniser",
          0, ours.over(bare).map(ratio -> 100 * ratio), new Goal.Over(60));
      table.note(
          "From bytes in memory: WatchReader, Pod, WatchStep, Store with both its indexes and");
      table.note(
          "a listener. HTTP is left out. CPU time of the process, garbage collection included.");
    }
  }

  private static long watch(byte[] events) throws IOException {
    var store = BenchPods.store();
    var heard = new AtomicLong();
    store.listen(_ -> heard.incrementAndGet());
    var shard = store.shard("");
    var source = Source.of(Next.Body.WATCH, new ByteArrayInputStream(events), Pod.class);
    var step = new WatchStep<Pod>(new Watched<>(Resource.PODS, "", ""), Limits.STANDARD);
    var random = new Random(1);
    var now = System.nanoTime();
    WatchState state = new WatchState.Watching(TrackRecord.beginning(now), Span.at("1"), 60, now);
    for (var input = source.next(); input instanceof Input.Event<Pod>; input = source.next()) {
      var turn =
          step.next(
              state,
              input,
              new Moment(System.nanoTime(), random.nextDouble(), OptionalLong.empty()));
      state = turn.state();
      for (var effect : turn.effects()) {
        if (effect instanceof Effect.OnStore<Pod> onStore) {
          shard.perform(onStore);
        }
      }
    }
    if (heard.get() != BenchPods.COUNT) {
      throw new IllegalStateException("heard of " + heard);
    }
    return BenchPods.COUNT;
  }

  private static long tokenise(byte[] events) throws IOException {
    var tokens = 0L;
    try (var parser = BARE.createParser(new ByteArrayInputStream(events))) {
      while (parser.nextToken() != null) {
        tokens++;
      }
    }
    if (tokens < BenchPods.COUNT) {
      throw new IllegalStateException("read " + tokens);
    }
    return BenchPods.COUNT;
  }
}
