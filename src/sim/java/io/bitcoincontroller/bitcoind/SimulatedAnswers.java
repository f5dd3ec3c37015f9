package io.bitcoincontroller.bitcoind;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What a simulated node says, read by the reader that reads real nodes. */
public final class SimulatedAnswers {
  private final AnswerMemory memory = new AnswerMemory(10_000_000);

  /** The lines of -rpcauth that were computed already: a hash each. */
  private final Map<String, String> lines = new HashMap<>();

  /** Whether these credentials fit a node's {@code -rpcauth}. */
  public boolean fits(Credentials credentials, String saltSource, String line) {
    var key = credentials.user() + ":" + credentials.password() + "@" + saltSource;
    return lines.computeIfAbsent(key, _ -> RpcAuth.line(credentials, saltSource)).equals(line);
  }

  /**
   * The answer to a batch.
   *
   * @param node gives the answer to one call
   */
  public Answer replies(List<RpcRequest> requests, Function<ObjectNode, ObjectNode> node)
      throws IOException {
    var batch = JsonNodeFactory.instance.arrayNode();
    for (var id = 0; id < requests.size(); id++) {
      batch.add(node.apply((ObjectNode) requests.get(id).json(id)));
    }
    return read(200, requests, batch.toString());
  }

  /** Anything that a server may send. */
  public Answer read(int status, List<RpcRequest> requests, String body) throws IOException {
    try {
      var bytes = new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8));
      return new AnswerReader(requests, memory).read(status, bytes);
    } catch (BadAnswer e) {
      throw new IOException("it answers what no bitcoind would: " + e.getMessage());
    }
  }
}
