package io.bitcoincontroller.sim.lessons;

import io.bitcoincontroller.sim.Play;
import io.bitcoincontroller.sim.world.Weather;
import java.util.List;

/** A write that was carried out, and whose answer was lost. */
final class LostAnswer {
  private LostAnswer() {}

  static Lesson lesson() {
    return new Lesson(
        "06-lost-answer",
        "A lost answer",
        """
        Somebody scales the network down to two nodes. The API server carries the write out,
        and its answer is lost.
        """,
        145,
        1,
        5.8,
        LostAnswer::play,
        stops(),
        List.of());
  }

  private static void play(Play play) {
    play.grownNetworkWithBlock(3);
    play.at(
        6,
        () -> {
          play.world().weather.begin(Weather.Trouble.ANSWERS_LOST);
          play.world().users.scale("my-network", 2);
        });
    play.at(6.05, () -> play.world().weather.end(Weather.Trouble.ANSWERS_LOST));
    play.until(7.5);
  }

  private static List<Stop> stops() {
    return List.of(
        new Stop(
            "Two nodes are enough",
            Sought.kind("world").saying("2 nodes"),
            """
            Somebody changes spec.nodes from 3 to 2.
            """,
            "Watches.java",
            "changes my-network: 2 nodes"),
        new Stop(
            "The plan",
            Sought.kind("plan").count("differences", 3),
            """
            The StatefulSet shall have two pods, and nodes 0 and 1 shall not list node 2. A pass
            changes the lists first, and writes the objects then.
            """,
            "network/NetworkPass.java",
            "Difference: 3",
            "StatefulSet my-network-sts is not as it shall be: replicas 3 -> 2",
            "node 0 shall not list",
            "node 1 shall not list"),
        new Stop(
            "The answer is lost",
            Sought.kind("call").with("outcome", "lost"),
            """
            The connection broke after the request was sent. The controller can't know whether
            the write was carried out. Here it was.
            """,
            "network/ChildWriter.java",
            "PATCH statefulsets/my-network-sts lost: nobody knows whether it was done"),
        new Stop(
                "Failed, and tried again",
                Sought.kind("end").with("outcome", "retry"),
                """
            So the pass fails. It remembers nothing of the write. The key comes back after some
            milliseconds; the time grows with each further failure.
            """,
                "controller/Aftermath.java",
                "something failed, and is tried again",
                "in 6 ms, the key is queued",
                "no answer to the write of StatefulSet my-network-sts")
            .whyNothing(),
        new Stop(
            "The same plan again",
            Sought.kind("plan").saying("is not as it shall be"),
            """
            The retry began before the watch told of the write. It took the StatefulSet of before
            from the cache, so the plan is to write it again.
            """,
            "plan/ChildPlan.java",
            "pass 19 failed, and its back-off is over",
            "Difference: 1",
            "StatefulSet my-network-sts is not as it shall be"),
        new Stop(
            "Refused, and rightly",
            Sought.kind("call").saying("409"),
            """
            The write names the version that the pass has seen. The stored object is another one
            since the first write, so the server refuses: a conflict is how a write on old
            knowledge ends.
            """,
            "network/ChildWriter.java",
            "PATCH statefulsets/my-network-sts refused",
            "HTTP 409"),
        new Stop(
            "The watch tells the truth",
            Sought.kind("plan").saying("closes its connection"),
            """
            The changes have come, and this pass sees that the StatefulSet is as it shall be.
            One connection is left: node 0 closes the one with the address of node 2, which is
            going.
            """,
            "plan/MeshPlan.java",
            "Difference: 1",
            "node 0 closes its connection with 10.0.0.2"));
  }
}
