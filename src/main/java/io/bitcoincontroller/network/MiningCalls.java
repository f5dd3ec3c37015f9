package io.bitcoincontroller.network;

import io.bitcoincontroller.api.MiningStatus;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.blocks.Block;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.nodes.Nodes;
import io.bitcoincontroller.nodes.Proposal;
import io.bitcoincontroller.plan.Note;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The calls of {@link Miner} in one pass: to the pods that the pass saw, and to the API server.
 *
 * @param permit given up while a node is waited for
 */
record MiningCalls(
    Meta network,
    Map<Integer, Pod> pods,
    Credentials credentials,
    Permit permit,
    Nodes nodes,
    EventWriter events,
    MiningWriter writer)
    implements Miner.Calls {
  @FunctionalInterface
  private interface Question<T> {
    T ask(Pod pod) throws IOException, InterruptedException;
  }

  @Override
  public Map<String, Boolean> find(int node, List<String> hashes)
      throws IOException, InterruptedException {
    return waiting(node, pod -> nodes.find(pod, hashes, credentials));
  }

  @Override
  public Proposal template(int node) throws IOException, InterruptedException {
    var given = new ArrayList<Proposal>();
    try {
      return waiting(
          node,
          pod -> {
            given.add(nodes.template(pod, credentials));
            return given.getFirst();
          });
    } catch (InterruptedException e) {
      given.forEach(each -> each.giveBack().run()); // the pass ends, and never gets it
      throw e;
    }
  }

  @Override
  public List<String> submit(int node, List<Block> blocks)
      throws IOException, InterruptedException {
    return waiting(node, pod -> nodes.submit(pod, blocks, credentials));
  }

  private <T> T waiting(int node, Question<T> question) throws IOException, InterruptedException {
    var pod =
        Optional.ofNullable(pods.get(node)).orElseThrow(() -> new IOException("it has no pod"));
    var answers = new ArrayList<T>();
    var failures = new ArrayList<IOException>();
    permit.giveUpFor(
        () -> {
          try {
            answers.add(question.ask(pod));
          } catch (IOException e) {
            failures.add(e);
          }
        });
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
    return answers.getFirst();
  }

  @Override
  public void tell(Note news) throws InterruptedException {
    events.write(network, news);
  }

  @Override
  public Optional<String> record(String version, MiningStatus status)
      throws IOException, InterruptedException {
    return writer.write(network, version, status);
  }
}
