package io.bitcoincontroller.nodes;

import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.bitcoind.RpcSender;
import io.bitcoincontroller.blocks.Block;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.mesh.Declared.Reach;
import io.bitcoincontroller.mesh.Links.Dial;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.plan.Forks.Moved;
import io.bitcoincontroller.plan.MeshPlan;
import io.bitcoincontroller.plan.NodeView;
import io.bitcoincontroller.plan.Reorg;
import io.bitcoincontroller.recorder.Recorder;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The nodes of one network: read, and changed as the plan says. All are called side by side, each
 * with a deadline and a back-off. A pass of this network calls the methods one after the other;
 * they are not safe for two threads.
 *
 * <p>No method throws because a node fails: a failed read is a {@link NodeView}, a failed change is
 * a line in the log, and shows in the next read.
 */
public final class Nodes {
  private final CallRecord record;
  private final NodeReader reader;

  /** For nodes that still have the credentials of before. */
  private final NodeReader earlier;

  private final JudgementReader judgements;
  private final ForkReader forks;
  private final ListWriter lists;
  private final OneTry tries;
  private final LinkDialer links;
  private final PeerDialer peers;
  private final BlockCalls blocks;

  /**
   * Calls nobody yet.
   *
   * @param mayAct false while another process leads: then no node is called
   * @param there whether a pod, as a pass saw it, is still the same one at the same address
   * @param late asks for a pass, because a call has ended and no pass waited for it
   */
  public Nodes(
      ObjectKey network,
      RpcSender bitcoind,
      BooleanSupplier mayAct,
      Predicate<Pod> there,
      Ticker ticker,
      RandomGenerator random,
      Recorder recorder,
      Log log,
      Runnable late) {
    this(
        network,
        bitcoind,
        mayAct,
        there,
        ticker,
        random,
        recorder,
        log,
        late,
        BackgroundCalls.PATIENCE,
        OneTry.PATIENCE);
  }

  /**
   * For tests, with another patience.
   *
   * @param patience for all calls but dials
   */
  Nodes(
      ObjectKey network,
      RpcSender bitcoind,
      BooleanSupplier mayAct,
      Predicate<Pod> there,
      Ticker ticker,
      RandomGenerator random,
      Recorder recorder,
      Log log,
      Runnable late,
      Duration patience,
      Duration dialPatience) {
    this.record = new CallRecord(network, recorder, ticker);
    var rpc = new PodRpc(bitcoind, mayAct, there, record, ticker);
    this.reader = new NodeReader(network, rpc, ticker, patience, random, log, late);
    this.earlier = new NodeReader(network, rpc, ticker, patience, random, log, late);
    this.judgements = new JudgementReader(rpc, ticker, patience, random, late);
    this.forks = new ForkReader(rpc, ticker, patience, random, late);
    this.lists = new ListWriter(network, rpc, ticker, patience, random, log, late);
    this.tries = new OneTry(network, rpc, log);
    this.links = new LinkDialer(tries, rpc, ticker, dialPatience, random, late);
    this.peers = new PeerDialer(tries, ticker, dialPatience, late);
    this.blocks = new BlockCalls(rpc);
  }

  /** As if nothing had been said to a node: no call rests any longer. Those that run go on. */
  public void forgetAll() {
    keepOnly(Set.of());
    forks.forgetAll();
    links.forgetAll();
    peers.forgetAll();
  }

  /** After {@link #forgetAll}: whether a call still runs. */
  public boolean areCalled() {
    return peers.calls().size() > 0 || otherCalls().anyMatch(calls -> calls.size() > 0);
  }

  private Stream<BackgroundCalls<?, ?>> otherCalls() {
    return Stream.of(
        reader.calls(),
        earlier.calls(),
        judgements.calls(),
        forks.calls(),
        lists.calls(),
        links.calls());
  }

  /** Forgets the other pods, which are gone. */
  public void keepOnly(Set<String> podUids) {
    reader.keepOnly(podUids);
    earlier.keepOnly(podUids);
    judgements.keepOnly(podUids);
    lists.keepOnly(podUids);
    tries.keepOnly(podUids);
    links.keepOnly(podUids);
    peers.keepOnly(podUids);
  }

  /**
   * Has each of these pods' bitcoind say how it is.
   *
   * @param ready by ordinal
   * @param permit given up while the nodes are waited for
   * @return one view for each pod
   */
  public Map<Integer, NodeView> read(
      Map<Integer, Pod> ready, Credentials credentials, Permit permit) throws InterruptedException {
    var views = reader.read(ready, credentials, lists::changed, permit);
    if (record.recorder().isOn()) {
      record.unanswered(reader.unanswered(ready));
    }
    return views;
  }

  /**
   * As {@link #read}, of nodes that refuse today's credentials. What others said is forgotten.
   *
   * @param before the credentials that they had before
   */
  public Map<Integer, NodeView> readAsBefore(
      Map<Integer, Pod> refusing, Credentials before, Permit permit) throws InterruptedException {
    earlier.keepOnly(
        refusing.values().stream().map(pod -> pod.metadata().uid()).collect(Collectors.toSet()));
    return earlier.read(refusing, before, lists::changed, permit);
  }

