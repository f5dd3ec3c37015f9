package io.bitcoincontroller.local.doubles;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The settings of a node's RPC server.
 *
 * @param rpcAuth lines of {@code -rpcauth}, one for each user
 * @param whitelist the methods that a user may call; a user who is not named may call all
 * @param threads that work on requests
 * @param queue requests that may wait for a thread; one more is refused with 503
 * @param workTime a request keeps its thread for so long; for doubles only
 */
public record RpcServerOptions(
    List<String> rpcAuth,
    Map<String, List<String>> whitelist,
    int threads,
    int queue,
    Duration workTime) {
  public RpcServerOptions {
    rpcAuth = List.copyOf(rpcAuth);
    whitelist = Map.copyOf(whitelist);
  }

  /** With ample threads and queue. */
  public static RpcServerOptions of(String... rpcAuth) {
    return new RpcServerOptions(List.of(rpcAuth), Map.of(), 4, 500, Duration.ZERO);
  }

  public RpcServerOptions withWorkTime(Duration other) {
    return new RpcServerOptions(rpcAuth, whitelist, threads, queue, other);
  }

  /** As bitcoind takes them. */
  public List<String> arguments() {
    var arguments = new ArrayList<String>();
    rpcAuth.forEach(line -> arguments.add("-rpcauth=" + line));
    whitelist.forEach(
        (user, methods) ->
            arguments.add("-rpcwhitelist=" + user + ":" + String.join(",", methods)));
    arguments.add("-rpcwhitelistdefault=0");
    arguments.add("-rpcthreads=" + threads);
    arguments.add("-rpcworkqueue=" + queue);
    return List.copyOf(arguments);
  }
}
