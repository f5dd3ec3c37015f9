package io.bitcoincontroller.sim.lessons;

import io.bitcoincontroller.sim.Play;
import io.bitcoincontroller.sim.Without;
import java.util.List;

/** What the dirty set of a work queue is for. */
final class TwoQuickChanges {
  private TwoQuickChanges() {}

  static Lesson lesson() {
    return new Lesson(
        "03-two-quick-changes",
        "Two quick changes",
        """
        Two changes come within milliseconds, and the second one while the pass for the first
        one runs.
        """,
        9,
        1,
        13.9,
        TwoQuickChanges::play,
        stops(),
        List.of(new Lesson.Lacking(Without.DIRTY_SET, without())));
  }

  private static void play(Play play) {
    play.grownNetworkWithBlock(3);
    play.at(14, play::annotateService);
    play.at(14.003, () -> play.world().users.peers("my-network", List.of("192.168.0.3")));
    play.until(45);
  }

  private static List<Stop> stops() {
    return List.of(
        new Stop(
            "Two people, two changes",
            Sought.kind("world").saying("annotation"),
            """
            Somebody writes an annotation on the Service. Three milliseconds later somebody else
            declares a peer of the network.
            """,
            "Watches.java"),
        new Stop(
            "The first starts a pass",
            Sought.kind("pass"),
            """
            The change of the Service has queued the key, and a worker has taken it. From now on
            this pass looks at the network.
            """,
            "controller/Controller.java"),
        new Stop(
            "The second comes meanwhile",
            Sought.kind("cause").with("how", "again"),
            """
            The pass has read the network already, so it can't know of the peer. A second pass
            may not begin either: two passes over one key would disturb each other. So the key
            is marked as dirty.
            """,
            "workqueue/Pending.java"),
        new Stop(
            "One more pass",
            Sought.kind("pass"),
            """
            The first pass has ended, and the marked key is taken at once. However many changes
            come during a pass, one pass follows.
            """,
            "workqueue/Pending.java"),
        new Stop(
            "The peer is declared",
            Sought.kind("plan").saying("declared peer"),
            """
            This pass reads everything again, and finds the peer: each node shall list it, and
            dials it. The StatefulSet shall say of which generation of the network it is.
            """,
            "plan/MeshPlan.java"),
        new Stop(
            "Not yet",
            Sought.kind("end").with("outcome", "not-now"),
            """
            The pass before has written, and the cache does not show that yet. A pass on a state
            older than our own write could do it again or undo it. So this one puts itself off
            for some milliseconds.
            """,
            "network/NetworkReconciler.java"));
  }

  private static List<Stop> without() {
    return List.of(
        new Stop(
            "Here the two recordings part",
            Sought.parting(),
            """
            With the dirty set, a cause stands here that marks the key. In this run an add is
            dropped while a pass over its key runs: the cache has the change, and nobody asks
            for a pass.
            """,
            "workqueue/Pending.java"),
        new Stop(
            "The pass ends well",
            Sought.kind("end"),
            """
            It has done all that it knew of. The peer is declared, no node lists it, and nothing
            in the queue says so.
            """,
            "controller/Aftermath.java"),
        new Stop(
            "Found at the next look",
            Sought.kind("pass").saying("period"),
            """
            Only the look that each key gets in each period finds the peer, many seconds later.
            In a controller without such looks it would be lost until the next change.
            """,
            "controller/Aftermath.java"));
  }
}
