package io.bitcoincontroller.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.plan.SecretState;
import io.bitcoincontroller.plan.Trouble;
import io.bitcoincontroller.plan.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The requests by which a network comes to its credentials. */
class SecretsTest {
  private static final BitcoinNetwork NEW = World.network("nodes: 3");

  private final List<ApiRequest> sent = new ArrayList<>();
  private final Deque<Reply> answers = new ArrayDeque<>();
  private long now;
  private boolean away;
  private final Secrets secrets =
      new Secrets(
          (request, _) -> {
            sent.add(request);
            if (away) {
              throw new IOException("away");
            }
            return answers.remove();
          },
          () -> now);

  private static Reply code(int code) {
    return new Reply.Failure(code, "", "", List.of(), Optional.empty());
  }

  private static Reply secret(String owner, String password) throws Exception {
    return new Reply.Success(
        200,
        Json.MAPPER.readTree(
            """
            {"metadata": {"name": "net-rpc", "namespace": "default", "ownerReferences":
              [{"kind": "BitcoinNetwork", "name": "net", "uid": "%s", "controller": true}]},
             "data": {"BC_RPC_USER": "%s", "BC_RPC_PASSWORD": "%s"}}
            """
                .formatted(owner, base64("user"), base64(password))));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private Credentials toBeMade(BitcoinNetwork network) throws Exception {
    return assertInstanceOf(SecretState.ToBeMade.class, secrets.read(network)).credentials();
  }

  private String methods() {
    return String.join(" ", sent.stream().map(ApiRequest::method).toList());
  }

  private Trouble unavailable(BitcoinNetwork network) throws Exception {
    return assertInstanceOf(SecretState.Unavailable.class, secrets.read(network)).why();
  }

  @Test
  void aNewNetworksSecretIsMadeWithoutBeingLookedFor() throws Exception {
    answers.add(new Reply.Success(201, MissingNode.getInstance()));
    var credentials = toBeMade(NEW);
    assertEquals(Optional.empty(), secrets.make(NEW, credentials));
    assertEquals(new SecretState.Usable(credentials), secrets.read(NEW));
    assertEquals("POST", methods());
  }

  @Test
  void oneThatIsThereAlreadyIsReadNext() throws Exception {
    answers.add(code(409));
    answers.add(secret(NEW.metadata().uid(), "from before"));
    assertTrue(secrets.make(NEW, toBeMade(NEW)).orElseThrow().mayPass());
    var used = new SecretState.Usable(new Credentials("user", "from before"));
    assertEquals(used, secrets.read(NEW));
    assertEquals("POST GET", methods());
  }

  @Test
  void oneThatIsThereAlreadyAndSomebodyElsesIsInTheWay() throws Exception {
    answers.add(code(409));
    answers.add(secret("another", "theirs"));
    assertTrue(secrets.make(NEW, toBeMade(NEW)).isPresent());
    var trouble = unavailable(NEW);
    assertFalse(trouble.message().contains("theirs"));
  }

  @Test
  void whatWasLostIsLookedForBeforeItIsMadeAgain() throws Exception {
    answers.add(code(404));
    var seen = Json.MAPPER.createObjectNode().put("observedGeneration", 1);
    toBeMade(new BitcoinNetwork(NEW.metadata(), NEW.spec(), seen));
    assertEquals("GET", methods());
  }

  @Test
  void whatIsKnownIsReadAgainAfterFiveMinutes() throws Exception {
    answers.add(new Reply.Success(201, MissingNode.getInstance()));
    assertEquals(Optional.empty(), secrets.make(NEW, toBeMade(NEW)));
    now += Duration.ofMinutes(5).toNanos() - 1;
    secrets.read(NEW);
    assertEquals("POST", methods());
    now++;
    answers.add(secret(NEW.metadata().uid(), "changed"));
    assertEquals(new SecretState.Usable(new Credentials("user", "changed")), secrets.read(NEW));
    assertEquals("POST GET", methods());
  }

  @Test
  void anAnswerThatWasLostIsReadNext() throws Exception {
    away = true;
    assertTrue(secrets.make(NEW, toBeMade(NEW)).orElseThrow().mayPass());
    away = false;
    answers.add(secret(NEW.metadata().uid(), "made"));
    assertEquals(new SecretState.Usable(new Credentials("user", "made")), secrets.read(NEW));
    assertEquals("POST GET", methods());
  }

  @Test
  void whileTheApiServerIsAwayItIsAskedEveryHalfMinuteEvenIfNodesRefuse() throws Exception {
    answers.add(new Reply.Success(201, MissingNode.getInstance()));
    var credentials = toBeMade(NEW);
    assertEquals(Optional.empty(), secrets.make(NEW, credentials));
    away = true;
    now += Duration.ofMinutes(5).toNanos();
    for (var pass = 0; pass < 30; pass++) {
      secrets.doubt();
      assertEquals(new SecretState.Usable(credentials), secrets.read(NEW));
      now += Duration.ofSeconds(1).toNanos();
    }
    assertEquals("POST GET", methods());
    secrets.read(NEW);
    assertEquals("POST GET GET", methods());
  }

  private static final BitcoinNetwork NAMED = World.network("nodes: 3, secret: mine");
  private static final Credentials KNOWN = new Credentials("user", "known");

  /** The same network after a change of its spec. */
  private static BitcoinNetwork later(BitcoinNetwork network, int changes) throws Exception {
    var metadata = Json.MAPPER.valueToTree(network.metadata());
    ((ObjectNode) metadata).put("generation", network.metadata().generation() + changes);
    return new BitcoinNetwork(Json.convert(metadata, Meta.class), network.spec(), network.status());
  }

  private void know(BitcoinNetwork network) throws Exception {
    answers.add(secret(network.metadata().uid(), KNOWN.password()));
    secrets.read(network.status().isEmpty() ? later(network, -1) : network);
    sent.clear();
  }

  private static Reply holding(String data) throws Exception {
    return new Reply.Success(200, Json.MAPPER.readTree("{\"data\": " + data + "}"));
  }

  @Test
  void whateverBecomesOfASecretWhatIsKnownGoesOnAndTheTroubleIsTold() throws Exception {
    var setbacks =
        Map.of(
            code(404), "SecretMissing",
            code(403), "SecretForbidden",
            code(500), "SecretUnreadable",
            code(429), "SecretUnreadable",
            holding("{}"), "SecretIncomplete",
            holding("{\"BC_RPC_USER\": \"dXNlcg==\"}"), "SecretIncomplete",
            holding("{\"BC_RPC_USER\": \"%%\", \"BC_RPC_PASSWORD\": \"/w==\"}"), "SecretUnusable",
            holding("{\"BC_RPC_USER\": \"Og==\", \"BC_RPC_PASSWORD\": \"YQ==\"}"),
                "SecretUnusable");
    know(NAMED);
    for (var setback : setbacks.entrySet()) {
      now += Duration.ofMinutes(5).toNanos();
      answers.add(setback.getKey());
      var state = assertInstanceOf(SecretState.Remembered.class, secrets.read(NAMED));
      assertEquals(KNOWN, state.credentials());
      assertEquals(setback.getValue(), state.why().reason());
      assertEquals(Optional.of(KNOWN), secrets.inUse());
      now += Duration.ofSeconds(30).toNanos() - 1;
      assertEquals(state, secrets.read(NAMED)); // not asked yet
      now++;
      answers.add(secret("", KNOWN.password()));
      assertEquals(new SecretState.Usable(KNOWN), secrets.read(NAMED));
    }
  }

  @Test
  void aChangeOfTheSpecHasTheSecretReadAtOnceAgain() throws Exception {
    know(NAMED);
    answers.add(code(403));
    assertInstanceOf(SecretState.Remembered.class, secrets.read(later(NAMED, 1)));
    answers.add(secret("", "new"));
    assertEquals(
        new SecretState.Usable(new Credentials("user", "new")), secrets.read(later(NAMED, 2)));
  }

  @Test
  void theGeneratedOneIsMadeAgainWithWhatTheNodesHave() throws Exception {
    answers.add(new Reply.Success(201, MissingNode.getInstance()));
    var credentials = toBeMade(NEW);
    assertEquals(Optional.empty(), secrets.make(NEW, credentials));
    answers.add(code(404));
    var again = later(NEW, 1);
    assertEquals(credentials, toBeMade(again));
    answers.add(code(403));
    assertTrue(secrets.make(again, credentials).isPresent());
    assertEquals(Optional.of(credentials), secrets.inUse());
  }

  @Test
  void anotherSecretThatCantBeReadIsATroubleWhileTheNodesAreStillTalkedTo() throws Exception {
    know(NAMED);
    answers.add(code(404));
    var other = World.network("nodes: 3, secret: other");
    unavailable(other);
    assertEquals(Optional.of(KNOWN), secrets.inUse());
    answers.add(secret("", "new"));
    var used = new Credentials("user", "new");
    assertEquals(new SecretState.Usable(used), secrets.read(other));
    assertEquals(Optional.of(used), secrets.inUse());
  }

  @Test
  void whereNothingIsKnownAPassingFailureIsNoTroubleButTriedAgain() throws Exception {
    answers.add(code(500));
    assertThrows(IOException.class, () -> secrets.read(NAMED));
    answers.add(code(403));
    unavailable(NAMED);
    assertEquals(Optional.empty(), secrets.inUse());
  }

  @Test
  void whereItMayNotBeMadeThatIsTriedEveryHalfMinute() throws Exception {
    var credentials = toBeMade(NEW);
    answers.add(code(403));
    var why = secrets.make(NEW, credentials).orElseThrow();
    for (var pass = 0; pass < 30; pass++) {
      var trouble = unavailable(NEW);
      assertEquals(why.message(), trouble.message());
      now += Duration.ofSeconds(1).toNanos();
    }
    assertEquals("POST", methods());
    var made = toBeMade(NEW);
    answers.add(new Reply.Success(201, MissingNode.getInstance()));
    assertEquals(Optional.empty(), secrets.make(NEW, made));
    assertEquals(new SecretState.Usable(made), secrets.read(NEW));
  }

  @Test
  void whereItMayNotBeMadeAgainTheNodesAreTalkedToAndThatIsTriedEveryHalfMinute() throws Exception {
    answers.add(new Reply.Success(201, MissingNode.getInstance()));
    var credentials = toBeMade(NEW);
    assertEquals(Optional.empty(), secrets.make(NEW, credentials));
    var again = later(NEW, 1);
    answers.add(code(404));
    toBeMade(again);
    answers.add(code(403));
    var why = secrets.make(again, credentials).orElseThrow();
    for (var pass = 0; pass < 30; pass++) {
      var state = new SecretState.Remembered(credentials, why);
      assertEquals(state, secrets.read(again));
      now += Duration.ofSeconds(1).toNanos();
    }
    assertEquals("POST GET POST", methods());
    answers.add(code(404));
    assertEquals(credentials, toBeMade(again));
  }

  @Test
  void anotherSecretThatDoesNotAnswerLeavesTheNodesLookedAfter() throws Exception {
    know(NAMED);
    var other = World.network("nodes: 3, secret: other");
    away = true;
    for (var pass = 0; pass < 30; pass++) {
      var trouble = unavailable(other);
      assertEquals("SecretUnreadable", trouble.reason());
      now += Duration.ofSeconds(1).toNanos();
    }
    assertEquals("GET", methods());
    away = false;
    answers.add(code(500));
    unavailable(other);
    assertEquals(Optional.of(KNOWN), secrets.inUse());
    now += Duration.ofSeconds(30).toNanos();
    answers.add(secret("", "new"));
    assertEquals(new SecretState.Usable(new Credentials("user", "new")), secrets.read(other));
  }
}
