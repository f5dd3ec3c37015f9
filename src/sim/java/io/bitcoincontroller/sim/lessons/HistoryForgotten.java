package io.bitcoincontroller.sim.lessons;

import io.bitcoincontroller.sim.Play;
import io.bitcoincontroller.sim.world.Etcd;
import java.util.List;

/** What a controller does when the server no longer has the changes that it missed. */
final class HistoryForgotten {
  private HistoryForgotten() {}

  static Lesson lesson() {
    return new Lesson(
        "04-history-forgotten",
        "410 Gone: the watch lists again",
        """
        The watch of pods breaks. While it is down, a pod is replaced, and the API server
        forgets its history.
        """,
        1,
        1,
        5.8,
        HistoryForgotten::play,
        stops(),
        List.of());
  }

  private static void play(Play play) {
    play.networkWithBlock(3);
    play.at(
        6,
        () -> {
          play.world().trace.say("fault", () -> "breaks the watch of pods, and drops its history");
          play.world().etcd.compact();
          play.watches(0, Etcd.PODS).forEach(each -> each.cut(false));
          play.deletePod(1);
        });
    play.until(12);
  }

  private static List<Stop> stops() {
    return List.of(
        new Stop(
            "Somebody deletes pod 1",
            Sought.kind("world").saying("deletes pod"),
            """
            In the same moment the watch of pods breaks, and the API server throws its history
            away.
            """,
            "Watches.java",
            "deletes pod my-network-sts-1"),
        new Stop(
                "The watch breaks",
                Sought.kind("watch").with("resource", "pods").with("event", "note"),
                """
            The connection is reset. Pods change now, and this cache does not see it: it shows
            pod 1 as it was. Why nothing? names each watch that shows nothing.
            """,
                "cache/FollowStep.java",
                "connection reset",
                "These watches show nothing at this moment")
            .whyNothing(),
        new Stop(
            "410 Gone",
            Sought.kind("watch").with("resource", "pods").saying("410"),
            """
            After a pause the controller asks for all changes since a version that it knows. The
            server does not have them any more, and answers 410. What happened in between can't
            be learned from a watch.
            """,
            "cache/FollowStep.java",
            "HTTP 410"),
        new Stop(
            "What the list lacks is gone",
            Sought.kind("change").with("resource", "pods").with("type", "DELETED"),
            """
            So the whole set is listed again, and compared with the cache. No line ever said
            that the old pod 1 was deleted: the cache finds it out, because the list has another
            pod of that name.
            """,
            "cache/FullSetStep.java",
            "pods default/my-network-sts-1 left the selection"),
        new Stop(
            "The cache is complete",
            Sought.kind("watch").with("resource", "pods").with("event", "listed"),
            """
            The list ends with a version, and the watch goes on from there. Between the two
            nothing can be lost.
            """,
            "cache/FullSetStep.java",
            "in all, as of version"),
        new Stop(
            "One pass puts the lists right",
            Sought.kind("plan").count("differences", 8),
            """
            The old address leaves two lists, the new one comes in, and node 1 gets entries of
            its own. Each missing link gets a dial. The plan is the same as if every line had come.
            """,
            "plan/MeshPlan.java",
            "Difference: 8",
            "node 0 shall not list 10.0.0.30",
            "node 0 shall list 10.0.0.2",
            "node 1 shall list 10.0.0.1",
            "node 1 dials node 0"));
  }
}
