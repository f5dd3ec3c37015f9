package io.bitcoincontroller.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.bitcoind.Answer;
import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.bitcoind.RpcAuth;
import io.bitcoincontroller.bitcoind.RpcRequest;
import io.bitcoincontroller.bitcoind.RpcSender;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.local.doubles.BitcoindDouble;
import io.bitcoincontroller.local.doubles.DoubleNetwork;
import io.bitcoincontroller.local.doubles.RpcFault;
import io.bitcoincontroller.local.doubles.RpcServerOptions;
import io.bitcoincontroller.local.kubelet.LoopbackAddresses;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.Waiting;
import io.bitcoincontroller.mesh.Declared;
import io.bitcoincontroller.mesh.Declared.Reach;
import io.bitcoincontroller.mesh.Links;
import io.bitcoincontroller.mesh.Links.Close;
import io.bitcoincontroller.mesh.Links.Dial;
import io.bitcoincontroller.mesh.Links.Link;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.mesh.PeerChange;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.plan.MeshPlan;
import io.bitcoincontroller.plan.NodeView;
import io.bitcoincontroller.plan.World;
import io.bitcoincontroller.recorder.Recorder;
import io.bitcoincontroller.recorder.Transcript;
import io.bitcoincontroller.timing.Ticker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A pass's calls to three nodes, doubles of bitcoind. The clock is moved by hand, but where a test
 * is about how long a pass waits.
 */
@Timeout(60)
final class NodesTest {
  /** A call to a node that hangs is given up after five seconds. */
  private static final Duration SHORTER_THAN_A_CALL = Duration.ofMillis(4900);

  private static final Permit AT_ONCE = Permit.Waiting::await;
  private static final String READ = "getaddednodeinfo";
  private static final Declared NONE_DECLARED = new Declared(List.of(), Set.of(), List.of());

  private final DoubleNetwork network = new DoubleNetwork();
  private final LoopbackAddresses addresses = new LoopbackAddresses(new Random());
  private final BitcoindClient client = new BitcoindClient((_, _) -> {});
  private final AtomicLong now = new AtomicLong(System.nanoTime());
  private volatile Predicate<Pod> there = _ -> true;
  private final Semaphore late = new Semaphore(0);
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final Map<Integer, BitcoindDouble> nodes = new HashMap<>();
  private final Map<Integer, Pod> pods = new HashMap<>();

  private final Recorder recorder = new Recorder(Ticker.SYSTEM, 1 << 20);

  /** Patience is real time although the clock is not: with so much, a pass sees its calls end. */
  private Nodes talk = nodes(now::get, Duration.ofSeconds(30), Duration.ofSeconds(30));

  private Nodes nodes(Ticker ticker, Duration patience, Duration dialPatience) {
    return new Nodes(
        new ObjectKey("default", "net"),
        client,
        () -> true,
        pod -> there.test(pod),
        ticker,
        new Random(),
        recorder,
        new Log(
            Log.Level.DEBUG,
            Log.Format.TEXT,
            new PrintStream(said, true, StandardCharsets.UTF_8),
            Instant::now),
        late::release,
        patience,
        dialPatience);
  }

  /** Before the first pass; passes wait as long as the product's do. */
  private void letTheClockRun() {
    talk = nodes(System::nanoTime, BackgroundCalls.PATIENCE, OneTry.PATIENCE);
  }

  @BeforeEach
  void startThree() throws IOException {
    var options = RpcServerOptions.of(RpcAuth.line(World.CREDENTIALS, "uid-1"));
    startMore(3, options);
  }

  private void startMore(int until, RpcServerOptions options) throws IOException {
    for (var ordinal = nodes.size(); ordinal < until; ordinal++) {
      // no port is tried: a process that another test starts just then would hold it for a moment
      var address = addresses.next(List.of());
      nodes.put(ordinal, network.start(address, BitcoindClient.RPC_PORT, options));
      pods.put(ordinal, World.pod(ordinal, address, true));
    }
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    network.close();
    assertFalse(log().contains(World.CREDENTIALS.password()), log());
  }

  private List<String> recorded(String kind) throws IOException {
    var out = new ByteArrayOutputStream();
    new Transcript(recorder, "", "", 0).write(out);
    var lines = out.toString(StandardCharsets.UTF_8).lines();
    return lines.filter(line -> line.contains("\"kind\":\"" + kind + '"')).toList();
  }

  private String log() {
    return said.toString(StandardCharsets.UTF_8);
  }

