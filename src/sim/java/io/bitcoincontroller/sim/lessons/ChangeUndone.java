package io.bitcoincontroller.sim.lessons;

import io.bitcoincontroller.sim.Play;
import io.bitcoincontroller.sim.Without;
import java.util.List;

/** Why each network is looked at although nothing happened. */
final class ChangeUndone {
  private ChangeUndone() {}

  static Lesson lesson() {
    return new Lesson(
        "10-change-undone",
        "A change without an event",
        """
        Somebody takes an entry from the list of node 0, with addnode remove. Kubernetes knows
        nothing of it.
        """,
        1,
        1,
        19.9,
        ChangeUndone::play,
        stops(),
        List.of(new Lesson.Lacking(Without.RESYNC, without())));
  }

  private static void play(Play play) {
    play.networkWithBlock(3);
    play.at(20, () -> play.takeFromList(0));
    play.until(70);
  }

  private static List<Stop> stops() {
    return List.of(
        new Stop(
                "An entry is taken away",
                Sought.kind("world").saying("takes"),
                """
            This happens inside of a bitcoind. No object of Kubernetes changes, so no watch
            brings a line. Why nothing? says when the next look is due, and why.
            """,
                "Watches.java",
                "takes 10.0.0.30 from the list of my-network-sts-0",
                "the look that every key gets in each period")
            .whyNothing(),
        new Stop(
            "Time has passed",
            Sought.kind("pass").saying("period"),
            """
            A key that is well is queued again within half a minute. This pass has no other
            cause.
            """,
            "controller/Aftermath.java",
            "every key gets a look in each period",
            "Causes: 1, one pass"),
        new Stop(
            "The lists are read",
            Sought.kind("plan").count("differences", 1),
            """
            Each pass reads the list of each node, and does not trust what it has written
            earlier. One entry is missing.
            """,
            "nodes/NodeReader.java",
            "Difference: 1",
            "node 0 shall list 10.0.0.30"),
        new Stop(
            "Put back",
            Sought.kind("call").with("lane", "lists"),
            """
            One addnode, and the list is as it shall be. This is all that level-based means:
            what is wanted is compared with what is.
            """,
            "nodes/ListWriter.java",
            "addnode 10.0.0.30 add"));
  }

  private static List<Stop> without() {
    return List.of(
        new Stop(
            "Here the two recordings part",
            Sought.parting(),
            """
            After a pass each key gets a look within half a minute. In this run the next one is more
            than a week away. Nothing else differs yet.
            """,
            "controller/Aftermath.java",
            "the key waits 201 h"),
        new Stop(
                "An entry is taken away",
                Sought.kind("world").saying("takes"),
                """
            The same happens in this recording.
            """,
                "controller/Aftermath.java",
                "takes 10.0.0.30 from the list of my-network-sts-0",
                "in 201 h")
            .whyNothing(),
        new Stop(
                "No pass comes",
                Sought.kind("watch").with("event", "watching"),
                """
            In the other recording a pass has found the missing entry before this. Here the watches
            are renewed as usual, and nobody looks.
            """,
                "controller/Aftermath.java",
                "in 201 h")
            .whyNothing());
  }
}
