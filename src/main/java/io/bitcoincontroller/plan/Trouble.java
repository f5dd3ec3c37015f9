package io.bitcoincontroller.plan;

/**
 * What keeps a network from being as its spec wants it, mostly until a person does something.
 *
 * @param reason one word for a condition and an event
 * @param message what is wrong and what to do about it
 */
public record Trouble(String reason, String message) {
  private static final String PASSING = "WriteFailed";

  /** The reason while what is left of a deleted network of the same name is still there. */
  static final String PREDECESSOR = "PredecessorGoing";

  /**
   * Its children go with it, or stay if its deletion orphans them: to write any more would bring
   * them back, or make them ours again.
   */
  static final Trouble DELETING =
      new Trouble(
          "Deleting",
          "the network is being deleted, and nothing is done for it any more; metadata.finalizers"
              + " names what it still waits for");

  /** One that may be over by itself: worth another try. */
  public static Trouble passing(String message) {
    return new Trouble(PASSING, message);
  }

  public static Trouble predecessor(String what) {
    return new Trouble(
        PREDECESSOR, what + " of a deleted network of this name is still to be collected");
  }

  public boolean mayPass() {
    return reason.equals(PASSING);
  }
}
