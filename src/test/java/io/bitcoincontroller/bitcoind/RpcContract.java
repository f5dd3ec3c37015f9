package io.bitcoincontroller.bitcoind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.bitcoincontroller.bitcoind.RpcReply.Failure;
import io.bitcoincontroller.bitcoind.RpcReply.Result;
import io.bitcoincontroller.local.doubles.RpcNode;
import io.bitcoincontroller.local.doubles.RpcServerOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the controller relies on in a node's RPC server. Runs against bitcoind and against its
 * double, so that the double can't be something else than bitcoind is.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
abstract class RpcContract {
  private static final String NOWHERE = "127.0.0.255";
  private static final String MINER = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final int MANY = 200;

  private static final Credentials USER = new Credentials("user", "geheim");
  private static final Credentials LIMITED = new Credentials("limited", "geheim");

  private final BitcoindClient client = new BitcoindClient((_, _) -> {});
  private RpcNode node;
  private RpcNode narrow;

  /** Returns before the node answers. */
  abstract RpcNode start(RpcServerOptions options) throws IOException;

  abstract void stopAll() throws IOException;

  /** One with room for all; one with a single thread, and a queue of one. */
  @BeforeAll
  void startTwo() throws Exception {
    var lines = new ArrayList<String>();
    for (var user :
        List.of(USER, LIMITED, odd("pa$$word"), odd("two words "), odd("pässwörd→🔑"))) {
      lines.add(RpcAuth.line(user, "uid-1"));
    }
    var whitelist = Map.of("limited", List.of("getpeerinfo"));
    node = start(new RpcServerOptions(lines, whitelist, 4, 2 * MANY, Duration.ZERO));
    narrow = start(new RpcServerOptions(lines, Map.of(), 1, 1, Duration.ZERO));
    awaitAnswers(node);
    awaitAnswers(narrow);
  }

  /** Users differ, so that each line lets in one of them; a name may have a blank and a dollar. */
  private static Credentials odd(String password) {
    return new Credentials("odd user " + password.length() + " $HOME", password);
  }

  @AfterAll
  void stop() throws IOException {
    client.close();
    stopAll();
  }

  @BeforeEach
  void beginWithEmptyLists() throws Exception {
    for (var each : List.of(node, narrow)) {
      var info = info(each);
      var undo = new ArrayList<RpcRequest>();
      info.addedNodes().forEach(address -> undo.add(RpcRequest.removeNode(address)));
      info.peers().forEach(peer -> undo.add(RpcRequest.disconnectNode(peer.id())));
      call(each, undo.toArray(RpcRequest[]::new));
      await("no connections", () -> info(each).peers().isEmpty());
    }
  }

  private Answer answer(RpcNode to, Credentials as, RpcRequest... requests) throws Exception {
    return client.call(
        BitcoindClient.server(to.address()), as, List.of(requests), AMPLE, () -> true);
  }

  private List<RpcReply> call(RpcNode to, RpcRequest... requests) throws Exception {
    return assertInstanceOf(Answer.Replies.class, answer(to, USER, requests)).list();
  }

  private NodeInfo info(RpcNode of) throws Exception {
    var values = new ArrayList<RpcResult>();
    for (var reply : call(of, NodeInfo.REQUESTS.toArray(RpcRequest[]::new))) {
      values.add(assertInstanceOf(Result.class, reply).value());
    }
    return NodeInfo.of(values).orElseThrow();
  }

  private static void assertFailure(int code, RpcReply reply) {
    assertEquals(code, assertInstanceOf(Failure.class, reply).code());
  }

