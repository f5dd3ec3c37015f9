package io.bitcoincontroller.plan;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.StoredObject;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * How a network shrinks. If only a node that is to go has the tallest chain, it is kept until a
 * node that stays has it too. A StatefulSet keeps its lowest ordinals, so all nodes below the kept
 * one stay as well. All of them are meshed until they go, or the others could never catch up.
 *
 * @param nodes how many there shall be now: as many as the spec wants, or more
 * @param replicas of the StatefulSet: more than {@code nodes} only if somebody else has scaled it
 *     beyond all that a network may have; then its number stays while nobody knows what would go
 * @param waits why there are more
 */
public record Held(int nodes, int replicas, Optional<Trouble> waits) {
  /** Reason of {@code Ready=False} while nodes are kept for their blocks. */
  static final String REASON = "ScalingDown";

  private static Held nothing(int wanted) {
    return new Held(wanted, wanted, Optional.empty());
  }

  /** Decides by the stored StatefulSet; without one, nothing is kept. */
  public static Held of(BitcoinNetwork network, Child statefulSet, Chain chain) {
    var wanted = network.spec().nodes();
    if (!(statefulSet instanceof Child.Ours(StoredObject stored))) {
      return nothing(wanted);
    }
    var replicas = Children.replicas(stored);
    if (replicas <= wanted
        || Chain.atOnce(network)
        || (chain.onVolumes(stored) && Children.keepsVolumes(stored))) {
      return nothing(wanted);
    }
    var present = Ordinals.end(network, statefulSet);
    if (chain.lacksSome(stored)) {
      var beyond =
          replicas > present
              ? ", and no more than " + present + " are looked at (scale it down)"
              : "";
      var why = chain.lacking(stored) + beyond + ": none goes before" + Chain.WAY_OUT;
      return new Held(present, replicas, Optional.of(new Trouble(REASON, why)));
    }
    var going = IntStream.range(wanted, present).filter(chain::there).boxed().toList();
    var unheard = last(going, chain::unheard);
    var keeper = keeper(going, wanted, chain);
    var last = Math.max(unheard.orElse(-1), keeper.orElse(-1));
    if (Chain.behind(stored) && going.stream().anyMatch(each -> each > last && chain.stays(each))) {
      return new Held(present, replicas, Optional.of(new Trouble(REASON, Chain.BEHIND)));
    }
    if (last < wanted) {
      return nothing(wanted);
    }
    var why =
        keeper.isPresent()
            ? blocks(network, keeper.getAsInt(), chain)
            : name(network, last)
                + (chain.unseen().containsKey(last)
                    ? " is there and " + chain.unseen().get(last).why()
                    : " does not answer")
                + ", and may have blocks that no other node has: it goes when it has answered";
    return new Held(last + 1, last + 1, Optional.of(new Trouble(REASON, why + Chain.WAY_OUT)));
  }

  /** The highest node that is to go and has to wait until its blocks are elsewhere. */
  private static OptionalInt keeper(List<Integer> going, int wanted, Chain chain) {
    return chain.sides().all().stream()
        .flatMapToInt(side -> keeper(side, going, wanted, chain).stream())
        .max();
  }

  /**
   * The same for one side. If all of it goes, no node that stays can have its blocks: they count
   * only if they are a tallest chain.
   */
  private static OptionalInt keeper(
      Set<Integer> side, List<Integer> going, int wanted, Chain chain) {
    var goes = going.stream().filter(side::contains).toList();
    var stays = side.stream().filter(ordinal -> ordinal < wanted).toList();
    var tallest = goes.isEmpty() ? 0 : chain.tallest(goes.getFirst());
    if (tallest == 0 || (stays.isEmpty() && tallest < chain.tallest())) {
      return OptionalInt.empty();
    }
    IntPredicate counts = below -> stays.isEmpty() || side.contains(below);
    var holder =
        last(goes, each -> chain.holds(each) && noneBelowHasItsBlocks(each, counts, chain));
    if (holder.isPresent() || side.stream().anyMatch(chain::keeps)) {
      return holder;
    }
    // it reported them, but is not ready now
    var reporter = last(goes, ordinal -> chain.heights().getOrDefault(ordinal, -1L) >= tallest);
    return reporter.isPresent()
        ? reporter
        : goes.stream()
            .filter(chain::ready)
            .max(Comparator.comparing(ordinal -> chain.heights().getOrDefault(ordinal, 0L)))
            .map(OptionalInt::of)
            .orElse(OptionalInt.empty());
  }

  private static boolean noneBelowHasItsBlocks(int ordinal, IntPredicate counts, Chain chain) {
    return IntStream.range(0, ordinal)
        .filter(counts)
        .noneMatch(below -> chain.hasBlocksOf(below, ordinal));
  }

  private static OptionalInt last(List<Integer> going, IntPredicate which) {
    return going.stream().mapToInt(ordinal -> ordinal).filter(which).max();
  }

  private static String blocks(BitcoinNetwork network, int keeper, Chain chain) {
    var wanted = network.spec().nodes();
    var height = chain.heights().getOrDefault(keeper, 0L);
    var side = chain.sides().of(keeper);
    if (wanted == 0) {
      return name(network, keeper)
          + " stays: with it the last copy of the chain, of "
          + Chain.blocks(height)
          + ", would be lost";
    }
    if (side.stream().noneMatch(ordinal -> ordinal < wanted)) {
      return name(network, keeper)
          + " stays: no node that stays can have its chain of "
          + Chain.blocks(height)
          + ", since none is on its side: link the sides first";
    }
    if (side.stream().anyMatch(below -> below < keeper && chain.keeps(below))) {
      return name(network, keeper)
          + " has another chain of "
          + Chain.blocks(height)
          + " than those below it: mine a block on the chain that shall stay";
    }
    return "no node that stays is ready and has the blocks up to "
        + chain.tallest(keeper)
        + ": "
        + name(network, keeper)
        + " goes when "
        + (wanted == 1 ? name(network, 0) + " has" : "one of the first " + wanted + " has")
        + " them";
  }

  private static String name(BitcoinNetwork network, int ordinal) {
    return Names.pod(network.metadata().name(), ordinal);
  }
}
