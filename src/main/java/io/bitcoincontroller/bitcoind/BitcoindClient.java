package io.bitcoincontroller.bitcoind;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.bitcoincontroller.timing.Deadlines;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Calls bitcoind's RPC server: the only class that speaks HTTP to nodes. Safe for many threads. */
public final class BitcoindClient implements RpcSender, AutoCloseable {
  /** RPC port that the controller gives its nodes; regtest's own default. */
  public static final int RPC_PORT = 18443;

  /** For which a call keeps its place, if others wait. */
  public static final Duration PROMPT = CallPlaces.PROMPT;

  /** A packet that was lost is sent again after one; who takes none is not there. */
  private static final Duration CONNECT = Duration.ofSeconds(2);

  /** Of the heap, for all answers that are held. */
  private static final int PART_FOR_ANSWERS = 6;

  /** Hears of every batch that was sent. */
  @FunctionalInterface
  public interface Listener {
    /**
     * The answer is here, or won't come.
     *
     * @param code HTTP status; 0: the wire failed
     */
    void answered(int code, Duration took);

    /**
     * Of a batch whose calls went out: the calls.
     *
     * @param answer empty if none came that can be used
     */
    default void called(List<RpcRequest> requests, Optional<Answer> answer) {}
  }

  private final Listener listener;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT)
          .proxy(HttpClient.Builder.NO_PROXY)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .sslContext(withoutRoots())
          .build();

  private final Deadlines deadlines = new Deadlines("rpc-deadlines");
  private final CallPlaces places =
      CallPlaces.whole(Runtime.getRuntime().maxMemory() / PART_FOR_ANSWERS);

  /** By namespace, as long as somebody calls its nodes. */
  private final Map<String, WeakReference<CallPlaces>> parts = new HashMap<>();

  public BitcoindClient(Listener listener) {
    this.listener = listener;
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
   * are on their way at a time, and 350 that have taken long already; others wait for their turn,
   * which comes, since each ends by its deadline. Of block templates at most six are read at a
   * time.
   *
   * @param deadline for all of it, from connecting to the last byte; it begins with the turn
   * @param wanted asked before the connection is made, since its head has the credentials, and when
   *     it is there, just before the calls go out: the process may have been frozen since it
   *     decided on them, and the calls may have waited
   * @throws NotWantedException if the calls are not wanted any more: none was sent
   * @throws IOException if the wire failed, the deadline passed (HttpTimeoutException), or the
   *     answer is none that a bitcoind gives; the message never has the credentials
   */
  @Override
  public Answer call(
      URI server,
      Credentials credentials,
      List<RpcRequest> requests,
      Duration deadline,
      BooleanSupplier wanted)
      throws IOException, InterruptedException {
    return call(places, server, credentials, requests, deadline, wanted);
  }

  @Override
  public synchronized RpcSender of(String namespace) {
    parts.values().removeIf(part -> part.get() == null);
    var part =
        Optional.ofNullable(parts.get(namespace)).map(WeakReference::get).orElseGet(places::part);
    parts.put(namespace, new WeakReference<>(part));
    return (server, credentials, requests, deadline, wanted) ->
        call(part, server, credentials, requests, deadline, wanted);
  }

  private Answer call(
      CallPlaces places,
      URI server,
      Credentials credentials,
      List<RpcRequest> requests,
      Duration deadline,
      BooleanSupplier wanted)
      throws IOException, InterruptedException {
    var body = new LateCheck(BodyPublishers.ofString(batch(requests)), wanted);
    try (var _ = places.take(requests.stream().anyMatch(RpcRequest::isLarge))) {
      if (!wanted.getAsBoolean()) {
        throw new NotWantedException();
      }
      return send(places.memory(), server, credentials, requests, body, deadline);
    } catch (IOException e) {
      // HttpClient makes an exception of its own of what the body throws
      throw body.refused() ? new NotWantedException() : e;
    }
  }

  private Answer send(
      AnswerMemory memory,
      URI server,
      Credentials credentials,
      List<RpcRequest> requests,
      LateCheck body,
      Duration deadline)
      throws IOException, InterruptedException {
    var begin = Ticker.SYSTEM.nanos();
    var request =
        HttpRequest.newBuilder(server)
            .timeout(deadline)
            .header("Authorization", credentials.basic())
            .header("Content-Type", "application/json")
            .POST(body)
            .build();
    var reader = new AnswerReader(requests, memory);
    var code = 0;
    var heard = Optional.<Answer>empty();
    try {
      var response = head(request);
      var status = response.statusCode();
      var answer =
          deadlines.read(
              response.body(),
              server,
              begin + deadline.toNanos(),
              whole -> reader.read(status, whole));
      code = status;
      heard = Optional.of(answer);
      return answer;
    } catch (BadAnswer e) {
      throw new IOException(server + " answers what no bitcoind would: " + e.getMessage());
    } finally {
      listener.answered(code, Duration.ofNanos(Ticker.SYSTEM.nanos() - begin));
      if (!body.refused()) {
        listener.called(requests, heard);
      }
    }
  }

  /** Up to the body, which is to come. */
  private HttpResponse<InputStream> head(HttpRequest request)
      throws IOException, InterruptedException {
    try {
      return http.send(request, BodyHandlers.ofInputStream());
    } catch (IllegalArgumentException e) {
      // the request is in order: HttpClient hands on what it makes of "Content-Length: many"
      throw new BadAnswer("a head that is no HTTP");
    }
  }

  private static String batch(List<RpcRequest> requests) {
    var calls = JsonNodeFactory.instance.arrayNode();
    for (var id = 0; id < requests.size(); id++) {
      calls.add(requests.get(id).json(id));
    }
    return calls.toString();
  }

  /** Ends every call in hand, at once. */
  @Override
  public void close() {
    http.shutdownNow();
    deadlines.close();
  }
}
