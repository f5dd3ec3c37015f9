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
        A Service of the name that the network will use is there already. Somebody else made it.
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
    play.until(26);
  }

  private static List<Stop> stops() {
    return List.of(
        new Stop(
            "Somebody else was here first",
            Sought.kind("world").saying("Service of their own"),
            """
            The Service has none of our labels. The watch of Services asks for these labels
            only, so the cache will never show it.
            """,
            "Watches.java",
            "makes a Service of their own"),
        new Stop(
            "The cache does not know everything",
            Sought.kind("call").saying("POST /api/v1/namespaces/default/services"),
            """
            The cache shows no Service of this name, so the controller makes one. A POST creates
            and never changes: the API server answers that the name is taken.
            """,
            "plan/ChildPlan.java",
            "POST services refused",
            "HTTP 409"),
        new Stop(
            "Whose is it?",
            Sought.kind("call").saying("GET /api/v1/namespaces/default/services"),
            """
            Now the API server is asked for the object. In each further pass it is asked again.
            """,
            "network/ChildReader.java",
            "GET services/my-network-svc ok"),
        new Stop(
            "Foreign",
            Sought.kind("observed").saying("foreign"),
            """
            An object is ours if its owner reference has the UID of our network. This one has no
            owner.
            """,
            "network/ChildReader.java",
            "Service: foreign"),
        new Stop(
            "It is let alone",
            Sought.kind("plan").saying("ObjectInTheWay"),
            """
            The other objects are made, and the nodes will run and be linked by their addresses.
            But they have no names. Ready says which object is in the way, and what to do.
            """,
            "plan/StatusOf.java",
            "ObjectInTheWay",
            "Service my-network-svc is there already"),
        new Stop(
            "A person mends it",
            Sought.kind("world").saying("deletes services"),
            """
            Somebody deletes the Service. The controller does not hear of it, for the same
            reason: the watch does not show such objects.
            """,
            "Watches.java",
            "deletes services default/my-network-svc"),
        new Stop(
            "So it looks again",
            Sought.kind("plan").count("differences", 1).saying("services"),
            """
            The plan had asked for another look every ten seconds. Now the name is free, and
            the Service is made.
            """,
            "plan/Plan.java",
            "Service: absent",
            "Service my-network-svc is not there"));
  }

  private static List<Stop> without() {
    return List.of(
        new Stop(
            "Here the two recordings part",
            Sought.parting(),
            """
            The controller asks for the same POST. In this run the simulator sends an apply with
            force in its place.
            """,
            "plan/ChildPlan.java",
            "POST services, ok",
            "HTTP 409"),
        new Stop(
            "It is taken over",
            Sought.kind("change").with("resource", "services"),
            """
            The apply succeeds: the Service of somebody else has our ports, our labels and our
            owner reference now, and so the cache shows it. When the network is deleted,
            Kubernetes deletes it as well.
            """,
            "network/ChildWriter.java",
            "services default/my-network-svc appeared"));
  }
}
