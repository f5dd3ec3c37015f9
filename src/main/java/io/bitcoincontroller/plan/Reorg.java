package io.bitcoincontroller.plan;

/**
 * Nodes that left their chain for a taller one.
 *
 * @param depth how many blocks of the old chain are not in the new one; 1 or more
 */
public record Reorg(Forks.Moved moved, long depth) {
  /** As people read it in {@code kubectl describe}. */
  Note note() {
    return new Note(
        false,
        "Reorganised",
        "a reorg of "
            + Chain.blocks(depth)
            + " on "
            + WiringWords.nodes(moved.nodes())
            + ": their chain of "
            + Chain.blocks(moved.from().height())
            + " with the tip "
            + moved.from().hash()
            + " gave way to one of "
            + Chain.blocks(moved.to().height()));
  }
}