  private BitcoindDouble node(int ordinal) {
    return nodes.getOrDefault(ordinal, nodes.values().iterator().next());
  }

  private Map<Integer, NodeView> read() throws InterruptedException {
    return talk.read(pods, World.CREDENTIALS, AT_ONCE);
  }

  /** On a busy machine a node that is well may need longer than a pass has patience for. */
  private void awaitAnswer(int ordinal) throws InterruptedException {
    Waiting.until(
        "node " + ordinal + " answers",
        this::log,
        () ->
            view(read(), ordinal) instanceof NodeView.Answered
                ? new Seen.Good("")
                : new Seen.NotYet("an answer", "none"));
  }

  private static NodeView view(Map<Integer, NodeView> views, int ordinal) {
    return views.getOrDefault(ordinal, new NodeView.Silent("not there"));
  }

  private void moveOn(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private static MeshPlan plan(
      Map<Integer, List<PeerChange>> changes, List<Close> closes, List<Dial> dials) {
    var wanted = dials.stream().map(Dial::link).collect(Collectors.toSet());
    var links = new Links(wanted, Set.of(), dials, Set.of(), closes);
    return plan(links, NONE_DECLARED, changes, closes, dials, List.of());
  }

  private static MeshPlan plan(
      Links links,
      Declared declared,
      Map<Integer, List<PeerChange>> changes,
      List<Close> closes,
      List<Dial> dials,
      List<Reach> reaches) {
    return new MeshPlan(
        changes, Set.of(), Set.copyOf(dials), links, declared, dials, reaches, closes, Set.of());
  }

  /** As if all nodes were new. */
  private void act(MeshPlan plan) throws InterruptedException {
    act(plan, Map.of());
  }

  private void act(MeshPlan plan, Map<Integer, NodeView> views) throws InterruptedException {
    talk.carryOut(plan, pods, views, World.CREDENTIALS, AT_ONCE);
  }

  private boolean mayDial(Dial dial) {
    return !talk.restingDials(pods).contains(dial);
  }

  private boolean mayReach(Reach reach) {
    return !talk.restingReaches(pods).contains(reach);
  }

  private long count(int ordinal, String firstCall) {
    return node(ordinal).posts().stream()
        .filter(post -> post.getFirst().startsWith(firstCall))
        .count();
  }

  /** Sizes of those in which a node was to dial, the largest of the first three first. */
  private List<Integer> batches(int ordinal) {
    var sizes =
        node(ordinal).posts().stream()
            .filter(post -> post.getFirst().endsWith(" onetry"))
            .map(List::size)
            .collect(Collectors.toCollection(ArrayList::new));
    sizes.subList(0, Math.min(3, sizes.size())).sort(Comparator.reverseOrder());
    return sizes;
  }

  @Test
  void aPassReadsEachNodeWithOneRequest() throws Exception {
    var views = read();
    for (var ordinal = 0; ordinal < 3; ordinal++) {
      assertInstanceOf(NodeView.Answered.class, view(views, ordinal));
      assertEquals(
          List.of(List.of(READ, "getpeerinfo", "getblockchaininfo")), node(ordinal).posts());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "WARMING_UP, it is still starting",
    "WARMING_UP_AS_ONE, it is still starting",
    "OVERLOADED, its RPC server is busy (HTTP 503)",
    "FORBIDDEN, it forbids the call (HTTP 403)"
  })
  void aNodeThatCannotAnswerIsSilentForAReasonAndRests(RpcFault fault, String why)
      throws Exception {
    node(1).fault(fault);
    assertEquals(new NodeView.Silent(why), view(read(), 1));
    assertInstanceOf(NodeView.Answered.class, view(read(), 2));
    assertEquals(1, count(1, READ), "it rests");
    assertEquals(2, count(2, READ), "and it alone");
    assertTrue(talk.nextTry().isPresent());
    node(1).heal();
    moveOn(Duration.ofSeconds(1));
    assertInstanceOf(NodeView.Answered.class, view(read(), 1));
    assertTrue(log().contains("node answers again"), log());
  }

  @Test
  void wrongCredentialsAreNotTriedAgainAndAgain() throws Exception {
    var wrong = new Credentials("user", "falsch");
    for (var pass = 0; pass < 20; pass++) {
      assertEquals(new NodeView.Unauthorized(), view(talk.read(pods, wrong, AT_ONCE), 0));
    }
    assertEquals(1, count(0, READ));
    talk.forgetAll();
    assertInstanceOf(NodeView.Answered.class, view(read(), 0));
    assertFalse(log().contains("falsch"), log());
  }

  @Test
  void aFrozenNodeHoldsAPassUpOnceAndLaterOnesNotAtAll() throws Exception {
    letTheClockRun();
    node(1).freeze();
    // a pass that waited for the call would see its end, "no answer in time"
    for (var pass = 0; pass < 10; pass++) {
      assertEquals(new NodeView.Silent("no answer yet"), view(read(), 1), "in pass " + pass);
    }
    awaitAnswer(0);
    awaitAnswer(2);
    assertEquals(1, count(1, READ), "one call at a time");
    node(1).thaw();
    assertTrue(late.tryAcquire(30, TimeUnit.SECONDS), "the end of the call asks for a pass");
  }

  @Test
  void removalsComeBeforeWhatIsClosedAndBothBeforeWhatIsAdded() throws Exception {
    var info = assertInstanceOf(NodeView.Answered.class, view(read(), 0)).info();
    assertEquals(List.of(), info.addedNodes());
    List<PeerChange> changes =
        List.of(new PeerChange.Remove("10.0.0.1"), new PeerChange.Add(node(1).address()));
    act(plan(Map.of(0, changes), List.of(new Close(0, 7, "10.0.0.1:18444")), List.of()));
    assertEquals(
        List.of(
            List.of("addnode 10.0.0.1 remove", "disconnectnode  7"),
            List.of("addnode " + node(1).address() + " add")),
        node(0).posts().subList(1, 3));
    assertTrue(log().contains("peers changed"), "-24 and -29 mean done: " + log());
    assertFalse(log().contains("peers not changed"), log());
    var after = assertInstanceOf(NodeView.Answered.class, view(read(), 0)).info();
    assertEquals(List.of(node(1).address()), after.addedNodes());
  }

  /** The call keeps what it takes away, and a node may say megabytes. */
  @Test
  void oneCallTakesLittleAway() throws Exception {
    var removals = new ArrayList<PeerChange>();
    var closes = new ArrayList<Close>();
    for (var i = 100; i < 1000; i++) {
      removals.add(new PeerChange.Remove(i + "x".repeat(400)));
      closes.add(new Close(0, i, i + "x".repeat(200)));
    }
    act(plan(Map.of(0, removals), closes, List.of()));
    var calls = node(0).posts().getLast();
    assertEquals(10, calls.stream().filter(call -> call.endsWith(" remove")).count());
    assertEquals(20, calls.stream().filter(call -> call.startsWith("disconnectnode")).count());
    moveOn(Duration.ofMinutes(1));
    removals.addFirst(new PeerChange.Remove("x".repeat(5000)));
    act(plan(Map.of(0, removals), List.of(), List.of()));
    assertEquals(1, node(0).posts().getLast().size(), "a long one goes alone");
  }

  @Test
  void aChangeThatANodeRefusesIsLoggedAndRests() throws Exception {
    node(0).fault(RpcFault.OVERLOADED);
    List<PeerChange> add = List.of(new PeerChange.Add("10.0.0.1"));
    for (var pass = 0; pass < 5; pass++) {
      act(plan(Map.of(0, add, 1, add), List.of(), List.of()));
    }
    assertTrue(log().contains("peers not changed"), log());
    assertEquals(1, count(0, "addnode"));
    assertEquals(5, count(1, "addnode"));
  }

  @Test
  void aDialIsARequestOfItsOwnAndRestsUntilTheLinkIsSeen() throws Exception {
    var dial = new Dial(0, 1);
    assertTrue(mayDial(dial));
    act(plan(Map.of(), List.of(), List.of(dial)));
    assertEquals(List.of("addnode " + node(1).address() + " onetry"), node(0).posts().getLast());
    assertFalse(mayDial(dial));
    var peer = assertInstanceOf(NodeView.Answered.class, view(read(), 0)).info().peers().getFirst();
    assertEquals(node(1).address(), PeerAddress.parse(peer.address()).orElseThrow().host());
    var link = Set.of(new Link(0, 1));
    var up = new Links(link, link, List.of(), Set.of(), List.of());
    act(plan(up, NONE_DECLARED, Map.of(), List.of(), List.of(), List.of()));
    assertTrue(mayDial(dial), "a link that was up and is down is dialled at once");
  }

  @Test
  void aLinkThatIsNotWantedAnyMoreIsForgotten() throws Exception {
    var dial = new Dial(0, 1);
    act(plan(Map.of(), List.of(), List.of(dial)));
    act(plan(Map.of(), List.of(), List.of(dial)));
    assertFalse(mayDial(dial));
    act(plan(Map.of(), List.of(), List.of()));
    assertFalse(mayDial(dial), "a node that does not answer may come back");
    act(plan(Map.of(), List.of(), List.of()), read());
    assertTrue(mayDial(dial));
  }

  @Test
  void blackHolesAreDialledThreeAtATimeAndHoldUpNeitherThePassNorOtherNodes() throws Exception {
    letTheClockRun();
    var timeout = Duration.ofSeconds(2);
    network.dialTimeout(timeout);
    var dials = new ArrayList<Dial>();
    for (var ordinal : IntStream.range(10, 17).toArray()) {
      var address = "127.0.0." + ordinal;
      network.blackHole(address);
      pods.put(ordinal, World.pod(ordinal, address, true));
      dials.add(new Dial(0, ordinal));
    }
    dials.add(new Dial(1, 2));
    var began = System.nanoTime();
    act(plan(Map.of(), List.of(), dials));
    var three = timeout.multipliedBy(3).toNanos();
    assertTrue(System.nanoTime() - began < three, "the pass waited for the dials");
    awaitDials(1, 1);
    assertTrue(late.tryAcquire(30, TimeUnit.SECONDS), "the end of the last dial asks for a pass");
    assertTrue(System.nanoTime() - began >= three, "a dial that was not the last asked for one");
    assertEquals(List.of(3, 3, 1), batches(0), "three at a time, and so in three batches");
    assertEquals(3, node(0).mostAtOnce());
    var again = dials.subList(0, 2);
    var more = 0;
    while (!again.stream().allMatch(this::mayDial)) {
      assertTrue(System.nanoTime() - began < Duration.ofSeconds(30).toNanos(), "they rest");
      more += late.tryAcquire(20, TimeUnit.MILLISECONDS) ? 1 : 0;
    }
    // two batches end together, and each of their dials may find that it is the last
    assertTrue(more < dials.size(), more + " passes were asked for while nothing runs");
    act(plan(Map.of(), List.of(), again));
    assertTrue(late.tryAcquire(30, TimeUnit.SECONDS));
    awaitDials(5, 0);
    assertEquals(List.of(3, 3, 1, 1, 1), batches(0), "what was in vain holds up nothing else");
  }

  /** Each such thread takes a KiB or more, and all nodes of a full mesh may hang. */
  @Test
  void dialsThatWaitForOthersOfTheirNodeHaveNoThreads() throws Exception {
    letTheClockRun();
    var dials = dialsOfAFrozenNode(10, 100);
    var test = Thread.currentThread();
    var threads = new AtomicLong();
    var counter =
        new InheritableThreadLocal<String>() {
          @Override
          protected String childValue(String parent) {
            threads.addAndGet(Thread.currentThread().equals(test) ? 1 : 0);
            return parent;
          }
        };
    counter.set("begun by this test");
    try {
      act(plan(Map.of(), List.of(), dials));
    } finally {
      counter.remove();
    }
    // three, and perhaps some on which virtual threads run
    assertTrue(threads.get() >= 3 && threads.get() < 12, threads + " threads");
    assertTrue(dials.stream().noneMatch(this::mayDial), "all of them wait or run");
  }

  private List<Dial> dialsOfAFrozenNode(int first, int end) {
    node(0).freeze();
    var dials = new ArrayList<Dial>();
    for (var ordinal = first; ordinal < end; ordinal++) {
      pods.put(ordinal, World.pod(ordinal, "127.0.0." + ordinal, true));
      dials.add(new Dial(0, ordinal));
    }
    return dials;
  }

  /** Its owner may be hostile, and name it so that a plain hash of both names is the same. */
  @ParameterizedTest
  @CsvSource({"getchaintips, 400, 500", "getblocktemplate, 2, 2"})
  void nodesOfOneNamespaceThatHangLeaveOthersTheirCalls(String method, int least, int most)
      throws Exception {
    var request =
        method.equals("getchaintips") ? RpcRequest.getChainTips() : RpcRequest.getBlockTemplate();
    var hostile = client.of("Aa");
    var another = client.of("BB");
    var threads = new ArrayList<Thread>();
    node(0).freeze();
    try {
      for (var i = 0; i < 700; i++) {
        threads.add(Thread.ofVirtual().start(() -> hang(hostile, request)));
      }
      Waiting.until(
          "as many calls as one namespace may have",
          this::log,
          () ->
              node(0).connections() >= least
                  ? new Seen.Good("")
                  : new Seen.NotYet("" + least, "" + node(0).connections()));
      for (var i = 0; i < 200; i++) {
        var answer =
            another.call(
                node(1).server(),
                World.CREDENTIALS,
                List.of(request),
                Duration.ofSeconds(20),
                () -> true);
        assertInstanceOf(Answer.Replies.class, answer);
      }
      assertTrue(node(0).connections() <= most, () -> node(0).connections() + " calls");
    } finally {
      threads.forEach(Thread::interrupt);
      node(0).thaw();
    }
  }

  private void hang(RpcSender sender, RpcRequest request) {
    var minute = Duration.ofMinutes(1);
    try {
      sender.call(node(0).server(), World.CREDENTIALS, List.of(request), minute, () -> true);
    } catch (IOException | InterruptedException _) {
      // the test is over
    }
  }

  @Test
  void whatWaitsAndIsForgottenIsNotDialled() throws Exception {
    letTheClockRun();
    act(plan(Map.of(), List.of(), dialsOfAFrozenNode(10, 100)));
    assertTrue(talk.areCalled());
    talk.forgetAll();
    node(0).thaw();
    Waiting.until(
        "the end of the calls",
        this::log,
        () -> talk.areCalled() ? new Seen.NotYet("no call", "some") : new Seen.Good(""));
    assertTrue(count(0, "addnode") <= 3, "a batch that waited was sent");
    assertEquals(Set.of(), talk.restingDials(pods));
  }

  @Test
  void ofDialsThatWaitThoseStayThatAreWanted() throws Exception {
    letTheClockRun();
    var all = dialsOfAFrozenNode(10, 250);
    for (var i = 0; i < all.size(); i += 20) {
      act(plan(Map.of(), List.of(), all.subList(i, i + 20)));
      assertTrue(talk.restingDials(pods).size() <= 100 + 2 * 20 + 3 * 8, "after " + i);
    }
  }

  /** Whoever edits the wiring again and again may name all pairs of nodes. */
  @Test
  void ofLinksBetweenNodesThatDoNotAnswerFewAreKept() throws Exception {
    var all = new ArrayList<Dial>();
    for (var from = 10; from < 40; from++) {
      pods.put(from, World.pod(from, "127.0.0." + from, true));
      for (var to = 10; to < from; to++) {
        all.add(new Dial(from, to));
      }
    }
    for (var i = 0; i + 20 < all.size(); i += 20) {
      var wanted = all.subList(i, i + 20);
      act(plan(Map.of(), List.of(), wanted));
      assertTrue(wanted.stream().noneMatch(this::mayDial), "what is wanted rests");
      assertTrue(talk.restingDials(pods).size() <= 100 + 3 * 20, "after " + i);
    }
  }

  /** The pass that begins them may be over before they go out. */
  private void awaitDials(long requests, int ordinal) throws InterruptedException {
    Waiting.until(
        "dials",
        this::log,
        () ->
            count(ordinal, "addnode") == requests
                ? new Seen.Good("")
                : new Seen.NotYet(requests + " requests", node(ordinal).posts().toString()));
  }

  private static Predicate<Pod> allBut(Pod gone) {
    return pod -> !pod.metadata().uid().equals(gone.metadata().uid());
  }

  private Pod pod(int ordinal) {
    return pods.getOrDefault(ordinal, World.pod(99, "127.0.0.99", false));
  }

  /** Its address may be another network's by then, and two networks would become one. */
  @Test
  void aDialThatWaitedIsNotMadeIfItsTargetWasReplacedMeanwhile() throws Exception {
    letTheClockRun();
    network.dialTimeout(Duration.ofSeconds(3));
    var dials = new ArrayList<Dial>();
    for (var ordinal : List.of(10, 11, 12, 13, 14, 15)) {
      var address = "127.0.0." + ordinal;
      network.blackHole(address);
      pods.put(ordinal, World.pod(ordinal, address, true));
      dials.add(new Dial(0, ordinal));
    }
    act(plan(Map.of(), List.of(), dials));
    awaitDials(3, 0);
    var held = new Dial(0, 1);
    act(plan(Map.of(), List.of(), List.of(held)));
    assertFalse(mayDial(held), "it waits for one of the three batches to end");
    there = allBut(pod(1));
    assertTrue(late.tryAcquire(30, TimeUnit.SECONDS), "all have ended");
    assertEquals(3, count(0, "addnode"), () -> node(0).posts().toString());
    assertTrue(mayDial(held), "nobody failed, and so nothing rests");
  }

  @Test
  void nothingIsSaidToWhatAnswersAtTheAddressOfAPodThatIsGone() throws Exception {
    there = allBut(pod(0));
    List<PeerChange> add = List.of(new PeerChange.Add(node(2).address()));
    act(
        plan(
            Map.of(0, add, 1, add),
            List.of(new Close(0, 7, "10.0.0.1:18444")),
            List.of(new Dial(0, 2), new Dial(2, 1))));
    var views = read();
    assertEquals(List.of(), node(0).posts(), "its peers have other numbers there");
    assertEquals(new NodeView.Silent("no answer yet"), view(views, 0));
    assertInstanceOf(NodeView.Answered.class, view(views, 1));
    assertEquals(1, count(1, "addnode"));
    assertEquals(1, count(2, "addnode"));
    there = _ -> true;
    assertInstanceOf(NodeView.Answered.class, view(read(), 0), "it did not fail, so nothing rests");
  }

  @Test
  void anAddressIsNotListedIfItsPodWasReplacedBeforeTheCallWent() throws Exception {
    there = allBut(pod(2));
    List<PeerChange> add = List.of(new PeerChange.Add(node(2).address()));
    act(plan(Map.of(1, add), List.of(), List.of()));
    assertEquals(0, count(1, "addnode"));
    there = _ -> true;
    act(plan(Map.of(1, add), List.of(), List.of()));
    assertEquals(1, count(1, "addnode"));
    assertFalse(log().contains("peers not changed"), log());
  }

  /** It went out to the right one, and what came is another's. */
  @Test
  void anAnswerIsNotTakenForThatOfAPodThatWasReplacedMeanwhile() throws Exception {
    there = pod -> node(0).posts().isEmpty() || allBut(pod(0)).test(pod);
    var views = read();
    assertEquals(1, count(0, READ));
    assertEquals(new NodeView.Silent("no answer yet"), view(views, 0));
  }

  /** What the client can do for all networks together is not for one whose nodes hang. */
  @Test
  void aNetworkWhoseNodesHangTakesNoMoreThanItsPartOfTheCalls() throws Exception {
    letTheClockRun();
    startMore(200, RpcServerOptions.of(RpcAuth.line(World.CREDENTIALS, "uid-1")));
    nodes.values().forEach(BitcoindDouble::freeze);
    try {
      var end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      var most = 0L;
      while (most <= 64) {
        assertTrue(System.nanoTime() < end, "those that hang leave their places to others");
        read();
        most = called();
      }
      assertTrue(most <= 128, most + " at one time");
    } finally {
      nodes.values().forEach(BitcoindDouble::thaw);
    }
  }

  @Test
  void theRecorderHearsWhichNodesAreShownAsTheyAnsweredBefore() throws Exception {
    // nodes that are well answer within it, and the call to one that is frozen outlasts it
    talk = nodes(System::nanoTime, Duration.ofSeconds(3), OneTry.PATIENCE);
    read();
    assertEquals(List.of(), recorded("unanswered"));
    node(1).freeze();
    try {
      assertInstanceOf(NodeView.Answered.class, view(read(), 1), "it is as it was");
      var unanswered = recorded("unanswered");
      assertEquals(1, unanswered.size());
      assertTrue(unanswered.getFirst().contains("\"nodes\":[{\"ordinal\":1,"), "" + unanswered);
    } finally {
      node(1).thaw();
    }
  }

  private long called() {
    return nodes.values().stream().filter(node -> node.connections() > 0).count();
  }

  @Test
  void nodesThatAnswerDoNotWaitForHundredThatHang() throws Exception {
    letTheClockRun();
    startMore(120, RpcServerOptions.of(RpcAuth.line(World.CREDENTIALS, "uid-1")));
    IntStream.range(0, 100).forEach(ordinal -> node(ordinal).freeze());
    try {
      var began = System.nanoTime();
      for (var ordinal = 100; ordinal < 120; ordinal++) {
        while (!(view(read(), ordinal) instanceof NodeView.Answered)) {
          var took = System.nanoTime() - began;
          assertTrue(took < SHORTER_THAN_A_CALL.toNanos(), "node " + ordinal + " waits");
        }
      }
    } finally {
      nodes.values().forEach(BitcoindDouble::thaw);
    }
  }

  private MeshPlan reaching(Reach... reaches) {
    var peers = Arrays.stream(reaches).map(Reach::to).distinct().toList();
    var declared = new Declared(peers, Set.of(), List.of(reaches));
    var links = new Links(Set.of(), Set.of(), List.of(), Set.of(), List.of());
    var ready = Arrays.stream(reaches).filter(this::mayReach).toList();
    return plan(links, declared, Map.of(), List.of(), List.of(), ready);
  }

  @Test
  void aDeclaredPeerThatIsDownIsTriedEverMoreRarelyAndAtOnceWhenItHadBeenReached()
      throws Exception {
    var nobody = PeerAddress.ofPod("127.0.0.99");
    var reach = new Reach(0, nobody);
    for (var rest = 1; rest <= 300; rest = rest * 2) {
      act(reaching(reach));
      assertEquals(List.of("addnode 127.0.0.99 onetry"), node(0).posts().getLast());
      assertEquals(rest <= 16, talk.nextTry().isPresent(), "a pass of its own after " + rest);
      moveOn(Duration.ofSeconds(rest).minusMillis(1));
      assertFalse(mayReach(reach), "after " + rest);
      moveOn(Duration.ofMillis(1));
      assertTrue(mayReach(reach), "after " + rest);
    }
    act(reaching(reach));
    moveOn(Duration.ofMinutes(5));
    assertTrue(mayReach(reach), "five minutes are the most");
    act(reaching(reach));
    assertEquals(11, count(0, "addnode"));
    assertEquals(0, count(1, "addnode"));

    var up = new Declared(List.of(nobody), Set.of(reach), List.of());
    var links = new Links(Set.of(), Set.of(), List.of(), Set.of(), List.of());
    act(plan(links, up, Map.of(), List.of(), List.of(), List.of()));
    assertTrue(mayReach(reach));
    act(reaching(reach));
    act(reaching());
    assertTrue(mayReach(reach), "what is declared anew begins anew");
  }

  @Test
  void declaredBlackHolesHoldOneCallOfANodeAndFewOfANetwork() throws Exception {
    letTheClockRun();
    network.dialTimeout(Duration.ofSeconds(5));
    startMore(24, RpcServerOptions.of(RpcAuth.line(World.CREDENTIALS, "uid-1")));
    var reaches = new ArrayList<Reach>();
    for (var hole : List.of("127.0.0.97", "127.0.0.98", "127.0.0.99")) {
      network.blackHole(hole);
      for (var ordinal = 0; ordinal < 24; ordinal++) {
        reaches.add(new Reach(ordinal, PeerAddress.ofPod(hole)));
      }
    }
    var began = System.nanoTime();
    act(reaching(reaches.toArray(Reach[]::new)));
    act(reaching(reaches.toArray(Reach[]::new)));
    var took = System.nanoTime() - began;
    assertTrue(took < SHORTER_THAN_A_CALL.toNanos(), "the passes were held up");
    var dialling = IntStream.range(0, 24).filter(each -> count(each, "addnode") > 0).count();
    assertTrue(dialling <= 16, dialling + " nodes dial at a time");
    for (var ordinal = 0; ordinal < 24; ordinal++) {
      assertTrue(count(ordinal, "addnode") <= 1, "one at a time for each");
    }
    awaitAnswer(0);
  }

  @Test
  void whatANodeCallsListedAlthoughItDoesNotShowItIsKnownUntilItsListIsAnother() throws Exception {
    var add = plan(Map.of(0, List.of(new PeerChange.Add("10.0.0.1"))), List.of(), List.of());
    act(add);
    assertEquals(Set.of(), talk.listedAnyway(pods, read()).get(0));
    act(add, read());
    for (var look = 0; look < 3; look++) {
      assertEquals(Set.of("10.0.0.1"), talk.listedAnyway(pods, read()).get(0));
      assertEquals(Set.of(), talk.listedAnyway(pods, read()).get(1));
    }
    act(plan(Map.of(0, List.of(new PeerChange.Add("10.0.0.2"))), List.of(), List.of()));
    assertEquals(Set.of(), talk.listedAnyway(pods, read()).get(0));
    act(add, read());
    assertEquals(Set.of("10.0.0.1"), talk.listedAnyway(pods, read()).get(0));
    restart();
    assertEquals(Set.of(), talk.listedAnyway(pods, read()).get(0), "it starts with no list");
  }

  /** Another process of ours had the node list the address, and its bitcoind starts anew now. */
  @Test
  void whatANewNodeCallsListedIsNotBelievedOfTheListThatIsReadLater() throws Exception {
    var add = plan(Map.of(0, List.of(new PeerChange.Add("10.0.0.1"))), List.of(), List.of());
    act(add);
    act(add);
    restart();
    assertEquals(Set.of(), talk.listedAnyway(pods, read()).get(0));
  }

  @Test
  void whatIsCalledListedIsNotBelievedOfAListThatIsAnotherBeforeItIsReadAgain() throws Exception {
    var add = plan(Map.of(0, List.of(new PeerChange.Add("10.0.0.1"))), List.of(), List.of());
    act(add);
    act(add, read());
    restart();
    assertEquals(Set.of(), talk.listedAnyway(pods, read()).get(0));
  }

  /** A list that was lost may look as it did when the address was refused. */
  @Test
  void whatANodeCallsListedIsAskedForAgainAfterAWhile() throws Exception {
    var add = plan(Map.of(0, List.of(new PeerChange.Add("10.0.0.1"))), List.of(), List.of());
    act(add);
    act(add, read());
    moveOn(Duration.ofMinutes(4));
    assertEquals(Set.of("10.0.0.1"), talk.listedAnyway(pods, read()).get(0));
    moveOn(Duration.ofMinutes(1));
    assertEquals(Set.of(), talk.listedAnyway(pods, read()).get(0));
  }

  private void restart() throws InterruptedException {
    node(0).restart();
    Waiting.until(
        "an answer",
        this::log,
        () -> {
          moveOn(Duration.ofMinutes(1));
          return view(read(), 0) instanceof NodeView.Answered
              ? new Seen.Good("")
              : new Seen.NotYet("an answer", "none");
        });
  }

  private Map<Integer, Optional<String>> judgements() throws InterruptedException {
    var views =
        Map.<Integer, NodeView>of(
            0, World.node(List.of(), List.of(), 101),
            1, World.node(List.of(), List.of(), 7),
            2, World.node(List.of(), List.of(), 7));
    var credentials = Optional.of(World.CREDENTIALS);
    return talk.judgements(Set.of(1, 2), pods, List.of(views), credentials, AT_ONCE);
  }

  @Test
  void aJudgementIsKnownOnceItWasAnsweredAndAFailureTakesNothingOfItBack() throws Exception {
    node(1).fault(RpcFault.OVERLOADED);
    assertEquals(Map.of(2, Optional.<String>empty()), judgements());
    node(1).heal();
    moveOn(Duration.ofMinutes(1));
    var both = Map.of(1, Optional.<String>empty(), 2, Optional.<String>empty());
    assertEquals(both, judgements());
    node(1).fault(RpcFault.OVERLOADED);
    assertEquals(both, judgements());
    talk.forgetAll();
    moveOn(Duration.ofMinutes(1));
    assertEquals(Map.of(2, Optional.<String>empty()), judgements());
  }

  /** The wish ends when its dial has passed all gates and is about to go out. */
  @Test
  void aPeerThatIsNotDeclaredAnyMoreIsNotDialled() throws Exception {
    var reach = new Reach(0, PeerAddress.ofPod("127.0.0.99"));
    var asked = new AtomicLong();
    there =
        _ -> {
          if (asked.incrementAndGet() == 2) {
            try {
              act(reaching());
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
          return true;
        };
    act(reaching(reach));
    assertTrue(asked.get() >= 2, asked::toString);
    assertEquals(0, count(0, "addnode"));
  }

  @Test
  void eachNodeBeginsOneDialOfDeclaredPeersAndAllGetTheirTurn() throws Exception {
    var reaches = new ArrayList<Reach>();
    for (var peer = 1; peer <= 40; peer++) {
      for (var ordinal = 0; ordinal < 3; ordinal++) {
        reaches.add(new Reach(ordinal, PeerAddress.ofPod("127.0.0.2" + (peer + 10))));
      }
    }
    var all = reaches.toArray(Reach[]::new);
    act(reaching(all));
    for (var ordinal = 0; ordinal < 3; ordinal++) {
      assertEquals(1, count(ordinal, "addnode"));
    }
    for (var pass = 1; pass < 40; pass++) {
      var next = Duration.ofNanos(talk.nextTry().orElseThrow());
      assertTrue(next.compareTo(Duration.ofSeconds(1)) <= 0, next::toString);
      // the first ones are long ready again
      moveOn(Duration.ofMinutes(6));
      act(reaching(all));
    }
    for (var ordinal = 0; ordinal < 3; ordinal++) {
      assertEquals(40, node(ordinal).posts().stream().distinct().count());
    }
  }
}
