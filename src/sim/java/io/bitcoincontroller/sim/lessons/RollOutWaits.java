package io.bitcoincontroller.sim.lessons;

import io.bitcoincontroller.sim.Play;
import io.bitcoincontroller.sim.Without;
import java.util.List;

/** Why a roll-out of nodes with chains is no ordinary roll-out. */
final class RollOutWaits {
  private RollOutWaits() {}

  static Lesson lesson() {
    return new Lesson(
        "08-roll-out-waits",
        "A roll-out waits for blocks",
        """
        A line of bitcoin.conf changes, so each pod has to be replaced. Pods have no volume
        here: a new one begins without blocks.
        """,
        31,
        1,
        5.8,
        RollOutWaits::play,
        stops(),
        List.of(new Lesson.Lacking(Without.GATED_ROLLOUT, without())));
  }

  private static void play(Play play) {
    play.networkWithBlock(2);
    play.at(6, () -> play.world().users.config("my-network", 1));
    play.until(10.6);
  }

  private static List<Stop> stops() {
    return List.of(
        new Stop(
            "A line of bitcoin.conf",
            Sought.kind("world").saying("config"),
            """
            Somebody changes spec.config. Pods read bitcoin.conf when they start, so each of
            them has to be replaced.
            """,
            "Watches.java",
            "config uacomment=1"),
        new Stop(
            "Created, and now to be applied",
            Sought.kind("call").saying("PATCH /apis/apps"),
            """
            A POST created the StatefulSet, and no apply takes away what a POST has set. So this
            pass reads who owns the fields, and makes them those of an apply: a GET and a PATCH.
            The new template is for a later pass.
            """,
            "desired/Creation.java",
            "GET statefulsets/my-network-sts",
            "PATCH statefulsets/my-network-sts"),
        new Stop(
            "One by one",
            Sought.kind("plan").saying("one by one").saying("PATCH /apis/apps"),
            """
            Pass 8 could not be made yet, as the cache did not show that PATCH. Pass 9 plans
            the new template, and with it a partition that lets only the highest pod go.
            """,
            "plan/Rollout.java",
            "Pass 9",
            "StatefulSet my-network-sts is not as it shall be: partition 2 -> 1",
            "one by one"),
        new Stop(
            "Pod 1 goes",
            Sought.kind("world").saying("deletes pods"),
            """
            Kubernetes' own controller deletes pod 1. The other pod is held by the partition.
            """,
            "plan/Rollout.java",
            "deletes pods default/my-network-sts-1"),
        new Stop(
            "Ready is not enough",
            Sought.kind("plan").saying("has to be ready and to have"),
            """
            The new pod 1 is ready, and begins without blocks. A StatefulSet would go on now, and
            delete the only pod that has the chain. This roll-out waits: Ready says for what.
            """,
            "plan/Rollout.java",
            "node 1: new, ready",
            "my-network-sts-1 has to be ready and to have 1 block"),
        new Stop(
            "It has the blocks",
            Sought.kind("plan").saying("PATCH /apis/apps").count("differences", 1),
            """
            Pod 1 has fetched the chain from pod 0. Now the partition may go down, so the
            StatefulSet is not as it shall be.
            """,
            "plan/Rollout.java",
            "height 1: all nodes",
            "Difference: 1",
            "StatefulSet my-network-sts is not as it shall be: partition 1 -> 0"),
        new Stop(
            "Pod 0 goes",
            Sought.kind("world").saying("deletes pods"),
            """
            Only now pod 0 is deleted. At each moment some node had the tallest chain.
            """,
            "plan/Rollout.java",
            "deletes pods default/my-network-sts-0"));
  }

  private static List<Stop> without() {
    return List.of(
        new Stop(
            "Here the two recordings part",
            Sought.parting(),
            """
            In this run each change of the StatefulSet is written with partition 0, the default.
            The watch shows it: the other recording has partition 1 here. Now Kubernetes' own
            rule holds: a pod is replaced as soon as the one above it is ready.
            """,
            "plan/Rollout.java",
            "partition 2 -> 0",
            "partition 2 -> 1"),
        new Stop(
            "Ready, without blocks",
            Sought.kind("change").with("resource", "pods").with("words", "ready"),
            """
            The new pod 1 is ready. That is all that a StatefulSet asks for.
            """,
            "plan/Rollout.java",
            "pods default/my-network-sts-1 changed: ready"),
        new Stop(
            "The only chain is deleted",
            Sought.kind("world").saying("deletes pods"),
            """
            Pod 0 is deleted while it alone has the block: node 1 is still at height 0. Whether
            the block gets across before pod 0 ends is luck.
            """,
            "plan/Rollout.java",
            "deletes pods default/my-network-sts-0",
            "height 0: node 1"));
  }
}