  /**
   * The block of the tallest chain that each of the lower nodes judged invalid, as {@link
   * io.bitcoincontroller.plan.Observation#judgements} has them. Only stalled nodes are asked, and
   * those that judged so before.
   *
   * @param sides the views of each side: a node can judge the tallest chain of its own
   * @param credentials empty: nobody is asked, and the result is empty
   */
  public Map<Integer, Optional<String>> judgements(
      Set<Integer> stalled,
      Map<Integer, Pod> pods,
      List<Map<Integer, NodeView>> sides,
      Optional<Credentials> credentials,
      Permit permit)
      throws InterruptedException {
    if (credentials.isEmpty()) {
      return Map.of();
    }
    var below = new TreeMap<Integer, JudgementReader.Below>();
    for (var views : sides) {
      var tallest = NodeView.tallest(views).map(pods::get);
      if (tallest.isPresent()) {
        below.putAll(below(pods, views, tallest.get()));
      }
    }
    return judgements.read(stalled, below, credentials.get(), permit);
  }

  private static Map<Integer, JudgementReader.Below> below(
      Map<Integer, Pod> pods, Map<Integer, NodeView> views, Pod tallest) {
    var heights = NodeView.heights(views);
    var most = heights.values().stream().mapToLong(height -> height).max().orElse(0);
    var below = new TreeMap<Integer, JudgementReader.Below>();
    heights.forEach(
        (ordinal, height) -> {
          var pod = pods.get(ordinal);
          if (pod != null && height < most) {
            below.put(ordinal, new JudgementReader.Below(pod, tallest));
          }
        });
    return below;
  }

  /**
   * How many blocks these nodes have left behind.
   *
   * @param credentials empty: nobody is asked
   * @return the reorgs among them; empty while not all is known
   */
  public Optional<List<Reorg>> reorgs(
      List<Moved> moved, Map<Integer, Pod> pods, Optional<Credentials> credentials, Permit permit)
      throws InterruptedException {
    return credentials.isEmpty()
        ? Optional.empty()
        : forks.read(moved, pods, credentials.get(), permit);
  }

  /**
   * Addresses that a node calls listed although its list does not show them, by the ordinals of the
   * nodes that answered.
   */
  public Map<Integer, Set<String>> listedAnyway(
      Map<Integer, Pod> pods, Map<Integer, NodeView> views) {
    return lists.listedAnyway(pods, views);
  }

  /** The links between these pods that are being dialled, or rest after a try. */
  public Set<Dial> restingDials(Map<Integer, Pod> pods) {
    return links.resting(pods);
  }

  /** The same, of declared peers. */
  public Set<Reach> restingReaches(Map<Integer, Pod> pods) {
    return peers.resting(pods);
  }

  /**
   * Does what the plan says. What is not wanted any more goes first. Then nodes dial each other,
   * and only then each lists the others: bitcoind finds no entry that it would have to dial by
   * itself. The next read shows what came of it.
   *
   * @param views from which the plan was made
   * @param permit given up while the nodes are waited for
   */
  public void carryOut(
      MeshPlan plan,
      Map<Integer, Pod> pods,
      Map<Integer, NodeView> views,
      Credentials credentials,
      Permit permit)
      throws InterruptedException {
    links.saw(plan.links(), pods, views);
    lists.takeAway(plan, pods, credentials, permit);
    links.dial(plan.dials(), pods, credentials, permit);
    lists.add(plan, links.running(plan.first(), pods), pods, views, credentials, permit);
    peers.dial(plan, pods, credentials, permit);
  }

  /**
   * The next block, as this node proposes it.
   *
   * @throws IOException if it does not, as the other two calls by which a node mines; with words
   *     for people
   */
  public Proposal template(Pod pod, Credentials credentials)
      throws IOException, InterruptedException {
    return blocks.template(pod, credentials);
  }

  /** Whether each of these blocks is in the node's best chain. */
  public Map<String, Boolean> find(Pod pod, List<String> hashes, Credentials credentials)
      throws IOException, InterruptedException {
    return blocks.find(pod, hashes, credentials);
  }

  /**
   * Has a node take blocks, each the parent of the next, as long as its tip is their parent. After
   * an exception it may have taken some.
   *
   * @return hashes of those that it took
   */
  public List<String> submit(Pod pod, List<Block> blocks, Credentials credentials)
      throws IOException, InterruptedException {
    return this.blocks.submit(pod, blocks, credentials);
  }

  /** Nanoseconds until something that rests may be tried again; empty if nothing rests. */
  public OptionalLong nextTry() {
    return Stream.concat(otherCalls().map(BackgroundCalls::nextReady), Stream.of(peers.nextReady()))
        .flatMapToLong(OptionalLong::stream)
        .min();
  }
}
