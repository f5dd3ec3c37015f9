package io.bitcoincontroller.sim.lessons;

import io.bitcoincontroller.sim.Play;
import java.util.List;

/** One node that hangs does not hold up the others. */
final class FrozenNode {
  private FrozenNode() {}

  static Lesson lesson() {
    return new Lesson(
        "07-frozen-node",
        "A frozen node",
        """
        The bitcoind of pod 2 stops, and its machine still takes connections: every call to it
        hangs.
        """,
        19,
        1,
        34.4,
        FrozenNode::play,
        stops(),
        List.of());
  }

  private static void play(Play play) {
    play.networkWithBlock(3);
    play.at(34.5, () -> play.freezePod(2, 20));
    play.until(50);
  }

  private static List<Stop> stops() {
    return List.of(
        new Stop(
            "A bitcoind freezes",
            Sought.kind("world").with("who", "fault"),
            """
            The process is stopped, as by SIGSTOP. The kernel takes connections for it, and
            nothing answers. No event says so: the pod is still ready.
            """,
            "nodes/PodRpc.java",
            "the bitcoind of my-network-sts-2 is frozen"),
        new Stop(
            "One second of patience",
            Sought.kind("observed"),
            """
            The three nodes are asked side by side. Two have answered within milliseconds; the
            pass waited one second for the third, and then went on with what it heard from it
            last. The call still runs, and node 2 is drawn with a broken line.
            """,
            "nodes/BackgroundCalls.java",
            "observe 1.0 s",
            "node 2: no answer in time, shown as before",
            "No answer of node 2 by now: shown as before",
            "Calls that read: 2"),
        new Stop(
                "The others are served",
                Sought.kind("plan").saying("dials node 2"),
                """
            Node 0 has no connection with node 2 any more, and dials it again. The link from
            node 2 to node 1 counts as up, since node 2 said so when it was heard last. The lists
            stay: a node that is slow is not gone.
            """,
                "plan/MeshPlan.java",
                "2 of 3 wanted links up",
                "node 0 dials node 2")
            .between(0, 2),
        new Stop(
            "No second wait",
            Sought.kind("observed"),
            """
            The next pass is quick: no pass waits for a node that was too slow, until it has
            answered in time again. The call from before still runs.
            """,
            "nodes/BackgroundCalls.java",
            "links: 2 up; 1 missing",
            "Calls that read: 2"),
        new Stop(
            "The probe fails",
            Sought.kind("change").with("resource", "pods").saying("not ready"),
            """
            Some seconds later the kubelet's probe has failed, and the pod is not ready. This is
            an event, and it starts a pass.
            """,
            "network/Owners.java",
            "pods default/my-network-sts-2 changed: not ready"),
        new Stop(
            "It leaves the lists",
            Sought.kind("plan").saying("shall not list"),
            """
            Now node 2 leaves the lists of the others, as every pod that is not ready. Its
            connections are not closed: if it wakes up, they are still there.
            """,
            "plan/MeshPlan.java",
            "node 0 shall not list",
            "node 1 shall not list",
            "its readiness probe fails"));
  }
}