  private static void assertDone(RpcReply reply) {
    assertEquals(new Result(new RpcResult.Done()), reply);
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    var end = System.nanoTime() + AMPLE.toNanos();
    while (!condition.call()) {
      assertTrue(System.nanoTime() < end, "not within " + AMPLE + ": " + what);
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  /** Nothing comes before the first whole answer but a refused connection, a cut one, and -28. */
  private void awaitAnswers(RpcNode starting) throws Exception {
    await(
        "answers",
        () -> {
          try {
            var replies = call(starting, NodeInfo.REQUESTS.toArray(RpcRequest[]::new));
            assertEquals(NodeInfo.REQUESTS.size(), replies.size());
            var failures = replies.stream().filter(Failure.class::isInstance).toList();
            failures.forEach(failure -> assertFailure(RpcReply.IN_WARMUP, failure));
            return failures.isEmpty();
          } catch (ConnectException _) {
            return false;
          }
        });
  }

  @Test
  void addingTwiceIsAnErrorThatMeansDone() throws Exception {
    assertDone(call(node, RpcRequest.addNode(NOWHERE)).getFirst());
    assertFailure(RpcReply.NODE_ALREADY_ADDED, call(node, RpcRequest.addNode(NOWHERE)).getFirst());
    assertFailure(
        RpcReply.NODE_ALREADY_ADDED, call(node, RpcRequest.addNode(NOWHERE + ":18444")).getFirst());
    assertEquals(List.of(NOWHERE), info(node).addedNodes());
  }

  @Test
  void removingWhatIsNotListedIsAnErrorThatMeansDone() throws Exception {
    assertFailure(RpcReply.NODE_NOT_ADDED, call(node, RpcRequest.removeNode(NOWHERE)).getFirst());
  }

  @Test
  void removingNeedsTheTextThatTheListShows() throws Exception {
    call(node, RpcRequest.addNode(NOWHERE + ":18444"));
    assertFailure(RpcReply.NODE_NOT_ADDED, call(node, RpcRequest.removeNode(NOWHERE)).getFirst());
    assertDone(call(node, RpcRequest.removeNode(NOWHERE + ":18444")).getFirst());
    assertEquals(List.of(), info(node).addedNodes());
  }

  @Test
  void whatIsNotWantedAnyMoreWhenTheConnectionIsThereIsNotDone() throws Exception {
    var add = List.of(RpcRequest.addNode(NOWHERE));
    var thrown =
        assertThrows(
            IOException.class,
            () ->
                client.call(BitcoindClient.server(node.address()), USER, add, AMPLE, () -> false));
    assertTrue(thrown.toString().contains("not wanted"), thrown::toString);
    assertEquals(List.of(), info(node).addedNodes());
  }

  @Test
  void anythingCanBeAddedAndIsListedToTheLetter() throws Exception {
    var odd = List.of("", "garbage!!", NOWHERE + ":99999", "[fd00::5]:18555", "Ünïcode");
    var replies = call(node, odd.stream().map(RpcRequest::addNode).toArray(RpcRequest[]::new));
    replies.forEach(RpcContract::assertDone);
    assertEquals(odd, info(node).addedNodes());
  }

  @Test
  void aBatchKeepsItsOrderAndEachCallHasItsOwnReply() throws Exception {
    var replies =
        call(
            node,
            RpcRequest.addNode(NOWHERE),
            RpcRequest.removeNode("127.0.0.254"),
            RpcRequest.addNode(NOWHERE),
            RpcRequest.getAddedNodeInfo(),
            RpcRequest.disconnectNode(1_000_000),
            RpcRequest.removeNode(NOWHERE));
    assertEquals(6, replies.size());
    assertDone(replies.get(0));
    assertFailure(RpcReply.NODE_NOT_ADDED, replies.get(1));
    assertFailure(RpcReply.NODE_ALREADY_ADDED, replies.get(2));
    assertEquals(new Result(new RpcResult.AddedNodes(List.of(NOWHERE))), replies.get(3));
    assertFailure(RpcReply.NODE_NOT_CONNECTED, replies.get(4));
    assertDone(replies.get(5));
  }

  @Test
  void aBatchOfHundredsIsAnsweredInItsOrder() throws Exception {
    var addresses = IntStream.range(0, 300).mapToObj(i -> "[fd00::" + i + "]:18444").toList();
    var requests = addresses.stream().map(RpcRequest::addNode).toArray(RpcRequest[]::new);
    call(node, requests).forEach(RpcContract::assertDone);
    assertEquals(addresses, info(node).addedNodes());
  }

  @Test
  void aBatchOfNothingIsAnsweredWithNothing() throws Exception {
    assertEquals(List.of(), call(node));
  }

  @Test
  void aLinkShowsOnBothSidesWithItsVersion() throws Exception {
    var asDialled = List.of(narrow.address(), narrow.address() + ":18444");
    assertDone(call(node, RpcRequest.tryNode(narrow.address())).getFirst());
    await(
        "an outbound connection",
        () ->
            info(node).peers().stream()
                .anyMatch(
                    peer ->
                        !peer.inbound()
                            && peer.version() > 0
                            && asDialled.contains(peer.address())));
    await(
        "an inbound connection",
        () -> info(narrow).peers().stream().anyMatch(p -> p.inbound() && p.version() > 0));
    assertEquals(1, info(node).peers().size());
    assertDone(call(node, RpcRequest.tryNode(narrow.address())).getFirst());
    assertEquals(1, info(node).peers().size(), "a second dial makes no second connection");
    assertEquals(List.of(), info(node).addedNodes());
  }

  @Test
  void aDialOfNobodySaysNothingAndConnectsNobody() throws Exception {
    assertDone(call(node, RpcRequest.tryNode(NOWHERE)).getFirst());
    assertEquals(List.of(), info(node).peers());
  }

  @Test
  void aConnectionIsClosedByItsNumberAndThenGone() throws Exception {
    call(node, RpcRequest.tryNode(narrow.address()));
    await("a connection", () -> info(node).peers().size() == 1);
    var id = info(node).peers().getFirst().id();
    assertFailure(
        RpcReply.NODE_NOT_CONNECTED, call(node, RpcRequest.disconnectNode(id + 7)).getFirst());
    assertDone(call(node, RpcRequest.disconnectNode(id)).getFirst());
    await("it is gone on both sides", () -> info(node).peers().isEmpty());
    await("it is gone on the other side", () -> info(narrow).peers().isEmpty());
    assertFailure(
        RpcReply.NODE_NOT_CONNECTED, call(node, RpcRequest.disconnectNode(id)).getFirst());
  }

  @Test
  void aRemovedEntryKeepsItsConnection() throws Exception {
    // the other way round bitcoind itself may dial the new entry as well
    call(node, RpcRequest.tryNode(narrow.address()));
    await("a connection", () -> info(node).peers().stream().anyMatch(p -> p.version() > 0));
    assertDone(call(node, RpcRequest.addNode(narrow.address())).getFirst());
    assertDone(call(node, RpcRequest.removeNode(narrow.address())).getFirst());
    assertEquals(List.of(), info(node).addedNodes());
    assertEquals(1, info(node).peers().size());
  }

  @Test
  void aFrozenPeerShowsAsConnectedWithoutAVersion() throws Exception {
    narrow.freeze();
    try {
      call(node, RpcRequest.tryNode(narrow.address()));
      await("a connection", () -> info(node).peers().size() == 1);
      assertEquals(0, info(node).peers().getFirst().version());
    } finally {
      narrow.thaw();
    }
    awaitAnswers(narrow);
  }

  @Test
  void heightAndBestBlockFollowTheChain() throws Exception {
    var before = info(narrow);
    assertTrue(before.bestBlockHash().matches("[0-9a-f]{64}"), before.bestBlockHash());
    var mine =
        new RpcRequest(
            "generatetoaddress",
            List.of(IntNode.valueOf(3), TextNode.valueOf(MINER)),
            ResultReader::done);
    assertDone(call(narrow, mine).getFirst());
    var after = info(narrow);
    assertEquals(before.height() + 3, after.height());
    assertTrue(after.bestBlockHash().matches("[0-9a-f]{64}"), after.bestBlockHash());
    assertNotEquals(before.bestBlockHash(), after.bestBlockHash());
  }

  @Test
  void anUnknownMethodIsAFailureAndNotABusyServer() throws Exception {
    var replies =
        call(
            node,
            new RpcRequest("gibtesnicht", List.of(), ResultReader::done),
            RpcRequest.getPeerInfo());
    assertFailure(-32601, replies.get(0));
    assertInstanceOf(Result.class, replies.get(1));
  }

  @Test
  void aParameterOfTheWrongTypeIsAFailure() throws Exception {
    var request =
        new RpcRequest(
            "addnode", List.of(IntNode.valueOf(1), TextNode.valueOf("add")), ResultReader::done);
    assertFailure(-3, call(node, request).getFirst());
  }

  /** The controller sends batches; one call alone shows what the versions of JSON-RPC do. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"method\":\"getpeerinfo\",\"id\":1}                        | 200 | error,id,result | 0",
        "{\"method\":\"gibtesnicht\",\"id\":1}                        | 404 | error,id,result | -32601",
        "{\"method\":\"addnode\",\"id\":1}                            | 500 | error,id,result | -1",
        "no JSON                                                    | 500 | error,id,result | -32700",
        "{\"jsonrpc\":\"2.0\",\"method\":\"getpeerinfo\",\"id\":1} | 200 | id,jsonrpc,result | 0",
        "{\"jsonrpc\":\"2.0\",\"method\":\"gibtesnicht\",\"id\":1} | 200 | error,id,jsonrpc | -32601",
        "{\"jsonrpc\":\"2.0\",\"method\":\"addnode\",\"id\":1}     | 200 | error,id,jsonrpc | -1"
      })
  void aCallAloneHasTheStatusAndTheMembersOfItsVersion(
      String body, int status, String members, int code) throws Exception {
    var request =
        HttpRequest.newBuilder(BitcoindClient.server(node.address()))
            .header("Authorization", USER.basic())
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (var http = HttpClient.newHttpClient()) {
      var response = http.send(request, HttpResponse.BodyHandlers.ofString());
      var reply = new JsonMapper().readTree(response.body());
      var names = new TreeSet<String>();
      reply.fieldNames().forEachRemaining(names::add);
      assertEquals(status, response.statusCode());
      assertEquals(members, String.join(",", names));
      assertEquals(code, reply.path("error").path("code").asInt());
    }
  }

  @Test
  void aWrongPasswordOrUserIsUnauthorizedAndTakesAQuarterOfASecond() throws Exception {
    var began = System.nanoTime();
    for (var wrong : List.of(new Credentials("user", "gehein"), new Credentials("", "geheim"))) {
      assertEquals(new Answer.Unauthorized(), answer(node, wrong, RpcRequest.getPeerInfo()));
    }
    var took = Duration.ofNanos(System.nanoTime() - began);
    assertTrue(took.compareTo(Duration.ofMillis(450)) > 0, "refused in " + took);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pa$$word", "two words ", "pässwörd→🔑"})
  void anRpcAuthLineLetsItsOwnPasswordInAndNoOther(String password) throws Exception {
    var right = odd(password);
    assertInstanceOf(Answer.Replies.class, answer(node, right, RpcRequest.getPeerInfo()));
    var wrong = new Credentials(right.user(), password.strip() + "?");
    assertEquals(new Answer.Unauthorized(), answer(node, wrong, RpcRequest.getPeerInfo()));
  }

  @Test
  void oneCallThatAUserMayNotMakeForbidsTheBatch() throws Exception {
    assertInstanceOf(Answer.Replies.class, answer(node, LIMITED, RpcRequest.getPeerInfo()));
    assertEquals(
        new Answer.Forbidden(),
        answer(node, LIMITED, RpcRequest.getPeerInfo(), RpcRequest.addNode(NOWHERE)));
    assertEquals(List.of(), info(node).addedNodes());
  }

  @Test
  void whatTheQueueCannotHoldFindsTheServerBusy() throws Exception {
    var wait = new RpcRequest("waitfornewblock", List.of(IntNode.valueOf(400)), ResultReader::done);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Future<Answer>>();
      for (var i = 0; i < 8; i++) {
        calls.add(threads.submit(() -> answer(narrow, USER, wait)));
      }
      var kinds = new HashSet<String>();
      for (var call : calls) {
        kinds.add(call.get() instanceof Answer.Busy busy ? "" + busy.status() : "answered");
      }
      assertEquals(Set.of("503", "answered"), kinds);
    }
  }

  @Test
  void twoHundredCallsSideBySideAreEachAnsweredWithTheirOwn() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Future<List<RpcReply>>>();
      for (var i = 0; i < MANY; i++) {
        var request = RpcRequest.addNode("127.0.1." + i);
        calls.add(threads.submit(() -> call(node, request, RpcRequest.getBlockchainInfo())));
      }
      for (var call : calls) {
        assertDone(call.get().getFirst());
      }
    }
    assertEquals(MANY, info(node).addedNodes().stream().distinct().count());
  }

  @Test
  void aFrozenNodeCostsItsDeadlineAndNoMore() throws Exception {
    narrow.freeze();
    try {
      var began = System.nanoTime();
      var server = BitcoindClient.server(narrow.address());
      assertThrows(
          HttpTimeoutException.class,
          () -> client.call(server, USER, NodeInfo.REQUESTS, Duration.ofMillis(300), () -> true));
      var took = Duration.ofNanos(System.nanoTime() - began);
      assertTrue(took.compareTo(Duration.ofSeconds(20)) < 0, "it took " + took);
    } finally {
      narrow.thaw();
    }
    // what came while it was frozen is in its queue still
    await(
        "it is no longer busy",
        () ->
            !(answer(narrow, USER, NodeInfo.REQUESTS.toArray(RpcRequest[]::new))
                instanceof Answer.Busy));
    awaitAnswers(narrow);
  }

  @Test
  void aRestartedNodeHasForgottenItsListAndItsConnections() throws Exception {
    call(narrow, RpcRequest.addNode(NOWHERE), RpcRequest.tryNode(node.address()));
    await("a connection", () -> info(narrow).peers().size() == 1);
    narrow.restart();
    awaitAnswers(narrow);
    assertEquals(List.of(), info(narrow).addedNodes());
    assertEquals(List.of(), info(narrow).peers());
  }
}
