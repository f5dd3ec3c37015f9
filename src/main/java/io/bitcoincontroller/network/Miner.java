package io.bitcoincontroller.network;

import io.bitcoincontroller.api.Batch;
import io.bitcoincontroller.api.MiningStatus;
import io.bitcoincontroller.blocks.Address;
import io.bitcoincontroller.blocks.Block;
import io.bitcoincontroller.blocks.Template;
import io.bitcoincontroller.nodes.Proposal;
import io.bitcoincontroller.plan.Mining;
import io.bitcoincontroller.plan.Mining.Job;
import io.bitcoincontroller.plan.Mining.Step;
import io.bitcoincontroller.plan.Note;
import io.bitcoincontroller.timing.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Mines the blocks of one network: asks the plan for the next step, and takes it. What it remembers
 * only saves questions; a process that has just begun does the same by what is recorded.
 */
final class Miner {
  /** The calls that a step needs; each may fail, and may have been carried out all the same. */
  interface Calls {
    Map<String, Boolean> find(int node, List<String> hashes)
        throws IOException, InterruptedException;

    Proposal template(int node) throws IOException, InterruptedException;

    /** As {@link io.bitcoincontroller.nodes.Nodes#submit}. */
    List<String> submit(int node, List<Block> blocks) throws IOException, InterruptedException;

    /** Writes an event. */
    void tell(Note news) throws InterruptedException;

    /**
     * Writes the status if nobody has changed the object since this version.
     *
     * @return the version after it; empty if somebody has
     */
    Optional<String> record(String version, MiningStatus status)
        throws IOException, InterruptedException;
  }

  /** Steps of one pass: many blocks are mined in several, and other things in between. */
  private static final int MOST_STEPS = 12;

  /** The watch shows by then that somebody has changed the object. */
  private static final Duration UNTIL_SEEN = Duration.ofMillis(200);

