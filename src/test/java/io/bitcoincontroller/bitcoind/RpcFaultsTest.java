package io.bitcoincontroller.bitcoind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bitcoincontroller.bitcoind.RpcReply.Failure;
import io.bitcoincontroller.bitcoind.RpcReply.Result;
import io.bitcoincontroller.local.doubles.BitcoindDouble;
import io.bitcoincontroller.local.doubles.DoubleNetwork;
import io.bitcoincontroller.local.doubles.RpcFault;
import io.bitcoincontroller.local.doubles.RpcServerOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes wrong between the controller and a node, shown by bitcoind's double. */
@Timeout(60)
final class RpcFaultsTest {
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(200);

  /** A deadline of {@link #SHORT} is over by then on the slowest machine. */
  private static final Duration GENEROUS = Duration.ofSeconds(10);

  private static final Credentials USER = new Credentials("user", "geheim");

  private static final List<RpcRequest> BATCH =
      List.of(
          RpcRequest.getBlockchainInfo(),
          RpcRequest.removeNode("127.0.0.255"),
          RpcRequest.getAddedNodeInfo());

  private final DoubleNetwork network = new DoubleNetwork();
  private final BitcoindClient client = new BitcoindClient((_, _) -> {});
  private BitcoindDouble node;

  @BeforeEach
  void startDouble() throws IOException {
    node = network.start("127.0.0.1", 0, RpcServerOptions.of(RpcAuth.line(USER, "uid-1")));
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    network.close();
  }

  private Answer call(Duration deadline) throws IOException, InterruptedException {
    return client.call(node.server(), USER, BATCH, deadline, () -> true);
  }

