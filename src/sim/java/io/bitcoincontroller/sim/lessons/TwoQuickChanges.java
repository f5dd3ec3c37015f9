package io.bitcoincontroller.sim.lessons;

import io.bitcoincontroller.sim.Play;
import io.bitcoincontroller.sim.Without;
import java.util.List;

/** What the dirty set of a work queue is for. */
final class TwoQuickChanges {
  /** In seconds. Up to then the two recordings are the same. */
  private static final double FROM = 13.9;

  private TwoQuickChanges() {}

  static Lesson lesson() {
    return new Lesson(
        "03-two-quick-changes",
        "Two quick changes",
        """
        Two changes come within milliseconds, and the second one while the pass for the first
        one runs.
        """,
        39,
        1,
        FROM,
        TwoQuickChanges::play,
        stops(),
        List.of(new Lesson.Lacking(Without.DIRTY_SET, without())));
  }

  private static void play(Play play) {
    play.grownNetworkWithBlock(3);
    play.wellUntil(FROM);
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
            "Watches.java",
            "writes an annotation on Service"),
        new Stop(
            "The first starts a pass",
            Sought.kind("pass"),
            """
            The change of the Service has queued the key, and a worker has taken it. From now on
            this pass looks at the network.
            """,
            "controller/Controller.java",
            "services default/my-network-svc changed: annotations",
            "begins, with 1 cause"),
        new Stop(
            "The second comes meanwhile",
            Sought.kind("cause").with("how", "again"),
            """
            The pass took the network from the cache when it began, so it can't know of the
            peer. It still waits for the nodes: nothing is observed yet. A second pass may not
            begin: two passes over one key would disturb each other. So the key is marked as
            dirty.
            """,
            "workqueue/Pending.java",
            "a pass was running, and another one was to follow",
            "nothing at this moment"),
        new Stop(
            "One more pass",
            Sought.kind("pass"),
            """
            The first pass has ended, and the marked key is taken at once. However many changes
            come during a pass, one pass follows.
            """,
            "workqueue/Pending.java",
            "bitcoinnetworks default/my-network changed: generation 2 -> 3",
            "begins, with 1 cause"),
        new Stop(
            "The peer is declared",
            Sought.kind("plan").saying("declared peer"),
            """
            This pass reads everything again, and finds the peer: each node shall list it, and
            dials it. The StatefulSet shall say of which generation of the network it is.
            """,
            "plan/MeshPlan.java",
            "Difference: 7",
            "StatefulSet my-network-sts is not as it shall be",
            "node 0 shall list 192.168.0.3",
            "node 0 dials the declared peer 192.168.0.3"),
        new Stop(
            "Not yet",
            Sought.kind("end").with("outcome", "not-now"),
            """
            Pass 22 has written the status, and the cache does not show that yet. A pass on a
            state older than our own write could do it again or undo it. So pass 23 ends as
            "not-now", and the key waits for some milliseconds: the pie in the queue.
            """,
            "network/NetworkReconciler.java",
            "Pass 23",
            "not-now",
            "the cache does not show the last writes yet",
            "in 10 ms"));
  }

  private static List<Stop> without() {
    return List.of(
        new Stop(
            "Here the two recordings part",
            Sought.parting(),
            """
            In the other recording a cause stands here that marks the key. In this run an add is
            dropped while a pass over its key runs: the cache has the change, and nobody asks
            for a pass.
            """,
            "workqueue/Pending.java",
            "a pass was running, and another one was to follow"),
        new Stop(
            "The pass ends well",
            Sought.kind("end"),
            """
            It has done all that it knew of. The peer is declared, no node lists it, and nothing
            in the queue says so.
            """,
            "controller/Aftermath.java",
            "all is as wanted"),
        new Stop(
            "Found at the next look",
            Sought.kind("plan").saying("declared peer"),
            """
            Only the look that each key gets in each period finds the peer, half a minute later.
            In a controller without such looks it would be lost until the next change.
            """,
            "controller/Aftermath.java",
            "every key gets a look in each period",
            "node 0 dials the declared peer 192.168.0.3"));
  }
}
