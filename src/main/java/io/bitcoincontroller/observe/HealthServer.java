package io.bitcoincontroller.observe;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The port for probes and monitoring: {@code /healthz} and {@code /readyz} list their checks as the
 * kube-apiserver does and answer 200 or 503; {@code /metrics} is for Prometheus; {@code /} may be
 * given to a page.
 *
 * <p>Everybody who reaches the port may read it, so it shows nothing secret and takes only GET and
 * HEAD. The connections, the header size and the time of a client's requests are limited.
 */
public final class HealthServer implements AutoCloseable {
  /**
   * The JDK's server knows no other way than system properties, read when its first instance is
   * made; a value given on the command line stays.
   */
  private static final Map<String, String> LIMITS =
      Map.of(
          "jdk.httpserver.maxConnections", "200",
          "sun.net.httpserver.maxReqTime", "10",
          "sun.net.httpserver.idleInterval", "30",
          "sun.net.httpserver.maxReqHeaders", "100",
          "sun.net.httpserver.maxReqHeaderSize", "16384",
          "sun.net.httpserver.nodelay", "true");

  static {
    LIMITS.forEach((name, value) -> System.getProperties().putIfAbsent(name, value));
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private final Log log;

  /**
   * Takes the port; answers from {@link #start} on.
   *
   * @param bindAddress {@code host:port}, {@code [IPv6]:port} or {@code :port}; port 0: any free
   *     one
   * @param healthz what, when it fails, only a restart can mend
   * @param readyz what is missing for doing the work
   * @throws IllegalArgumentException if that is no address
   * @throws IOException if the port can't be had; the message is one line that says what to do
   */
  public HealthServer(
      String bindAddress, List<Check> healthz, List<Check> readyz, Metrics metrics, Log log)
      throws IOException {
    this.log = log;
    this.server = open(bindAddress);
    this.threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory());
    server.setExecutor(threads);
    handle("/healthz", exchange -> probe(exchange, "healthz", List.copyOf(healthz)));
    handle("/readyz", exchange -> probe(exchange, "readyz", List.copyOf(readyz)));
    handle(
        "/metrics", exchange -> send(exchange, 200, "text/plain; version=0.0.4", metrics.text()));
  }

  private static HttpServer open(String bindAddress) throws IOException {
    var address = BindAddress.parse(bindAddress);
    try {
      return HttpServer.create(address, 0);
    } catch (BindException e) {
      throw new IOException(
          "can't listen on "
              + bindAddress
              + " ("
              + e.getMessage()
              + "): stop the program that has this port, or choose another address",
          e);
    }
  }

  /**
   * Adds a path; to be called before {@link #start}.
   *
   * @param path exactly this one; {@code /} takes all that nobody else has
   */
  public void handle(String path, HttpHandler handler) {
    server.createContext(path, exchange -> guarded(path, handler, exchange));
  }

  public void start() {
    server.start();
  }

  /** Where it listens: the way to know the port if 0 was asked for. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void guarded(String path, HttpHandler handler, HttpExchange exchange) throws IOException {
    try (exchange) {
      answer(path, handler, exchange);
    }
  }

  private void answer(String path, HttpHandler handler, HttpExchange exchange) throws IOException {
    try {
      var method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        send(exchange, 405, "text/plain", "only GET and HEAD\n");
      } else if (!path.equals("/") && !exchange.getRequestURI().getPath().equals(path)) {
        send(exchange, 404, "text/plain", "there is " + path + ", and nothing below it\n");
      } else {
        handler.handle(exchange);
      }
    } catch (RuntimeException e) {
      // next, the exchange is closed: the client sees a cut connection or a short body
      log.bug("an HTTP request failed", e, "path", path);
    }
  }

  private void probe(HttpExchange exchange, String name, List<Check> checks) throws IOException {
    var text = new StringBuilder();
    var failed = false;
    for (var check : checks) {
      var trouble = trouble(check);
      failed |= trouble.isPresent();
      text.append(trouble.isPresent() ? "[-]" : "[+]").append(check.name());
      text.append(trouble.map(t -> " failed: " + oneLine(t)).orElse(" ok")).append('\n');
    }
    text.append(name).append(failed ? " check failed\n" : " check passed\n");
    send(exchange, failed ? 503 : 200, "text/plain", text.toString());
  }

  private Optional<String> trouble(Check check) {
    try {
      return check.trouble().get();
    } catch (RuntimeException e) {
      log.bug("a health check failed to answer", e, "check", check.name());
      return Optional.of("the check itself failed, see the log");
    }
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\R", " ");
  }

  /** Sends a whole answer; for HEAD, its header alone. */
  private static void send(HttpExchange exchange, int code, String type, String text)
      throws IOException {
    var bytes = text.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    var bodiless = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(code, bodiless ? -1 : bytes.length);
    if (!bodiless) {
      exchange.getResponseBody().write(bytes);
    }
  }

  /** Ends at once, requests in hand included. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
