package io.bitcoincontroller.sim.lessons;

import io.bitcoincontroller.sim.Play;
import io.bitcoincontroller.sim.Without;
import java.util.List;

/** What is somebody else's is let alone. */
final class ForeignObject {
  private ForeignObject() {}

  static Lesson lesson() {
    return new Lesson(
        "11-foreign-object",
        "The name is taken",
        """
        A ConfigMap of the name that the network will use is there already. Somebody else made
        it.
        """,
        1,
        1,
        0.4,
        ForeignObject::play,
        stops(),
        List.of(new Lesson.Lacking(Without.POST_FIRST, without())));
  }

  private static void play(Play play) {
    play.at(0.5, () -> play.world().users.makeForeign("my-network", 15_000_000_000L));
    play.at(1, () -> play.world().users.make("my-network", 2));
    play.until(23);
  }

  private static List<Stop> stops() {
    return List.of(
        new Stop(
            "Somebody else was here first",
            Sought.kind("world").saying("ConfigMap of their own"),
            """
            The ConfigMap has none of our labels. The watch of ConfigMaps asks for these labels
            only, so the cache will never show it.
            """,
            "Watches.java"),
        new Stop(
            "The cache does not know everything",
            Sought.kind("call").saying("configmaps").with("outcome", "ok"),
            """
            The cache shows no ConfigMap of this name. Before the controller makes one, it asks
            the API server, and there is one.
            """,
            "network/ChildReader.java"),
        new Stop(
            "Foreign",
            Sought.kind("observed").saying("foreign"),
            """
            An object is ours if its owner reference has the UID of our network. This one has no
            owner.
            """,
            "network/ChildReader.java"),
        new Stop(
            "It is let alone",
            Sought.kind("plan").saying("ObjectInTheWay"),
            """
            The other objects are made, but not the StatefulSet: its pods would start with
            somebody else's file. Ready says which object is in the way, and what to do.
            """,
            "plan/StatusOf.java"),
        new Stop(
            "A person mends it",
            Sought.kind("world").saying("deletes configmaps"),
            """
            Somebody deletes the ConfigMap. The controller does not hear of it, for the same
            reason: the watch does not show such objects.
            """,
            "Watches.java"),
        new Stop(
            "So it looks again",
            Sought.kind("plan").count("differences", 2),
            """
            The plan had asked for another look every ten seconds. Now the name is free, and
            what was missing is made.
            """,
            "plan/Plan.java"));
  }

  private static List<Stop> without() {
    return List.of(
        new Stop(
            "Here the two recordings part",
            Sought.parting(),
            """
            In this run nobody is asked: what the cache does not show counts as absent.
            """,
            "network/ChildReader.java"),
        new Stop(
            "It is taken over",
            Sought.kind("call")
                .saying("PATCH /api/v1/namespaces/default/configmaps")
                .with("outcome", "ok"),
            """
            The apply succeeds: the ConfigMap of somebody else has our data, our labels and our
            owner reference now. When the network is deleted, Kubernetes deletes it as well.
            """,
            "network/ChildWriter.java"));
  }
}
