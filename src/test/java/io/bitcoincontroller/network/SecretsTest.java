package io.bitcoincontroller.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
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
    var trouble = assertInstanceOf(SecretState.Trouble.class, secrets.read(NEW));
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
}
