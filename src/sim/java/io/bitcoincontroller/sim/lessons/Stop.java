package io.bitcoincontroller.sim.lessons;

/**
 * A place in a recording where something is told.
 *
 * @param at the entry, the first one after the stop before that is as sought
 * @param words one to three sentences: what is seen there, and why the controller does it
 * @param source the file that decides it, below io/bitcoincontroller
 */
record Stop(String title, Sought at, String words, String source) {
  /** The words may be a text block: its lines are one paragraph. */
  Stop {
    words = words.strip().replace('\n', ' ');
  }
}
