package io.bitcoincontroller.plan;

/**
 * Why a network is not as its spec wants it. Mostly a person has to do something.
 *
 * @param reason one word in CamelCase, for a condition and an event
 * @param message what is wrong and what to do about it
 */
public record Trouble(String reason, String message) {
  private static final String PASSING = "WriteFailed";

  /** The reason while there are still children of a deleted network of the same name. */
  static final String PREDECESSOR = "PredecessorGoing";

  /**
   * The children go with the network, or stay if its deletion orphans them. A write would bring
   * them back, or make them ours again.
   */
  static final Trouble DELETING =
      new Trouble(
          "Deleting",
          "the network is being deleted, and nothing is done for it any more; metadata.finalizers"
              + " names what it still waits for");

  /** Trouble that may be over by itself: the next pass tries again. */
  public static Trouble passing(String message) {
    return new Trouble(PASSING, message);
  }

  /**
   * A child of a deleted network is in the way.
   *
   * @param what kind and name
   */
  public static Trouble predecessor(String what) {
    return new Trouble(
        PREDECESSOR, what + " of a deleted network of this name is still to be collected");
  }

  /** Whether another try may succeed without a person. */
  public boolean mayPass() {
    return reason.equals(PASSING);
  }

  Trouble and(String more) {
    return new Trouble(reason, message + more);
  }
}
