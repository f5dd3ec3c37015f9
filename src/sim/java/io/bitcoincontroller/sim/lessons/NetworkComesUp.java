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
        after seven passes.
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
            "Watches.java"),
        new Stop(
            "A line of the watch",
            Sought.kind("change").with("resource", "bitcoinnetworks"),
            """
            The watch of networks has brought one line, and the store holds the object now. The
            store tells its listener, and that finds the key of the network.
            """,
            "network/Owners.java"),
        new Stop(
            "Only the key travels",
            Sought.kind("cause").with("how", "queued"),
            """
            The queue gets the key, and not the object. The change is kept as the key's cause,
            for people who ask why. No pass reads it.
            """,
            "workqueue/WorkQueue.java"),
        new Stop(
            "A pass looks at everything",
            Sought.kind("observed").with("pass", 1),
            """
            Pass 1 finds no object of this network in the cache. So it asked the API server for
            each name that it would use: an object of that name may belong to somebody else.
            """,
            "network/ChildReader.java"),
        new Stop(
            "The plan is the difference",
            Sought.kind("plan").with("pass", 1).count("differences", 5),
            """
            What shall be there is a value, and what is there is one too. They differ by five
            objects. A plan is made of values alone, so the same observation always gives the
            same plan.
            """,
            "plan/Plan.java"),
        new Stop(
            "Our own write comes back",
            Sought.kind("cause").with("how", "again"),
            """
            The Service that this pass has made comes back by the watch. The pass still runs, so
            the key does not go into the queue now: it is marked, and queued when the pass ends.
            """,
            "workqueue/Pending.java"),
        new Stop(
            "Five causes, one pass",
            Sought.kind("pass").with("pass", 2).count("causes", 5),
            """
            Five changes came while pass 1 ran, and together they start one pass. The queue
            holds a key once, and keeps all causes.
            """,
            "workqueue/Pending.java"),
        new Stop(
            "A change that asks for nothing",
            Sought.kind("change").with("concerns", "false").saying("Running"),
            """
            A pod has started to run. Nothing in this change is what a pass looks at, so it
            starts none. The button Why nothing? lists such changes.
            """,
            "network/Owners.java"),
        new Stop(
            "All pods are ready",
            Sought.kind("plan").count("differences", 9),
            """
            Each node shall list the other two, and three pairs have no link. A list tells
            bitcoind whom to dial, but bitcoind may take a minute. So one node of each pair is
            told to dial at once.
            """,
            "plan/MeshPlan.java"),
        new Stop(
            "The addnode calls",
            Sought.kind("call").with("lane", "lists"),
            """
            All changes of one node's list are one request. The nodes are called side by side,
            so a pass takes as long as its slowest node and not as long as all of them.
            """,
            "nodes/ListWriter.java"),
        new Stop(
            "The next pass sees what came of it",
            Sought.kind("plan").with("pass", 6).count("differences", 0),
            """
            The pass before does not believe its own calls. This one has read the lists and the
            peers again: three of three links are up, and no difference is left. Now the status
            says so.
            """,
            "plan/StatusOf.java"),
        new Stop(
            "Well, and looked at again",
            Sought.kind("end").with("outcome", "synced"),
            """
            The pass has nothing to do. The key gets another look within half a minute although
            nothing happens, because a node's list and its blocks have no events.
            """,
            "controller/Aftermath.java"));
  }
}
