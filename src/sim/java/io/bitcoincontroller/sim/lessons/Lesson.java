package io.bitcoincontroller.sim.lessons;

import io.bitcoincontroller.sim.Play;
import io.bitcoincontroller.sim.Without;
import java.util.List;
import java.util.function.Consumer;

/**
 * A story that is recorded.
 *
 * @param name of its file; begins with its number
 * @param words what happens, in a sentence or two
 * @param controllers 1, or 2 of which the first one leads at the beginning
 * @param from when it begins, in seconds; what was before the pass before is left out
 * @param script lets things happen
 * @param others the same script again, seen otherwise
 */
record Lesson(
    String name,
    String title,
    String words,
    long seed,
    int controllers,
    double from,
    Consumer<Play> script,
    List<Stop> stops,
    List<Other> others) {

  Lesson {
    words = words.strip().replace('\n', ' ');
  }

  /** Another recording of the same story. */
  sealed interface Other {
    /** After the lesson's name and a dot. */
    String name();

    /** Of the switch. */
    String label();

    List<Stop> stops();
  }

  /** Without a safeguard. The first stop is where the two recordings part. */
  record Lacking(Without safeguard, List<Stop> stops) implements Other {
    @Override
    public String name() {
      return "without";
    }

    @Override
    public String label() {
      return "Without " + safeguard.option();
    }
  }

  /** As the second controller saw it. */
  record Successor(List<Stop> stops) implements Other {
    @Override
    public String name() {
      return "successor";
    }

    @Override
    public String label() {
      return "The other controller";
    }
  }
}
