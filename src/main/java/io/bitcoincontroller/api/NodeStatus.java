package io.bitcoincontroller.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;

/**
 * One entry of {@code status.nodes}.
 *
 * @param ip empty while there is no pod
 * @param nodeName the pod's name
 * @param dnsName {@code <pod>.<service>}
 * @param answer what bitcoind said of itself; empty while it does not answer
 */
public record NodeStatus(
    int ordinal,
    boolean ready,
    String ip,
    String nodeName,
    String dnsName,
    Optional<Answer> answer,
    boolean meshed) {
  /**
   * Values that change all the time.
   *
   * @param height blocks in the best chain
   * @param peers live connections, in either direction
   */
  public record Answer(long height, String bestBlockHash, int peers) {}

  JsonNode json() {
    var node =
        JsonNodeFactory.instance
            .objectNode()
            .put("ordinal", ordinal)
            .put("ready", ready)
            .put("ip", ip)
            .put("nodeName", nodeName)
            .put("dnsName", dnsName);
    answer.ifPresent(
        said ->
            node.put("height", said.height())
                .put("bestBlockHash", said.bestBlockHash())
                .put("peers", said.peers()));
    return node.put("meshed", meshed);
  }
}
