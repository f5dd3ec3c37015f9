package io.bitcoincontroller.sim.world;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.bitcoind.Answer;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.bitcoind.NotWantedException;
import io.bitcoincontroller.bitcoind.RpcRequest;
import io.bitcoincontroller.bitcoind.RpcSender;
import io.bitcoincontroller.bitcoind.SimulatedAnswers;
import io.bitcoincontroller.sim.world.Weather.Trouble;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The way of one controller to the nodes, and back. */
public final class RpcWire implements RpcSender {
  /** Hears of each batch just before it goes out. */
  @FunctionalInterface
  public interface Listener {
    void sent(String ip, List<RpcRequest> requests);
  }

  private final World world;
  private final Listener listener;
  private final SimulatedAnswers answers = new SimulatedAnswers();

  public RpcWire(World world, Listener listener) {
    this.world = world;
    this.listener = listener;
  }

  @Override
  public Answer call(
      URI server,
      Credentials credentials,
      List<RpcRequest> requests,
      Duration deadline,
      BooleanSupplier wanted)
      throws IOException, InterruptedException {
    var ip = server.getHost();
    var end = world.nanos() + deadline.toNanos();
    if (!wanted.getAsBoolean()) {
      throw new NotWantedException();
    }
    travel(end);
    if (!wanted.getAsBoolean()) {
      throw new NotWantedException();
    }
    listener.sent(ip, requests);
    if (strikes(Trouble.CALLS_LOST)) {
      throw new IOException("connection reset");
    }
    var node = world.nodes.at(ip).orElseThrow(() -> new ConnectException("refused"));
    if (node.frozen) {
      Thread.sleep(Duration.ofNanos(Math.max(0, end - world.nanos())));
      throw new HttpTimeoutException("no answer in time from " + ip);
    }
    var answer = answer(node, credentials, requests);
    travel(end);
    if (strikes(Trouble.CALLS_UNANSWERED)) {
      throw new IOException("connection reset");
    }
    return answer;
  }

  private boolean strikes(Trouble trouble) {
    return world.weather.is(trouble) && world.once(3);
  }

  private void travel(long end) throws IOException, InterruptedException {
    var takes = strikes(Trouble.CALLS_SLOW) ? world.millis(300, 8000) : world.millis(1, 5);
    var left = end - world.nanos();
    Thread.sleep(Duration.ofNanos(Math.max(0, Math.min(takes, left))));
    if (takes >= left) {
      throw new HttpTimeoutException("no answer in time");
    }
  }

  private Answer answer(Bitcoind node, Credentials credentials, List<RpcRequest> requests)
      throws IOException {
    if (!answers.fits(credentials, node.networkUid, node.auth)) {
      return new Answer.Unauthorized();
    }
    if (strikes(Trouble.CALLS_BUSY)) {
      return answers.read(503, requests, "<html>Work queue depth exceeded</html>");
    }
    if (strikes(Trouble.CALLS_NONSENSE)) {
      return answers.read(200, requests, "[{\"result\": {\"blocks\": -1}, \"id\": 7}]");
    }
    return answers.replies(requests, (ObjectNode call) -> node.answer(call));
  }
}
