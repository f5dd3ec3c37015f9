package io.bitcoincontroller.bitcoind;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.bitcoincontroller.timing.Deadlines;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Calls bitcoind's RPC server: the only class that speaks HTTP to nodes. Safe for many threads. */
public final class BitcoindClient implements AutoCloseable {
  /** RPC port that the controller gives its nodes; regtest's own default. */
  public static final int RPC_PORT = 18443;

  /** getpeerinfo with 125 connections is about 150 kB. */
  private static final int LARGEST_BODY = 4 * 1024 * 1024;

  /** Of all networks together: each has a connection, and some memory for its answer. */
  private static final int CALLS_AT_A_TIME = 250;

  private static final JsonMapper JSON = new JsonMapper();

  /** Hears of every batch that was sent. */
  @FunctionalInterface
  public interface Listener {
    /**
     * The answer is here, or won't come.
     *
     * @param code HTTP status; 0: the wire failed
     */
    void answered(int code, Duration took);
  }

  private final Listener listener;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .proxy(HttpClient.Builder.NO_PROXY)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .sslContext(withoutRoots())
          .build();

  private final Deadlines deadlines = new Deadlines("rpc-deadlines");
  private final Semaphore room = new Semaphore(CALLS_AT_A_TIME, true);

  public BitcoindClient(Listener listener) {
    this.listener = listener;
  }

  public BitcoindClient() {
    this((_, _) -> {});
  }

  /**
   * Nodes are called without TLS. The default context would read all of the JDK's CA certificates,
   * a tenth of the time that this process takes to start, and keep them.
   */
  private static SSLContext withoutRoots() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[0], new TrustManager[0], null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS", e);
    }
  }

  /**
   * Where a node's RPC server is.
   *
   * @param ip of the pod; an IPv6 address gets its brackets here
   */
  public static URI server(String ip) {
    return URI.create("http://" + (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + RPC_PORT + "/");
  }

  /**
   * Sends requests in one batch; bitcoind carries them out one after the other. At most 250 batches
   * are on their way at a time; others wait for their turn, which comes, since each ends by its
   * deadline.
   *
   * @param deadline for all of it, from connecting to the last byte; it begins with the turn
   * @throws IOException if the wire failed, the deadline passed (HttpTimeoutException), or the
   *     answer is no JSON-RPC; the message never has the credentials
   */
  public Answer call(
      URI server, Credentials credentials, List<RpcRequest> requests, Duration deadline)
      throws IOException, InterruptedException {
    return call(server, credentials, requests, deadline, () -> true);
  }

  /**
   * As {@link #call(URI, Credentials, List, Duration)}, if that is still wanted.
   *
   * @param wanted asked when the connection is there, just before the calls go out: the process may
   *     have been frozen since it decided on them; if they are not wanted, an IOException
   */
  public Answer call(
      URI server,
      Credentials credentials,
      List<RpcRequest> requests,
      Duration deadline,
      BooleanSupplier wanted)
      throws IOException, InterruptedException {
    room.acquire();
    try {
      var body = new LateCheck(BodyPublishers.ofString(batch(requests)), wanted);
      return send(server, credentials, body, requests.size(), deadline);
    } finally {
      room.release();
    }
  }

  private Answer send(
      URI server, Credentials credentials, BodyPublisher requests, int expected, Duration deadline)
      throws IOException, InterruptedException {
    var begin = Ticker.SYSTEM.nanos();
    var request =
        HttpRequest.newBuilder(server)
            .timeout(deadline)
            .header("Authorization", credentials.basic())
            .header("Content-Type", "application/json")
            .POST(requests)
            .build();
    var code = 0;
    try {
      var response = http.send(request, BodyHandlers.ofInputStream());
      var body =
          deadlines.readWhole(response.body(), server, begin + deadline.toNanos(), LARGEST_BODY);
      code = response.statusCode();
      return switch (code) {
        case 401 -> new Answer.Unauthorized();
        case 403 -> new Answer.Forbidden();
        default -> replies(code, tree(body), expected, server);
      };
    } finally {
      listener.answered(code, Duration.ofNanos(Ticker.SYSTEM.nanos() - begin));
    }
  }

  private static String batch(List<RpcRequest> requests) {
    var calls = JsonNodeFactory.instance.arrayNode();
    for (var id = 0; id < requests.size(); id++) {
      calls.add(requests.get(id).json(id));
    }
    return calls.toString();
  }

  /** What is not JSON becomes a missing node: 503 comes as HTML, and 401 with nothing at all. */
  private static JsonNode tree(byte[] body) throws IOException {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  /** Judged by the body: errors come with 500, 404 or 200, by version and by call. */
  private static Answer replies(int status, JsonNode body, int expected, URI server)
      throws IOException {
    if (body.isArray()) {
      return new Answer.Replies(members(body, expected, server));
    }
    if (body.isObject()) {
      return new Answer.Replies(Collections.nCopies(expected, failure(body, server)));
    }
    if (status < 500) {
      throw new IOException(server + " answered HTTP " + status + " without JSON: not a bitcoind?");
    }
    return new Answer.Busy(status);
  }

  /** Members may come in any order (JSON-RPC 2.0, section 6), but each must come once. */
  private static List<RpcReply> members(JsonNode body, int expected, URI server)
      throws IOException {
    var byId = new TreeMap<Integer, RpcReply>();
    for (var member : body) {
      var id = member.path("id");
      if (id.isInt() && id.intValue() >= 0 && id.intValue() < expected) {
        byId.put(id.intValue(), reply(member, server));
      }
    }
    if (byId.size() != expected || body.size() != expected) {
      throw new IOException(server + " did not answer each call of the batch once");
    }
    return List.copyOf(byId.values());
  }

  /** One object where a batch was sent can only be an error of the batch as a whole. */
  private static RpcReply failure(JsonNode body, URI server) throws IOException {
    return switch (reply(body, server)) {
      case RpcReply.Failure failure -> failure;
      case RpcReply.Result _ -> throw new IOException(server + " answered a batch with one result");
    };
  }

  private static RpcReply reply(JsonNode reply, URI server) throws IOException {
    var error = reply.path("error");
    if (error.path("code").isInt()) {
      return new RpcReply.Failure(error.path("code").intValue(), error.path("message").asText());
    }
    var noError = error.isNull() || error.isMissingNode();
    if (!noError || !reply.has("result")) {
      throw new IOException(server + " answered with neither result nor error: not a bitcoind?");
    }
    return new RpcReply.Result(reply.path("result"));
  }

  /** Ends every call in hand, at once. */
  @Override
  public void close() {
    http.shutdownNow();
    deadlines.close();
  }
}
