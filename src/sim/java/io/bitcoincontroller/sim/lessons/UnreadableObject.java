package io.bitcoincontroller.sim.lessons;

import io.bitcoincontroller.sim.Play;
import io.bitcoincontroller.sim.Without;
import java.util.List;

/** One object that can't be read must not stop the others. */
final class UnreadableObject {
  private UnreadableObject() {}

  static Lesson lesson() {
    return new Lesson(
        "12-unreadable-object",
        "An object that can't be read",
        """
        Somebody makes a network with a field that has no known form. A second later, somebody
        else scales another network.
        """,
        1,
        1,
        5.8,
        UnreadableObject::play,
        stops(),
        List.of(new Lesson.Lacking(Without.SKIP_UNREADABLE, without())));
  }

  private static void play(Play play) {
    play.networkWithBlock(3);
    play.at(6, () -> play.world().users.makeUnreadable());
    play.at(7, () -> play.world().users.scale("my-network", 2));
    play.until(25);
  }

  private static List<Stop> stops() {
    return List.of(
        new Stop(
            "A broken object",
            Sought.kind("world").saying("can't be read"),
            """
            The API server has an object that this controller can't decode: a list stands there
            as a text. A real server would refuse this very mistake. It stands here for all
            forms that a reader does not expect.
            """,
            "Watches.java",
            "makes a network that can't be read"),
        new Stop(
            "It is left out, and noted",
            Sought.kind("cause").with("cause", "unreadable"),
            """
            The watch goes on behind the object. The store only notes that there is one of this
            name, and why it can't be read.
            """,
            "cache/FollowStep.java",
            "an object can’t be read"),
        new Stop(
            "Its status says so",
            Sought.kind("end").with("outcome", "invalid"),
            """
            The pass over the broken network writes a condition for its owner, and touches
            nothing else. A retry would not help: only a person can mend it.
            """,
            "network/NetworkReconciler.java",
            "the user has to mend the resource",
            "PATCH bitcoinnetworks/unreadable/status"),
        new Stop(
            "The others are served",
            Sought.kind("change").with("resource", "bitcoinnetworks").saying("generation 1 -> 2"),
            """
            The next line of the same watch is a change of another network, and it comes as
            always.
            """,
            "cache/FollowStep.java",
            "bitcoinnetworks default/my-network changed: generation 1 -> 2"),
        new Stop(
            "As if nothing were",
            Sought.kind("plan").count("differences", 3),
            """
            my-network shall have two nodes, and gets them.
            """,
            "plan/Plan.java",
            "Difference: 3",
            "StatefulSet my-network-sts is not as it shall be"));
  }

  private static List<Stop> without() {
    return List.of(
        new Stop(
            "Here the two recordings part",
            Sought.parting(),
            """
            In this run an object that can't be read ends the watch, as an exception of a
            decoder does. The watch is opened again, and meets the same object.
            """,
            "cache/FollowStep.java",
            "an object can't be read"),
        new Stop(
            "Somebody scales my-network",
            Sought.kind("world").saying("2 nodes"),
            """
            This change is not seen: the watch of networks does not come past the broken object.
            """,
            "cache/WatchStep.java",
            "changes my-network: 2 nodes"),
        new Stop(
                "Trouble, for all",
                Sought.kind("watch").with("event", "trouble"),
                """
            One object of one tenant keeps all networks of the cluster from being served, until
            somebody deletes it.
            """,
                "cache/WatchStep.java",
                "These watches show nothing at this moment",
                "trouble")
            .whyNothing());
  }
}
