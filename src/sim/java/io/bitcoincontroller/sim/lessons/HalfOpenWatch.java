package io.bitcoincontroller.sim.lessons;

import io.bitcoincontroller.sim.Play;
import io.bitcoincontroller.sim.Without;
import io.bitcoincontroller.sim.world.Etcd;
import java.util.List;

/** What the watchdog of a watch is for. */
final class HalfOpenWatch {
  private HalfOpenWatch() {}

  static Lesson lesson() {
    return new Lesson(
        "05-half-open-watch",
        "A watch that went silent",
        """
        The connection of the watch of pods dies, and nobody says so. Then a pod is replaced.
        """,
        1,
        1,
        5.8,
        HalfOpenWatch::play,
        stops(),
        List.of(new Lesson.Lacking(Without.IDLE_WATCHDOG, without())));
  }

  private static void play(Play play) {
    play.networkWithBlock(3);
    play.at(
        6,
        () -> {
          play.world().trace.say("fault", () -> "the watch of pods goes silent");
          play.watches(0, Etcd.PODS).forEach(each -> each.stall());
        });
    play.at(8, () -> play.deletePod(1));
    play.until(110);
  }

  private static List<Stop> stops() {
    return List.of(
        new Stop(
            "The connection dies",
            Sought.kind("world").with("who", "fault"),
            """
            The watch of pods is half open now: this end believes in the connection, and the
            other end is gone. No entry of the controller tells of it.
            """,
            "cache/Wire.java",
            "the watch of pods goes silent"),
        new Stop(
            "Nobody hears it",
            Sought.kind("world").saying("deletes pod"),
            """
            Two seconds later pod 1 is deleted, and replaced. No line comes, so the store has
            no bead.
            """,
            "Watches.java",
            "deletes pod my-network-sts-1"),
        new Stop(
            "An old cache",
            Sought.kind("observed").saying("silent"),
            """
            A pass before has asked for this look, and it reads the nodes. The cache still has
            the old address of pod 1, where nobody listens. The pass can't know better, and says
            what it sees: node 1 can't be connected to.
            """,
            "network/Observer.java",
            "asked to look again",
            "node 1: it can't be connected to"),
        new Stop(
            "The status is careful",
            Sought.kind("plan").saying("NodesNotAnswering"),
            """
            Meshed and Synced are False, because a node does not answer. Ready is still True:
            that one comes from the pods in the cache, which are out of date.
            """,
            "plan/StatusOf.java",
            "Ready True",
            "Meshed False",
            "Synced False",
            "NodesNotAnswering"),
        new Stop(
            "The watchdog",
            Sought.kind("watch").with("resource", "pods").saying("silent watch"),
            """
            Each watch asks the server to end it after a minute, and the others were renewed at
            that time. This one did not even end. So the watchdog closes it: nothing else would
            ever tell.
            """,
            "cache/GuardedStream.java",
            "a silent watch was ended"),
        new Stop(
            "All that was missed",
            Sought.kind("change").with("resource", "pods").saying("is being deleted"),
            """
            The new watch begins at a version from before the silence. All that happened since
            comes now, in its order.
            """,
            "cache/FollowStep.java",
            "not ready, is being deleted"),
        new Stop(
            "Five causes, one pass",
            Sought.kind("pass").count("causes", 5),
            """
            The old pod went, the new one came, got an address and became ready: one pass for
            all of it. It needs no history, for it looks at what is there now.
            """,
            "workqueue/Pending.java",
            "Causes: 5, one pass"));
  }

  private static List<Stop> without() {
    return List.of(
        new Stop(
            "Here the two recordings part",
            Sought.parting(),
            """
            In the other recording the watchdog closes the silent watch here. In this one nobody
            does. The next pass sees the pods of long ago again, and so do all that follow.
            """,
            "cache/GuardedStream.java",
            "a silent watch was ended"));
  }
}
