package io.bitcoincontroller.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.observe.LogLines;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** 10,000 pods as the benchmarks of this package need them, and a store for them. */
final class BenchPods {
  static final int COUNT = 10_000;

  private BenchPods() {}

  /** Always the same for the same number. */
  static String json(int i) {
    return BenchPod.json(i, new Random(i));
  }

  static Store<Pod> store() {
    return Unbounded.store(
        "pods", Set.of(), BenchPods::owner, Ticker.SYSTEM, LogLines.onStandardError());
  }

  private static Optional<ObjectKey> owner(Pod pod) {
    return Optional.ofNullable(pod.metadata().labels().get("app.kubernetes.io/instance"))
        .map(name -> new ObjectKey(pod.metadata().namespace(), name));
  }

  /** All of them as the lines of a watch. */
  static byte[] events() throws IOException {
    return watch(1).readAllBytes();
  }

  /**
   * All of them as the lines of a watch, made as they are read, so that they are never there whole.
   *
   * @param version 1 for the pods as they are, another number for pods that have all changed
   */
  static InputStream watch(int version) {
    var pods = IntStream.range(0, COUNT).iterator();
    return new Pieces(
        () -> pods.hasNext() ? Optional.of(event(pods.next(), version)) : Optional.empty());
  }

  private static byte[] event(int i, int version) {
    return ("{\"type\":\"ADDED\",\"object\":" + changed(i, version) + "}\n").getBytes(UTF_8);
  }

  private static String changed(int i, int version) {
    return version == 1
        ? json(i)
        : json(i).replaceFirst("\"resourceVersion\":\"", "\"resourceVersion\":\"" + version);
  }
}
