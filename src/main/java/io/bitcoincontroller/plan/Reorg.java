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
            + depth
            + (depth == 1 ? " block on " : " blocks on ")
            + WiringWords.nodes(moved.nodes())
            + ": their chain of "
            + moved.from().height()
            + " blocks with the tip "
            + moved.from().hash()
            + " gave way to one of "
            + moved.to().height()
            + " blocks");
  }
}
