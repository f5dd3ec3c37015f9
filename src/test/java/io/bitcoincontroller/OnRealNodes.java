package io.bitcoincontroller;

import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.local.user.Graph;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.mesh.Wiring;
import java.io.IOException;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;

/** Tests on a {@link Stage} that ask the nodes themselves how they are linked. */
abstract class OnRealNodes extends OnStage {
  /** Somebody's; nobody spends here. */
  static final String ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";

  /** Of which no block is one of the other miner's. */
  static final String OTHER_MINER = "raw(51)#8lvh9jxk";

  /** Of manifests/secret.yaml. */
  static final Credentials CREDENTIALS = new Credentials("user", "password");

  final BitcoindClient client = new BitcoindClient((_, _) -> {});

  @AfterAll
  void closeClient() {
    client.close();
  }

  Graph graph(Network of) throws IOException, InterruptedException {
    return Graph.read(of.pods(), client, CREDENTIALS);
  }

  /** A node may be too busy to answer once. */
  Graph awaitAnswers(Network of) throws InterruptedException {
    var read = new ArrayList<Graph>();
    stage.await(
        "all nodes answer",
        () -> {
          read.add(graph(of));
          return new Seen.Good("");
        });
    return read.getLast();
  }

  void awaitGraph(Network network, Wiring wiring) throws InterruptedException {
    stage.await("the graph is as declared", () -> graph(network).complete(wiring));
  }

  /** Meshed is True, and its message has this. */
  void awaitMeshed(Network network, String words) throws InterruptedException {
    stage.await(
        "Meshed: " + words,
        () -> {
          var meshed = network.condition("Meshed");
          return meshed.path("status").asText().equals("True")
                  && meshed.path("message").asText().contains(words)
              ? new Seen.Good("")
              : new Seen.NotYet(words, meshed.toString());
        });
  }
}
