package io.bitcoincontroller.sim.lessons;

import io.bitcoincontroller.sim.Play;
import io.bitcoincontroller.sim.Without;
import java.time.Duration;
import java.util.List;

/** Why a lease alone does not make a single leader. */
final class PausedLeader {
  private PausedLeader() {}

  static Lesson lesson() {
    return new Lesson(
        "09-paused-leader",
        "A paused leader, and its successor",
        """
        Two controllers run, and the first one leads. Its process is paused for half a minute,
        in the middle of a pass.
        """,
        215,
        2,
        5.8,
        PausedLeader::play,
        stops(),
        List.of(new Lesson.Successor(successor()), new Lesson.Lacking(Without.FENCE, without())));
  }

  private static void play(Play play) {
    play.grownNetworkWithBlock(3);
    play.at(6, () -> play.world().users.scale("my-network", 2));
    play.at(6.02, () -> play.pause(0, Duration.ofSeconds(30)));
    play.until(45);
  }

  private static List<Stop> stops() {
    return List.of(
        new Stop(
            "Two nodes are enough",
            Sought.kind("world").saying("2 nodes"),
            """
            Somebody changes spec.nodes from 3 to 2. The leader hears of it.
            """,
            "Watches.java",
            "changes my-network: 2 nodes"),
        new Stop(
            "Paused in the middle of a pass",
            Sought.kind("pass"),
            """
            The pass has begun, and then the whole process stands still, as a virtual machine
            that is moved or a node that swaps. It does not know that it does.
            """,
            "controller/Controller.java",
            "begins, with 1 cause",
            "running"),
        new Stop(
            "Somebody else has done it",
            Sought.kind("world").saying("deletes pods"),
            """
            Nobody renews the lease, so the other controller has taken it, and has scaled the
            network down. This process sleeps on. The switch above shows the other one's
            recording.
            """,
            "leader/Election.java",
            "deletes pods default/my-network-sts-2"),
        new Stop(
            "It wakes up",
            Sought.kind("leader").with("leads", "false"),
            """
            Half a minute later the process goes on where it was. Its lease ran out long ago by
            its own clock, so it does not lead any more.
            """,
            "leader/LeaderElector.java",
            "this process does not lead"),
        new Stop(
            "Calls that are not made",
            Sought.kind("call").with("outcome", "not-sent"),
            """
            The pass goes on: it was in the middle of its work. Each call to a node asks first
            whether this process still leads. It does not, so nothing is sent.
            """,
            "nodes/PodRpc.java",
            "getblockchaininfo not sent",
            "not the leader any more"),
        new Stop(
            "The fence",
            Sought.kind("call").saying("PATCH").saying("not the leader any more"),
            """
            The same holds for writes. The plan rests on a StatefulSet of half a minute ago; the
            fence keeps it from the API server.
            """,
            "ControllerProcess.java",
            "PATCH statefulsets/my-network-sts not sent",
            "not the leader any more"));
  }

  private static List<Stop> successor() {
    return List.of(
        new Stop(
            "The same change",
            Sought.kind("world").saying("2 nodes"),
            """
            The second controller has the same caches as the first one. It has made no pass.
            """,
            "Watches.java",
            "changes my-network: 2 nodes",
            "No pass over default/my-network"),
        new Stop(
            "It only watches",
            Sought.kind("change").with("resource", "bitcoinnetworks"),
            """
            The cache has the change. No look is asked for: without the lease no worker would
            take the key, and keys of networks that are long gone would pile up.
            """,
            "Watches.java",
            "generation 2 -> 3"),
        new Stop(
            "The lease is free",
            Sought.kind("leader").with("leads", "true"),
            """
            The holder did not renew the lease for fifteen seconds, by the clock of the one who
            waits. So this controller takes it, asks for a look at each network, and its workers
            begin.
            """,
            "leader/Election.java",
            "this process leads"),
        new Stop(
            "Nothing is handed over",
            Sought.kind("observed"),
            """
            The successor knows nothing of what the other one did or had in mind. It needs
            nothing of that: it looks at the cluster.
            """,
            "network/Observer.java",
            "nodes 0, 1: up, ready"),
        new Stop(
            "It does what is missing",
            Sought.kind("plan").count("differences", 3),
            """
            The network shall have two nodes, so the StatefulSet is changed, and the lists are.
            """,
            "plan/Plan.java",
            "Difference: 3",
            "StatefulSet my-network-sts is not as it shall be",
            "node 0 shall not list"));
  }

  private static List<Stop> without() {
    return List.of(
        new Stop(
            "Here the two recordings part",
            Sought.parting(),
            """
            This is the same process without the fence. In the other recording no call is sent
            any more. Here two nodes are asked, and answer.
            """,
            "ControllerProcess.java",
            "not the leader any more"),
        new Stop(
            "A plan from another time",
            Sought.kind("plan").saying("counts 3 pods, and 2 can be seen"),
            """
            Half of what it knows is from before the pause. Its StatefulSet counts three pods,
            and only two can be seen by now. The third one may have blocks, so the plan is to
            keep three.
            """,
            "plan/Plan.java",
            "counts 3 pods, and 2 can be seen",
            "StatefulSet my-network-sts is not as it shall be"),
        new Stop(
            "It undoes the work of its successor",
            Sought.kind("call").saying("PATCH").with("outcome", "ok"),
            """
            The write is sent, and the API server takes it. Two controllers now write the same
            object.
            """,
            "ControllerProcess.java",
            "PATCH statefulsets/my-network-sts ok"),
        new Stop(
            "And is undone",
            Sought.kind("change").with("resource", "statefulsets").saying("generation 4 -> 5"),
            """
            The real leader has seen the change, and has put the StatefulSet right: generation 5
            is its work. As long as two act as leaders, such a fight can go on.
            """,
            "plan/ChildPlan.java",
            "generation 4 -> 5"));
  }
}
