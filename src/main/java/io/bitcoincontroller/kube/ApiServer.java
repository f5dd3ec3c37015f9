package io.bitcoincontroller.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.bitcoincontroller.access.ClusterAccess;
import io.bitcoincontroller.timing.Deadlines;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Sends {@link ApiRequest}s: the only class that speaks HTTP to the API server.
 *
 * <p>HTTP/1.1 throughout. Over HTTP/2 all watches would share one connection and its flow-control
 * window, and one reader that pauses would stop all the others; the JDK's client also sends no
 * PING, and would keep a dead connection in its pool.
 */
public final class ApiServer implements ApiClient, AutoCloseable {
  /** Of a refusal: one sentence, of which a webhook's may be a long one. */
  private static final int LARGEST_BODY = 1024 * 1024;

  /** Of what is kept of a refusal, in characters. */
  private static final int LONGEST_MESSAGE = 1000;

  private static final int LONGEST_REASON = 100;
  private static final int MOST_CAUSES = 20;

  /**
   * For TCP and TLS together. A server that takes connections and says nothing is found out before
   * the deadline of a watch; client-go gives the handshake alone as long.
   */
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** Hears of every request that was sent. */
  @FunctionalInterface
  public interface Listener {
    /**
     * The head of an answer is here, or won't come.
     *
     * @param code of the answer; 0: the wire failed
     */
    void answered(String method, int code, Duration took);
  }

  private final ClusterAccess access;
  private final String userAgent;
  private final Listener listener;
  private final Deadlines deadlines = new Deadlines("api-deadlines");
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  /** Two pools: no call waits for a stream. */
  private final HttpClient calls;

  private final HttpClient streams;
  private volatile boolean closed;

  /**
   * Connects to nothing yet.
   *
   * @param userAgent {@code bitcoin-controller/<version>}, as the server's audit log shall show it
   */
  public ApiServer(ClusterAccess access, String userAgent, Listener listener) {
    this.access = access;
    this.userAgent = userAgent;
    this.listener = listener;
    this.calls = client(access, executor);
    this.streams = client(access, executor);
  }

  private static HttpClient client(ClusterAccess access, ExecutorService executor) {
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(executor)
            .connectTimeout(CONNECT)
            .sslContext(access.tls().context())
            .sslParameters(access.tls().parameters());
    access
        .proxy()
        .ifPresent(
            proxy ->
                builder.proxy(
                    ProxySelector.of(new InetSocketAddress(proxy.getHost(), proxy.getPort()))));
    return builder.build();
  }

  /** How a streamed read began. */
  public sealed interface Opening {
    /** The body comes; whoever has it must drain or close it. */
    record Streaming(InputStream body) implements Opening {}

    record Refused(Reply.Failure why) implements Opening {}
  }

  /**
   * Sends one short request and reads its whole answer. A server that has too much to do (429) has
   * done nothing, and is asked again when it said, if there is time left for that.
   *
   * @param deadline for all of it, connecting and the body included; only the run of an exec
   *     credential plugin has a limit of its own
   * @throws IOException if the wire failed, the deadline passed (HttpTimeoutException) or the
   *     answer can't be read; the request may or may not have been carried out
   */
  @Override
  public Reply send(ApiRequest request, Duration deadline)
      throws IOException, InterruptedException {
    var end = System.nanoTime() + deadline.toNanos();
    while (true) {
      var reply = send(request, end);
      var pause = reply instanceof Reply.Failure why ? pause(why) : Optional.<Duration>empty();
      if (pause.isEmpty() || System.nanoTime() + pause.get().toNanos() >= end) {
        return reply;
      }
      Thread.sleep(pause.get());
    }
  }

  private static Optional<Duration> pause(Reply.Failure why) {
    return why.code() == 429 ? why.retryAfter().filter(Duration::isPositive) : Optional.empty();
  }

  private Reply send(ApiRequest request, long end) throws IOException, InterruptedException {
    var response = exchange(calls, request, end);
    return response.statusCode() / 100 == 2
        ? new Reply.Success(
            response.statusCode(),
            deadlines.read(response.body(), request, end, body -> tree(body, request)))
        : failure(response, body(response, request, end));
  }

  /**
   * Opens a list or watch, to be read as it comes.
   *
   * @param deadline until the headers; what follows has no time limit: close the stream from
   *     another thread to end a reader that waits
   */
  @Override
  public Opening open(ApiRequest request, Duration deadline)
      throws IOException, InterruptedException {
    var end = System.nanoTime() + deadline.toNanos();
    var response = exchange(streams, request, end);
    return response.statusCode() / 100 == 2
        ? new Opening.Streaming(response.body())
        : new Opening.Refused(failure(response, body(response, request, end)));
  }

  /** After a 401 the token is read again, and the request sent once more: tokens are rotated. */
  private HttpResponse<InputStream> exchange(HttpClient client, ApiRequest request, long end)
      throws IOException, InterruptedException {
    var first = answer(client, request, end);
    var sent = first.request().headers().firstValue("Authorization");
    if (first.statusCode() != 401 || sent.isEmpty()) {
      return first;
    }
    first.body().close();
    access.credential().refused(sent.get());
    return answer(client, request, end);
  }

