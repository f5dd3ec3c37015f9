package io.bitcoincontroller.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.api.Batch;
import io.bitcoincontroller.api.Batch.Purpose;
import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.api.MiningSpec;
import io.bitcoincontroller.api.MiningStatus;
import io.bitcoincontroller.api.MiningStatus.State;
import io.bitcoincontroller.desired.Names;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The next step towards the blocks that shall be mined.
 *
 * <p>A batch is recorded with the hashes of its blocks before they are sent. As long as nobody
 * knows that all of them are in the chain, nothing else is begun: the node that is going to mine is
 * asked which it has, and the others are made anew on its tip. A block of an earlier try may still
 * be on its way. It can't make the chain longer than it shall be: it has an older parent, so it
 * stands beside the chain or it is found. What was counted is not made again if a reorganisation
 * takes it away.
 *
 * @param wanted what the spec says
 * @param asked value of the annotation
 * @param recorded as it stands in the API server
 * @param sides those on which a block may be mined
 * @param forming the links between the nodes are being made
 * @param found for hashes of recorded blocks, whether they are in the chain of the side's miner; no
 *     entry: not known
 */
public record Mining(
    Optional<MiningSpec> wanted,
    Optional<String> asked,
    MiningStatus recorded,
    List<MiningSide> sides,
    boolean forming,
    Map<String, Boolean> found,
    Instant now) {
  /** How many blocks to mine now, and anything that makes it another request than the last one. */
  public static final String REQUEST = Names.annotation("mine-now");

  private static final Pattern COUNT = Pattern.compile("([1-9][0-9]{0,3})(:[!-~]{1,40})?");
  private static final int MOST_ASKED = 1000;

  /** All nodes have the blocks of the others by then. */
  private static final Duration UNTIL_FETCHED = Duration.ofSeconds(1);

  /** What to do; then comes the next step, unless this says to rest. */
  public sealed interface Step {
    /**
     * Nothing to mine now.
     *
     * @param status to be recorded, if it is another one
     * @param look when there is something; empty: when something changes
     */
    record Rest(MiningStatus status, Optional<Duration> look) implements Step {}

    /** A node is to be asked which of these blocks are in its chain. */
    record Ask(int node, List<String> hashes) implements Step {}

    /**
     * Blocks are to be made, recorded with this status, and sent.
     *
     * @param status the batches of the jobs are still to be put into it
     */
    record Mine(MiningStatus status, List<Job> jobs) implements Step {}
  }

  /**
   * Blocks that one node shall take.
   *
   * @param count how many of the batch are to be made
   */
  public record Job(int node, Batch batch, int count) {}

  /** How a pass that has looked at a network begins; {@code found} is empty. */
  public static Mining of(Observation seen, Plan plan, IntUnaryOperator sideOf, Instant now) {
    var network = seen.network();
    var named = network.spec().mining().map(MiningSpec::nodes).orElse(List.of());
    return new Mining(
        network.spec().mining(),
        asked(network),
        recorded(network),
        MiningSide.of(seen, plan.rollout(), named, sideOf, tips(recorded(network))),
        plan.settling(),
        Map.of(),
        now);
  }

  /** Whether there is anything to look at. Most networks have nothing, and pay nothing for it. */
  public static boolean concerns(BitcoinNetwork network) {
    var isOn = network.spec().mining().isPresent() || asked(network).isPresent();
    return !network.metadata().deleting()
        && (isOn || !recorded(network).equals(off(recorded(network))));
  }

  /**
   * What is to be recorded while the spec is not valid.
   *
   * @param status of the network
   * @return empty if nothing has been mined, or that stands there already
   */
  public static Optional<MiningStatus> halted(JsonNode status) {
    var recorded = MiningStatus.read(status.path("mining"));
    var halted = recorded.saying(State.WAITING, "no block is mined: the spec is not valid");
    return Optional.of(halted).filter(it -> recorded.state() != State.OFF && !it.equals(recorded));
  }

  private static Optional<String> asked(BitcoinNetwork network) {
    return Optional.ofNullable(network.metadata().annotations().get(REQUEST));
  }

  private static MiningStatus recorded(BitcoinNetwork network) {
    return MiningStatus.read(network.status().path("mining"));
  }

  /** Blocks that are the tip of a chain in which all is that was mined. */
  public static Set<String> tips(MiningStatus recorded) {
    return recorded.batches().stream()
        .flatMap(batch -> Stream.concat(batch.hashes().stream(), Stream.of(batch.parent())))
        .collect(Collectors.toSet());
  }

  /** The same, with what is known by now. */
  public Mining after(MiningStatus recorded, Map<String, Boolean> found, Instant now) {
    return new Mining(wanted, asked, recorded, sides, forming, Map.copyOf(found), now);
  }

  /** The same, after a node of this side has taken blocks. */
  public Mining grown(int side, long height) {
    var grown =
        sides.stream()
            .map(
                each ->
                    each.number() == side
                        ? new MiningSide(side, each.miner(), height, each.why(), each.soon())
                        : each)
            .toList();
    return new Mining(wanted, asked, recorded, grown, forming, found, now);
  }

  public Step next() {
    if (wanted.isEmpty() && asked.isEmpty()) {
      return new Step.Rest(off(recorded), Optional.empty());
    }
    var jobs = new ArrayList<Job>();
    var status = recorded.asked(asked);
    var batches = new ArrayList<Batch>();
    for (var batch : recorded.batches()) {
      var side = batch.done() || !isWanted(batch) ? Optional.<MiningSide>empty() : sideOf(batch);
      if (side.isEmpty()) {
        batches.add(batch);
        continue;
      }
      var unknown = batch.hashes().stream().filter(hash -> !found.containsKey(hash)).toList();
      if (!unknown.isEmpty()) {
        return new Step.Ask(side.get().miner().getAsInt(), unknown);
      }
      var lacking = batch.count() - (int) batch.hashes().stream().filter(found::get).count();
      if (lacking > 0) {
        jobs.add(new Job(side.get().miner().getAsInt(), batch, lacking));
      } else if (batch.purpose() != Purpose.INTERVAL) {
        status = status.counting(batch);
        batches.add(batch.asDone());
        continue;
      }
      batches.add(batch);
    }
    status = status.withBatches(batches);
    return jobs.isEmpty() ? begin(status) : new Step.Mine(status, jobs);
  }

  /** Off, but for what must not come twice. */
  private static MiningStatus off(MiningStatus before) {
    return before.initialBlocks() == 0
        ? MiningStatus.NONE
        : new MiningStatus(
            State.OFF,
            "spec.mining is not there",
            Optional.empty(),
            before.initialBlocks(),
            Optional.empty(),
            List.of());
  }

  /** A block that missed its interval is not made up for. */
  private boolean isWanted(Batch batch) {
    return switch (batch.purpose()) {
      case INITIAL -> wanted.isPresent();
      case INTERVAL -> interval().isPresent() && recorded.next().filter(now::isBefore).isPresent();
      case REQUEST -> recorded.asked(asked).equals(recorded);
    };
  }

  /** Where an unfinished batch goes on: a block of the interval only on its own side. */
  private Optional<MiningSide> sideOf(Batch batch) {
    var own = miners().stream().filter(side -> side.number() == batch.side()).findFirst();
    return own.isPresent() || batch.purpose() == Purpose.INTERVAL
        ? own
        : miners().stream().findFirst();
  }

  private List<MiningSide> miners() {
    return sides.stream().filter(side -> side.miner().isPresent()).toList();
  }

  private Optional<Duration> interval() {
    return wanted.flatMap(MiningSpec::interval);
  }

  /** Begins the next batch, if one is due and none is unfinished. */
  private Step begin(MiningStatus status) {
    var missing = wanted.map(MiningSpec::initialBlocks).orElse(0) - status.initialBlocks();
    var unfinished =
        status.batches().stream()
            .anyMatch(b -> !b.done() && b.purpose() != Purpose.INTERVAL && isWanted(b));
    if (unfinished || (missing > 0 && (miners().isEmpty() || isForming(status)))) {
      return waiting(status);
    }
    if (missing > 0 && room(miners().getFirst()) > 0) {
      return new Step.Mine(status, List.of(job(Purpose.INITIAL, missing, miners().getFirst())));
    }
    var scheduled = scheduled(status);
    var due = scheduled.next().filter(at -> !now.isBefore(at));
    if (due.isPresent()) {
      var jobs =
          miners().stream()
              .filter(side -> room(side) > 0)
              .map(side -> job(Purpose.INTERVAL, 1, side))
              .toList();
      if (!jobs.isEmpty()) {
        return new Step.Mine(scheduled.nextAt(following(due.get())), jobs);
      }
    }
    var lacking = lacking(scheduled);
    if (lacking > 0 && !miners().isEmpty()) {
      var job = job(Purpose.REQUEST, lacking, miners().getFirst());
      return new Step.Mine(scheduled, List.of(job));
    }
    return miners().isEmpty() && (due.isPresent() || lacking > 0)
        ? waiting(scheduled)
        : new Step.Rest(described(scheduled), untilNext(scheduled));
  }

  /** The first blocks wait for links: a node that dials a full one first has them sooner. */
  private boolean isForming(MiningStatus status) {
    return forming && status.initialBlocks() == 0;
  }

  private long room(MiningSide side) {
    var until = wanted.map(MiningSpec::untilHeight).orElse(0L);
    return until == 0 ? Long.MAX_VALUE : until - side.height();
  }

  private Job job(Purpose purpose, long wantedBlocks, MiningSide side) {
    var most = purpose == Purpose.REQUEST ? wantedBlocks : Math.min(wantedBlocks, room(side));
    var count = (int) Math.min(most, Batch.MOST_BLOCKS);
    var node = side.miner().getAsInt();
    return new Job(node, Batch.planned(purpose, side.number(), count, node), count);
  }

  /**
   * The next block is at most an interval away, whatever the interval and the clock were before.
   */
  private MiningStatus scheduled(MiningStatus status) {
    if (interval().isEmpty()) {
      return new MiningStatus(
          status.state(),
          status.message(),
          Optional.empty(),
          status.initialBlocks(),
          status.request(),
          status.batches());
    }
    var latest = now.plus(interval().get());
    return status.next().filter(due -> !due.isAfter(latest)).isPresent()
        ? status
        : status.nextAt(latest);
  }

  /** The first one after now, in whole intervals after this one: times don't drift. */
  private Instant following(Instant due) {
    var every = interval().orElseThrow().toMillis();
    var passed = Duration.between(due, now).toMillis() / every;
    return due.plusMillis((passed + 1) * every);
  }

  /** Many blocks at once are news: the heights of the nodes are to be reported soon. */
  private Optional<Duration> untilNext(MiningStatus status) {
    if (status.initialBlocks() != recorded.initialBlocks()
        || !status.request().equals(recorded.request())) {
      return Optional.of(UNTIL_FETCHED);
    }
    return isStopped() ? Optional.empty() : status.next().map(due -> Duration.between(now, due));
  }

  private boolean isStopped() {
    return !miners().isEmpty() && miners().stream().allMatch(side -> room(side) <= 0);
  }

  /** How many blocks of the request are still to be mined. */
  private long lacking(MiningStatus status) {
    return status.request().map(r -> count(r.value()) - r.mined()).orElse(0L);
  }

  /** 0 if it is no number of blocks. */
  private static long count(String value) {
    var count = COUNT.matcher(value);
    var number = count.matches() ? Long.parseLong(count.group(1)) : 0;
    return number <= MOST_ASKED ? number : 0;
  }

  private Step waiting(MiningStatus status) {
    var isNamed = wanted.map(MiningSpec::nodes).filter(nodes -> !nodes.isEmpty()).isPresent();
    var because =
        sides.isEmpty()
            ? isNamed
                ? "spec.mining.nodes names no node of the network"
                : "the network has no nodes"
            : miners().isEmpty()
                ? String.join("; ", sides.stream().map(MiningSide::why).toList())
                : "the nodes are being linked";
    var soon = sides.stream().anyMatch(MiningSide::soon);
    return new Step.Rest(
        status.saying(State.WAITING, "no block is mined: " + because),
        soon ? Optional.of(UNTIL_FETCHED) : Optional.empty());
  }

  /**
   * What is to be recorded before the blocks of these jobs are sent.
   *
   * @param tried the batches of the jobs, in their order, with the blocks that were made
   */
  public MiningStatus recording(Step.Mine step, List<Batch> tried) {
    var batches = new ArrayList<Batch>();
    for (var batch : step.status().batches()) {
      var index = step.jobs().stream().map(Job::batch).toList().indexOf(batch);
      batches.add(index < 0 ? batch : tried.get(index));
    }
    var isNew =
        step.jobs().stream().noneMatch(job -> step.status().batches().contains(job.batch()));
    return described(step.status().withBatches(isNew ? tried : batches));
  }

  /** With words about what is mined; they depend on the spec and the status alone. */
  public MiningStatus described(MiningStatus status) {
    var request = status.request().map(Mining::words).orElse("");
    if (interval().isEmpty()) {
      return status.saying(State.IDLE, "no interval is set" + request);
    }
    var until = wanted.map(MiningSpec::untilHeight).orElse(0L);
    if (isStopped()) {
      var words = "no block after height " + until + ", as spec.mining.untilHeight says";
      return status.saying(State.STOPPED, words + request);
    }
    var words = "one block every " + MiningWords.of(interval().get());
    var last = status.batches().stream().mapToLong(Batch::height).max().orElse(0);
    var coins = MiningWords.coins(last, status.next().orElse(now), interval().get());
    return status.saying(State.MINING, words + "; " + coins + request);
  }

  /** Events that tell of a request: none of the blocks that come all the time. */
  public static List<Note> news(MiningStatus before, MiningStatus after) {
    if (after.request().isEmpty() || after.request().equals(before.request())) {
      return List.of();
    }
    var request = after.request().get();
    var words = words(request).substring(2);
    if (count(request.value()) == 0) {
      return List.of(new Note(true, "MineNowRefused", words));
    }
    return request.mined() >= count(request.value())
        ? List.of(new Note(false, "Mined", words))
        : List.of();
  }

  private static String words(MiningStatus.Request request) {
    var wanted = count(request.value());
    var words = "; " + REQUEST + "=" + request.value();
    return wanted == 0
        ? words + " is no number of blocks from 1 to " + MOST_ASKED
        : words + ": " + request.mined() + " of " + wanted + " blocks are mined";
  }
}
