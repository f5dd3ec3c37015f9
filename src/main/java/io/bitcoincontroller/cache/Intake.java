package io.bitcoincontroller.cache;

import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.Parsed;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * How much of what comes a store keeps.
 *
 * @param trim what is kept of an object: pure, and cheap
 * @param beside bytes that others keep about each object of the store
 * @param budget shared with other stores
 */
record Intake<T extends KubeObject>(UnaryOperator<T> trim, int beside, Budget budget) {
  /** The status of 500 nodes takes half of it, and a StatefulSet a fiftieth. */
  private static final int LARGEST_OBJECT = 256 * 1024;

  /** What the budget counts for an object; never 0. */
  int weight(T kept) {
    return kept.weight() + beside;
  }

  /**
   * Takes of the budget what an object needs.
   *
   * @param more beyond what it has already
   * @return why the object is left out; nothing is taken then
   */
  Optional<Skipped.Entry<T>> refused(T kept, int more) {
    return tooLarge(kept)
        .or(
            () ->
                budget.take(kept.metadata().namespace(), more)
                    ? Optional.empty()
                    : Optional.of(noRoom(kept)));
  }

  private static <T extends KubeObject> Optional<Skipped.Entry<T>> tooLarge(T kept) {
    return kept.weight() <= LARGEST_OBJECT
        ? Optional.empty()
        : Optional.of(
            skipped(
                kept,
                "it takes "
                    + kept.weight() / 1024
                    + " KiB, of which at most "
                    + LARGEST_OBJECT / 1024
                    + " are possible",
                0));
  }

  private Skipped.Entry<T> noRoom(T kept) {
    return skipped(kept, budget.noRoom(), weight(kept));
  }

  private static <T extends KubeObject> Skipped.Entry<T> skipped(T kept, String why, int wanted) {
    var metadata = kept.metadata();
    return new Skipped.Entry<>(
        new Parsed.Unreadable<>(
            Optional.of(metadata.key()), metadata.uid(), metadata.resourceVersion(), why),
        wanted);
  }
}