  private static void assertRight(Answer answer) {
    var replies = assertInstanceOf(Answer.Replies.class, answer).list();
    assertEquals(3, replies.size());
    var chain = assertInstanceOf(Result.class, replies.get(0)).value();
    assertEquals(0, assertInstanceOf(RpcResult.Chain.class, chain).height());
    var failure = assertInstanceOf(Failure.class, replies.get(1));
    assertEquals(RpcReply.NODE_NOT_ADDED, failure.code());
    assertEquals(new Result(new RpcResult.AddedNodes(List.of())), replies.get(2));
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    var end = System.nanoTime() + AMPLE.toNanos();
    while (!condition.call()) {
      assertTrue(System.nanoTime() < end, "not within " + AMPLE + ": " + what);
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  @ParameterizedTest
  @EnumSource(names = "VERSION_2")
  void anAnswerWithinTheRulesIsUnderstood(RpcFault fault) throws Exception {
    node.fault(fault);
    assertRight(call(AMPLE));
  }

  @ParameterizedTest
  @EnumSource(names = {"WARMING_UP", "WARMING_UP_AS_ONE"})
  void aNodeThatIsStartingSaysSoForEachCall(RpcFault fault) throws Exception {
    node.fault(fault);
    var replies = assertInstanceOf(Answer.Replies.class, call(AMPLE)).list();
    assertEquals(3, replies.size());
    for (var reply : replies) {
      assertEquals(RpcReply.IN_WARMUP, assertInstanceOf(Failure.class, reply).code());
    }
  }

  @Test
  void theStatusTellsWhereThereIsNoBodyToJudge() throws Exception {
    node.fault(RpcFault.OVERLOADED);
    assertEquals(new Answer.Busy(503), call(AMPLE));
    node.fault(RpcFault.UNAUTHORIZED);
    assertEquals(new Answer.Unauthorized(), call(AMPLE));
    node.fault(RpcFault.FORBIDDEN);
    assertEquals(new Answer.Forbidden(), call(AMPLE));
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "WEB_PAGE",
        "REDIRECTED",
        "FOREIGN_IDS",
        "BROKEN_IDS",
        "MEMBER_MISSING",
        "MEMBER_TWICE",
        "REVERSED",
        "ONE_RESULT_FOR_ALL",
        "NEITHER_RESULT_NOR_ERROR",
        "ERROR_AS_TEXT"
      })
  void whatNoBitcoindSaysIsNoAnswer(RpcFault fault) throws Exception {
    node.fault(fault);
    var thrown = assertThrows(IOException.class, () -> call(AMPLE));
    assertTrue(thrown.toString().contains(node.server().toString()), thrown.toString());
    assertNothingToldOf(thrown);
    node.heal();
    assertRight(call(AMPLE));
  }

  @ParameterizedTest
  @EnumSource(
      names = {"CUT_BEFORE_HEADERS", "CUT_IN_BODY", "CUT_IN_BODY_OF_UNKNOWN_LENGTH", "ENDLESS"})
  void aBodyThatIsNotWholeIsNoAnswer(RpcFault fault) throws Exception {
    node.fault(fault);
    var thrown = assertThrows(IOException.class, () -> call(AMPLE));
    assertFalse(thrown instanceof HttpTimeoutException, thrown.toString());
    assertNothingToldOf(thrown);
    node.heal();
    assertRight(call(AMPLE));
  }

  @ParameterizedTest
  @EnumSource(names = {"SILENT", "SILENT_IN_HEADERS", "SILENT_IN_BODY", "DRIPPING"})
  void theDeadlineHoldsAndTheConnectionIsClosed(RpcFault fault) throws Exception {
    node.fault(fault);
    var began = System.nanoTime();
    assertNothingToldOf(assertThrows(HttpTimeoutException.class, () -> call(SHORT)));
    var took = Duration.ofNanos(System.nanoTime() - began);
    // HttpClient counts whole milliseconds
    var least = SHORT.minusMillis(1);
    assertTrue(took.compareTo(least) >= 0 && took.compareTo(GENEROUS) < 0, "it took " + took);
    await("the connection is closed", () -> node.connections() == 0);
    node.heal();
    assertRight(call(AMPLE));
  }

  @Test
  void theDeadlineHoldsWhereNobodyTakesTheConnection() throws Exception {
    var waiting = new ArrayList<SocketChannel>();
    try (var full = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      for (var i = 0; i < 8; i++) {
        // Linux drops what comes when its queue is full, as a black hole does
        var channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()));
        waiting.add(channel);
      }
      var server = URI.create("http://127.0.0.1:" + full.getLocalPort() + "/");
      var began = System.nanoTime();
      assertNothingToldOf(
          assertThrows(
              HttpTimeoutException.class,
              () -> client.call(server, USER, BATCH, SHORT, () -> true)));
      var took = Duration.ofNanos(System.nanoTime() - began);
      assertTrue(took.compareTo(GENEROUS) < 0, "it took " + took);
    } finally {
      for (var channel : waiting) {
        channel.close();
      }
    }
  }

  @Test
  void aRefusedConnectionIsAnIoException() throws Exception {
    node.close();
    // the JDK's server closes its socket a moment later
    await("the port is closed", this::refuses);
    assertNothingToldOf(assertThrows(IOException.class, () -> call(AMPLE)));
  }

  private boolean refuses() {
    try (var _ = new Socket(node.server().getHost(), node.server().getPort())) {
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  @Test
  void aRestartBetweenTwoCallsCostsAtMostOneOfThem() throws Exception {
    assertRight(call(AMPLE));
    node.restart();
    await("an answer", () -> answers());
  }

  private boolean answers() throws InterruptedException {
    try {
      return assertInstanceOf(Answer.Replies.class, call(AMPLE)).list().getFirst()
          instanceof Result;
    } catch (IOException _) {
      return false; // a kept connection, cut by the restart
    }
  }

  /** Neither the password nor the header that carries it, in any line of any cause. */
  private static void assertNothingToldOf(Throwable thrown) {
    var trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    assertNothingTold(trace.toString());
  }

  private static void assertNothingTold(String text) {
    var secrets = List.of(USER.password(), USER.basic(), USER.basic().substring("Basic ".length()));
    secrets.forEach(secret -> assertFalse(text.contains(secret), text));
  }

  @Test
  void noNameOfAThreadAndNoTextTellsThePassword() throws Exception {
    node.fault(RpcFault.SILENT);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var call = threads.submit(() -> call(AMPLE));
      await("the call is there", () -> node.posts().size() == 1);
      for (var thread : Thread.getAllStackTraces().keySet()) {
        assertNothingTold(thread.getName());
      }
      node.close();
      assertNothingToldOf(assertThrows(ExecutionException.class, call::get));
    }
    assertNothingTold(USER + " " + BATCH + " " + node.server());
    assertNothingTold("" + new Answer.Unauthorized() + new Answer.Forbidden());
    assertNothingTold(RpcAuth.line(USER, "uid-1"));
  }

  @ParameterizedTest
  @EnumSource(names = {"SILENT", "SILENT_IN_BODY"})
  void anInterruptEndsACallWhereverItIs(RpcFault fault) throws Exception {
    node.fault(fault);
    var ended = new CountDownLatch(1);
    var thrown = new ArrayList<Throwable>();
    var thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  thrown.add(assertThrows(Throwable.class, () -> call(AMPLE)));
                  ended.countDown();
                });
    await("the call is there", () -> node.posts().size() == 1);
    thread.interrupt();
    assertTrue(ended.await(AMPLE.toSeconds(), TimeUnit.SECONDS), "it goes on");
    assertInstanceOf(InterruptedException.class, thrown.getFirst());
  }

  @ParameterizedTest
  @EnumSource(names = {"SILENT", "SILENT_IN_BODY"})
  void closingEndsWhatIsInHand(RpcFault fault) throws Exception {
    node.fault(fault);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Future<Answer>>();
      for (var i = 0; i < 20; i++) {
        calls.add(threads.submit(() -> call(AMPLE)));
      }
      await("all calls are there", () -> node.posts().size() == 20);
      var began = System.nanoTime();
      client.close();
      for (var call : calls) {
        var thrown = assertThrows(ExecutionException.class, call::get);
        assertInstanceOf(IOException.class, thrown.getCause());
      }
      assertTrue(System.nanoTime() - began < GENEROUS.toNanos(), "it took too long");
    }
  }

  @Test
  void aCallThatMeetsTheCloseEndsInAnIoException() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Future<Throwable>>();
      for (var i = 0; i < 50; i++) {
        calls.add(threads.submit(this::callUntilItFails));
      }
      await("calls go on", () -> node.posts().size() > 200);
      client.close();
      for (var call : calls) {
        assertInstanceOf(IOException.class, call.get());
      }
    }
    assertThrows(IOException.class, () -> call(AMPLE));
  }

  private Throwable callUntilItFails() {
    while (true) {
      try {
        call(AMPLE);
      } catch (Exception e) {
        return e;
      }
    }
  }

  @Test
  void anIpv6AddressGetsItsBrackets() throws Exception {
    assertEquals(URI.create("http://10.0.0.1:18443/"), BitcoindClient.server("10.0.0.1"));
    assertEquals(URI.create("http://[fd00::5]:18443/"), BitcoindClient.server("fd00::5"));
    assertEquals("[::1]", BitcoindClient.server("::1").getHost());
    assumeTrue(
        NetworkInterface.getByInetAddress(InetAddress.ofLiteral("::1")) != null,
        "this machine has no IPv6");
    node = network.start("::1", 0, RpcServerOptions.of(RpcAuth.line(USER, "uid-1")));
    assertEquals("[0:0:0:0:0:0:0:1]", node.server().getHost());
    assertRight(call(AMPLE));
  }
}
