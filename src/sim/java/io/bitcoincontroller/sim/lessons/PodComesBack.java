package io.bitcoincontroller.sim.lessons;

import io.bitcoincontroller.sim.Play;
import java.util.List;

/** The story of the original text: a pod goes, and its replacement has another address. */
final class PodComesBack {
  private PodComesBack() {}

  static Lesson lesson() {
    return new Lesson(
        "02-pod-0-is-deleted",
        "Pod 0 is deleted, and comes back on another address",
        """
        Somebody deletes pod 0. The StatefulSet makes a new pod of that name; it has another
        address, an empty list and no blocks.
        """,
        1,
        1,
        5.8,
        PodComesBack::play,
        stops(),
        List.of());
  }

  private static void play(Play play) {
    play.networkWithBlock(3);
    play.at(6, () -> play.deletePod(0));
    play.until(11);
  }

  private static List<Stop> stops() {
    return List.of(
        new Stop(
            "Somebody deletes pod 0",
            Sought.kind("world").saying("deletes pod"),
            """
            A person deletes the pod, as kubectl delete pod does. The controller is not told; it
            will hear of it by its watch of pods.
            """,
            "Watches.java",
            "deletes pod my-network-sts-0"),
        new Stop(
            "It is going",
            Sought.kind("change").with("resource", "pods").saying("is being deleted"),
            """
            The pod is still there and still has its address, but it is being deleted. That
            counts as not ready, so the key is queued.
            """,
            "network/Owners.java",
            "not ready, is being deleted"),
        new Stop(
            "The others forget its address",
            Sought.kind("plan").count("differences", 3),
            """
            Nodes 1 and 2 shall not list the address any more, and node 1, which had dialled it,
            closes the connection. Soon the address is nobody's, and later it may be a pod of
            another network.
            """,
            "plan/MeshPlan.java",
            "Difference: 3",
            "node 1 shall not list",
            "node 2 shall not list",
            "node 1 closes its connection"),
        new Stop(
            "The pod is gone",
            Sought.kind("change").with("resource", "pods").with("type", "DELETED"),
            """
            Now the object is gone too, and the StatefulSet makes another pod of the same name.
            The controller takes no part in that.
            """,
            "network/Owners.java",
            "pods default/my-network-sts-0 left the selection"),
        new Stop(
            "Another address",
            Sought.kind("change").with("resource", "pods").saying("address"),
            """
            The new pod has got an address, and it is another one. It is not ready yet, so no
            node lists it.
            """,
            "plan/Members.java",
            "address 10.0.0.2",
            "node 0: not-ready"),
        new Stop(
            "Ready again",
            Sought.kind("plan").count("differences", 6),
            """
            A new bitcoind knows nobody, so its list is not even read. Node 0 gets two entries,
            each other node gets one, and each missing link gets a dial. Nothing here knows of a deletion: the plan is the
            difference between what is wanted and what is there.
            """,
            "plan/MeshPlan.java",
            "Difference: 6",
            "node 0: new, ready",
            "node 1 shall list 10.0.0.2",
            "node 2 shall list 10.0.0.2"),
        new Stop(
                "First the dials",
                Sought.kind("call").with("lane", "links"),
                """
            Two pairs have no link, and one node of each pair dials. An entry is added when its
            dial has ended: a bitcoind that finds somebody to dial in its list begins a round
            that nobody can stop.
            """,
                "mesh/ListStep.java",
                "1 of 3 wanted links up",
                "addnode 10.0.0.1 onetry")
            .between(0, 2),
        new Stop(
            "Linked, but behind",
            Sought.kind("plan").count("differences", 0).saying("BestBlocksDiffer"),
            """
            All links are up. The pod has come back without its blocks, so node 0 is at height 0
            and Synced is False. Blocks travel along the links by themselves; the plan only asks
            for another look.
            """,
            "plan/Heights.java",
            "3 of 3 wanted links up",
            "heights 0 to 1",
            "Synced False",
            "a look again in 2.0 s"),
        new Stop(
            "One best block",
            Sought.kind("plan").saying("OneBestBlock"),
            """
            Two seconds later all nodes are on one best block, and the three conditions are
            True. The status is what this pass has seen, and not what the controller has done.
            """,
            "plan/StatusOf.java",
            "Ready True, Meshed True, Synced True",
            "height 1: all nodes"));
  }
}
