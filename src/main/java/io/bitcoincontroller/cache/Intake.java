package io.bitcoincontroller.cache;

import io.bitcoincontroller.kube.KubeObject;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/**
 * How much of what comes a store keeps.
 *
 * @param trim what is kept of an object: pure, and cheap
 * @param beside bytes that others keep about an object as long as it is here: pure
 * @param budget shared with other stores
 */
record Intake<T extends KubeObject>(UnaryOperator<T> trim, ToIntFunction<T> beside, Budget budget) {
  /** The status of 500 nodes takes half of it, and a StatefulSet a fiftieth. */
  private static final int LARGEST_OBJECT = 256 * 1024;

  /** What the budget counts for an object; never 0. */
  int weight(T kept) {
    return kept.weight() + beside.applyAsInt(kept);
  }

  /**
   * Takes of the budget what an object needs.
   *
   * @param more beyond what it has already
   * @param before how the same object was left out, if nothing but its status changed since. That
   *     may be shorter now, since it says just this; let in, the object would get its old status
   *     again, and be put out again
   * @return why the object is left out; nothing is taken then
   */
  Optional<Skipped.Entry<T>> refused(T kept, int more, Optional<Skipped.Entry<T>> before) {
    var namespace = kept.metadata().namespace();
    var stays = before.filter(entry -> !entry.fits(namespace, budget));
    if (stays.isPresent()) {
      return Optional.of(stays.get().with(kept));
    }
    if (kept.weight() > LARGEST_OBJECT) {
      return Optional.of(Skipped.Entry.tooLarge(kept, LARGEST_OBJECT));
    }
    return budget.take(namespace, more)
        ? Optional.empty()
        : Optional.of(Skipped.Entry.of(kept, budget.noRoom(), weight(kept)));
  }
}
