package io.bitcoincontroller.sim.lessons;

import java.util.List;

/**
 * A place in a recording where something is told.
 *
 * @param at the entry, the first one after the stop before that is as sought
 * @param words one to three sentences: what is seen there, and why the controller does it
 * @param source the file that decides it, below io/bitcoincontroller
 * @param shows texts that the page has at this moment: what the words speak of
 * @param opens the question that the page answers: now, nothing, or sides
 * @param between the two nodes that the page tells of; empty: those that a person has chosen
 */
record Stop(
    String title,
    Sought at,
    String words,
    String source,
    List<String> shows,
    String opens,
    List<Integer> between) {

  /** The words may be a text block: its lines are one paragraph. */
  Stop(String title, Sought at, String words, String source, String... shows) {
    this(
        title,
        at,
        words.strip().replace('\n', ' '),
        source,
        List.of(shows),
        at.isParting() ? "sides" : "now",
        List.of());
  }

  Stop whyNothing() {
    return new Stop(title, at, words, source, shows, "nothing", between);
  }

  Stop between(int one, int other) {
    return new Stop(title, at, words, source, shows, opens, List.of(one, other));
  }
}
