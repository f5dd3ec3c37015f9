package io.bitcoincontroller.sim.lessons;

import io.bitcoincontroller.sim.Play;
import java.util.List;

/** The whole way, from the first line of a watch to a network that is well. */
final class NetworkComesUp {
  private NetworkComesUp() {}

  static Lesson lesson() {
    return new Lesson(
        "01-a-network-comes-up",
        "A network comes up",
        """
        Somebody makes a network of three nodes. Some tenths of a second later it is complete,
        after nine passes.
        """,
        1,
        1,
        0,
        NetworkComesUp::play,
        stops(),
        List.of());
  }

  private static void play(Play play) {
    play.at(1, () -> play.world().users.make("my-network", 3));
    play.until(3);
  }

  private static List<Stop> stops() {
    return List.of(
        new Stop(
            "Somebody makes a network",
            Sought.kind("world").with("who", "user"),
            """
            This entry is not the controller's. The simulator notes what people and Kubernetes
            do; a controller hears of it later, by its watches.
            """,
            "Watches.java",
            "makes network my-network"),
        new Stop(
            "A line of the watch",
            Sought.kind("change").with("resource", "bitcoinnetworks"),
            """
            The watch of networks has brought one line, and the store holds the object now. The
            store tells its listener, and that finds the key of the network.
            """,
            "network/Owners.java",
            "bitcoinnetworks default/my-network appeared"),
        new Stop(
            "Only the key travels",
            Sought.kind("cause").with("how", "queued"),
            """
            The queue gets the key, and not the object. The change is kept as the key's cause,
            for people who ask why. No pass reads it.
            """,
            "workqueue/WorkQueue.java",
            "this queued the key"),
        new Stop(
            "A pass looks at everything",
            Sought.kind("observed").with("pass", 1),
            """
            Pass 1 finds no object of this network in the cache. Somebody else's object may have
            one of the names, and the cache would not show it. Nobody asks: a POST fails where
            the name is taken, and touches nothing. The one call looks for somebody else's
            PodDisruptionBudget over our pods.
            """,
            "network/ChildReader.java",
            "nodes 0–2: absent",
            "GET poddisruptionbudgets"),
        new Stop(
            "The plan is the difference",
            Sought.kind("plan").with("pass", 1).count("differences", 4),
            """
            What shall be there is a value, and what is there is one too. They differ by four
            objects. A plan is made of values alone, so the same observation always gives the
            same plan.
            """,
            "plan/Plan.java",
            "Difference: 4",
            "there is no Secret",
            "Service my-network-svc is not there",
            "PodDisruptionBudget my-network-pdb is not there",
            "StatefulSet my-network-sts is not there"),
        new Stop(
            "Our own write comes back",
            Sought.kind("cause").with("how", "again"),
            """
            An object that this pass has made comes back by the watch. The pass still runs, so
            the key does not go into the queue now: it is marked, and queued when the pass ends.
            """,
            "workqueue/Pending.java",
            "a pass was running, and another one was to follow",
            "POST services"),
        new Stop(
            "The status waits",
            Sought.kind("status").with("pass", 1),
            """
            A status could only say now that nodes are missing. It waits for five seconds at
            most: by then the first one mostly says that the network is complete.
            """,
            "network/Reporter.java",
            "such a difference may wait, 5.0 s"),
        new Stop(
            "Three causes, one pass",
            Sought.kind("pass").count("causes", 3),
            """
            Three pods have come. The first line queued the key, and the next two found it in
            the queue. The queue holds a key once, and keeps all causes.
            """,
            "workqueue/Pending.java",
            "Causes: 3, one pass",
            "the key waited already, and this was merged"),
        new Stop(
                "A change that asks for nothing",
                Sought.kind("change").with("concerns", "false").saying("Running"),
                """
            A pod has started to run. Nothing in this change is what a pass looks at, so it
            starts none. The button Why nothing? lists such changes.
            """,
                "network/Owners.java",
                "nothing that a pass looks at",
                "pods default/my-network-sts-0: Running")
            .whyNothing(),
        new Stop(
            "All pods are ready",
            Sought.kind("plan").count("differences", 9),
            """
            Each node shall list the other two, and one node of each pair dials. A bitcoind
            starts with an empty list, and nobody has called these since they started. So they
            need not be read before.
            """,
            "network/Newcomers.java",
            "Difference: 9",
            "nodes 0–2: new, ready",
            "node 1 dials node 0"),
        new Stop(
            "First the dials",
            Sought.kind("call").with("lane", "links"),
            """
            A bitcoind looks at its list every two seconds, and dials what is not connected.
            Nobody can stop such a round: it goes on across a partition that comes meanwhile. So
            a node is told to dial before it gets the entries, and few are left for a round.
            """,
            "mesh/ListStep.java",
            "addnode 10.0.0.16 onetry"),
        new Stop(
            "Then the entries",
            Sought.kind("call").with("lane", "lists"),
            """
            The dials have ended, and the links are there. All changes of one node's list are one
            request. The nodes are called side by side, so a pass takes as long as its slowest
            node and not as long as all of them.
            """,
            "nodes/ListWriter.java",
            "addnode 10.0.0.30 add, addnode 10.0.0.1 add"),
        new Stop(
            "The next pass sees what came of it",
            Sought.kind("plan").count("differences", 0).saying("3 of 3 links are up"),
            """
            No pass believes its own calls. This one has read the lists and the peers: three of
            three links are up, and no difference is left. The first status of this network says
            so.
            """,
            "plan/StatusOf.java",
            "3 of 3 wanted links up",
            "None: what is observed is what is wanted."),
        new Stop(
            "Well, and looked at again",
            Sought.kind("end").with("pass", 9),
            """
            The pie in the queue is the key, which waits for five seconds: by then bitcoind's
            own dials may have made second connections. After that each key gets a look within
            half a minute, because a node's list and its blocks have no events.
            """,
            "controller/Aftermath.java",
            "PATCH bitcoinnetworks/my-network/status",
            "a look again in 5.0 s"));
  }
}