  private HttpResponse<InputStream> answer(HttpClient client, ApiRequest request, long end)
      throws IOException, InterruptedException {
    if (closed) {
      throw new IOException("closed");
    }
    var http = http(request, end);
    var sent = System.nanoTime();
    var code = 0;
    try {
      var response = client.send(http, BodyHandlers.ofInputStream());
      code = response.statusCode();
      return response;
    } catch (HttpConnectTimeoutException e) {
      throw e;
    } catch (HttpTimeoutException e) {
      var timeout = new HttpTimeoutException("no answer in time to " + request);
      timeout.initCause(e);
      throw timeout;
    } finally {
      listener.answered(request.method(), code, Duration.ofNanos(System.nanoTime() - sent));
    }
  }

  private HttpRequest http(ApiRequest request, long end) throws IOException, InterruptedException {
    var builder =
        HttpRequest.newBuilder(URI.create(access.server() + request.target()))
            .header("Accept", accepted(request.answer()))
            .header("User-Agent", userAgent);
    access.authorization().ifPresent(value -> builder.header("Authorization", value));
    var left = end - System.nanoTime();
    if (left <= 0) {
      throw new HttpTimeoutException("no time left to send " + request);
    }
    builder.timeout(Duration.ofNanos(left));
    if (!request.contentType().isEmpty()) {
      builder.header("Content-Type", request.contentType());
    }
    var body = request.body().map(BodyPublishers::ofString).orElseGet(BodyPublishers::noBody);
    return builder.method(request.method(), body).build();
  }

  /** A server that does not know the first of two sends the second. */
  private static String accepted(ApiRequest.Answer answer) {
    return answer == ApiRequest.Answer.OBJECT
        ? "application/json"
        : "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
  }

  private byte[] body(HttpResponse<InputStream> response, ApiRequest request, long end)
      throws IOException, InterruptedException {
    return deadlines.readWhole(response.body(), request, end, LARGEST_BODY);
  }

  /** A body is never there whole: what nobody reads of it is left out as it comes. */
  private static JsonNode tree(InputStream body, ApiRequest request) throws IOException {
    try (var cutter = new Cutter(body, false)) {
      if (cutter.atEnd()) {
        return MissingNode.getInstance();
      }
      var frame =
          cutter.value(
              request.answer() == ApiRequest.Answer.METADATA
                  ? LeftOut.NOTHING
                  : LeftOut.of(JsonNode.class));
      var tree =
          request.answer() == ApiRequest.Answer.IDENTITY
              ? frame.identity().tree()
              : tree(frame, request);
      if (!cutter.atEnd()) {
        throw unreadable(request, "it is more than one value");
      }
      return tree;
    }
  }

  private static JsonNode tree(Frame frame, ApiRequest request) throws IOException {
    if (frame.tooLarge()) {
      throw unreadable(request, "it takes more than " + KeptBytes.LARGEST + " bytes");
    }
    try {
      return Json.read(frame, JsonNode.class);
    } catch (IOException _) {
      // the parser's own message shows a piece of the body, which may be a Secret
      throw unreadable(request, "it is no JSON, or too wide or too deep");
    }
  }

  private static IOException unreadable(ApiRequest request, String why) {
    return new IOException("the answer to " + request + " can't be read: " + why);
  }

  private static Reply.Failure failure(HttpResponse<?> response, byte[] bytes) {
    JsonNode status;
    try {
      status = Json.read(bytes, JsonNode.class);
    } catch (IOException e) {
      // a proxy's HTML page, or nothing: the code alone has to do
      status = MissingNode.getInstance();
    }
    return failure(
        response.statusCode(),
        status,
        response.headers().firstValue("Retry-After").flatMap(ApiServer::seconds));
  }

  static Reply.Failure failure(int code, JsonNode status, Optional<Duration> retryAfter) {
    var causes = new ArrayList<String>();
    for (var cause : status.path("details").path("causes")) {
      if (causes.size() < MOST_CAUSES) {
        causes.add(Excerpt.of(cause.path("reason").asText(), LONGEST_REASON));
      }
    }
    return new Reply.Failure(
        code,
        Excerpt.of(status.path("reason").asText(), LONGEST_REASON),
        Excerpt.of(status.path("message").asText(), LONGEST_MESSAGE),
        List.copyOf(causes),
        retryAfter);
  }

  /** Retry-After as Kubernetes sends it: whole seconds. The HTTP-date form is taken as absent. */
  private static Optional<Duration> seconds(String header) {
    return header.matches("[0-9]{1,6}")
        ? Optional.of(Duration.ofSeconds(Long.parseLong(header)))
        : Optional.empty();
  }

  /** Ends every call and stream in hand, at once. */
  @Override
  public void close() {
    closed = true;
    calls.shutdownNow();
    streams.shutdownNow();
    deadlines.close();
    executor.shutdown();
  }
}