  private static final Backoff AFTER_FAILURE =
      new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), 0.2);

  private final Supplier<Instant> clock;
  private final RandomGenerator random;

  /** Blocks that a node has taken, as this process knows; of the recorded ones. */
  private final Set<String> taken = new HashSet<>();

  /** Passes in a row in which a node failed. */
  private int failures;

  Miner(Supplier<Instant> clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /**
   * Takes steps until there is nothing to do, or something has failed.
   *
   * @param begin as the pass has seen the network
   * @param version of the object in which {@code begin} was recorded
   * @return when to go on; empty: when something changes
   * @throws IOException if the status can't be written, and so nothing can be begun
   */
  Optional<Duration> mine(Mining begin, Address address, String version, Calls calls)
      throws IOException, InterruptedException {
    var hashes = begin.recorded().batches().stream().flatMap(b -> b.hashes().stream()).toList();
    taken.retainAll(hashes);
    return new Turns(begin, address, version, calls).take();
  }

  /** The steps of one pass. */
  private final class Turns {
    private final Address address;
    private final Calls calls;
    private final Map<String, Boolean> found = new HashMap<>();
    private Mining mining;
    private String version;

    Turns(Mining begin, Address address, String version, Calls calls) {
      this.mining = begin;
      this.address = address;
      this.version = version;
      this.calls = calls;
    }

    Optional<Duration> take() throws IOException, InterruptedException {
      for (var turn = 0; turn < MOST_STEPS; turn++) {
        remember();
        mining = mining.after(mining.recorded(), found, clock.get());
        var step = mining.next();
        if (step instanceof Step.Rest(var status, var look)) {
          failures = 0;
          return record(status) ? look : Optional.of(UNTIL_SEEN);
        }
        try {
          if (!make(step)) {
            return Optional.of(UNTIL_SEEN);
          }
        } catch (NodeFailedException e) {
          return failed(e);
        }
      }
      return Optional.of(Duration.ZERO);
    }

    /**
     * Blocks that a node took need no question, if they are a whole batch. Else another node may
     * have blocks of another try in their place.
     */
    private void remember() {
      for (var batch : mining.recorded().batches()) {
        if (batch.hashes().size() == batch.count() && taken.containsAll(batch.hashes())) {
          batch.hashes().forEach(hash -> found.put(hash, true));
        }
      }
    }

    /** False if somebody has changed the object: this step was decided on an older one. */
    private boolean make(Step step) throws IOException, InterruptedException {
      switch (step) {
        case Step.Rest _ -> {}
        case Step.Ask(int node, var hashes) ->
            found.putAll(of(node, () -> calls.find(node, hashes)));
        case Step.Mine mine -> {
          return mine(mine);
        }
      }
      return true;
    }

    private boolean mine(Step.Mine step) throws IOException, InterruptedException {
      var proposals = new ArrayList<Proposal>();
      try {
        return mine(step, proposals);
      } finally {
        proposals.forEach(each -> each.giveBack().run());
      }
    }

    /**
     * The blocks of all sides are recorded together, and then sent.
     *
     * @param proposals gets those of the nodes
     */
    private boolean mine(Step.Mine step, List<Proposal> proposals)
        throws IOException, InterruptedException {
      var tries = new ArrayList<Try>();
      for (var job : step.jobs()) {
        var proposal = of(job.node(), () -> calls.template(job.node()));
        proposals.add(proposal);
        if (hasMore(job)) {
          return true;
        }
        tries.add(prepare(job, proposal.template()));
      }
      if (!record(mining.recording(step, tries.stream().map(Try::batch).toList()))) {
        return false;
      }
      found.clear(); // a block of an earlier try may come at any time
      for (var one : tries) {
        submit(one);
      }
      return true;
    }

    /**
     * Whether blocks of an earlier try have come since the step was decided. To be asked after the
     * template: a block that comes later still finds itself, or ours, beside the chain.
     */
    private boolean hasMore(Job job) throws IOException, InterruptedException {
      var hashes = job.batch().hashes();
      if (hashes.isEmpty()) {
        return false;
      }
      var now = of(job.node(), () -> calls.find(job.node(), hashes));
      found.putAll(now);
      return now.containsValue(true)
          && job.batch().count() - now.values().stream().filter(is -> is).count() != job.count();
    }

    private Try prepare(Job job, Template template) {
      var blocks = Block.chain(template, job.count(), address, random.nextLong());
      var hashes = blocks.stream().map(Block::hash).toList();
      var last = template.height() + job.count() - 1;
      var inChain = new HashSet<String>();
      found.forEach((hash, is) -> inChain.addAll(is ? Set.of(hash) : Set.of()));
      var batch =
          job.batch().tried(job.node(), last, clock.get(), template.parent(), hashes, inChain);
      return new Try(batch, blocks);
    }

    private void submit(Try one) throws IOException, InterruptedException {
      var node = one.batch().node();
      var by = of(node, () -> calls.submit(node, one.blocks()));
      taken.addAll(by);
      if (by.size() == one.blocks().size()) {
        mining = mining.grown(one.batch().side(), one.batch().height());
      }
    }

    private boolean record(MiningStatus status) throws IOException, InterruptedException {
      if (status.equals(mining.recorded())) {
        return true;
      }
      var after = calls.record(version, status);
      if (after.isPresent()) {
        version = after.get();
        for (var news : Mining.news(mining.recorded(), status)) {
          calls.tell(news);
        }
      }
      mining = mining.after(status, found, clock.get());
      return after.isPresent();
    }

    private Optional<Duration> failed(NodeFailedException e)
        throws IOException, InterruptedException {
      failures++;
      var why = "no block is mined: " + e.getMessage();
      return record(mining.recorded().saying(MiningStatus.State.WAITING, why))
          ? Optional.of(Duration.ofNanos(AFTER_FAILURE.nanos(failures, random.nextDouble())))
          : Optional.of(UNTIL_SEEN);
    }
  }

  /** Blocks that are about to be sent. */
  private record Try(Batch batch, List<Block> blocks) {}

  @FunctionalInterface
  private interface Call<T> {
    T make() throws IOException, InterruptedException;
  }

  private static final class NodeFailedException extends IOException {
    private static final long serialVersionUID = 1;

    NodeFailedException(String why) {
      super(why);
    }
  }

  /** A node that fails ends the steps of this pass; what it did, the next one asks. */
  private static <T> T of(int node, Call<T> call) throws IOException, InterruptedException {
    try {
      return call.make();
    } catch (IOException e) {
      throw new NodeFailedException("node " + node + ": " + e.getMessage());
    }
  }
}
