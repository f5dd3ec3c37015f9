package io.bitcoincontroller.observe;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * The port for probes and monitoring: {@code /healthz} and {@code /readyz} answer 200 or 503, with
 * {@code ?verbose} and {@code ?exclude=name} as the kube-apiserver has them, and {@code
 * /readyz/name} says what one check finds wrong; {@code /metrics} is for Prometheus; {@code /} may
 * be given to a page.
 *
 * <p>Everybody who reaches the port may read it, so it shows nothing secret and takes only GET and
 * HEAD. The connections, the header size, and the times of requests and answers are limited.
 */
public final class HealthServer implements AutoCloseable {
  /**
   * The JDK's server knows no other way than system properties, read when its first instance is
   * made; a value given on the command line stays.
   */
  private static final Map<String, String> LIMITS =
      Map.of(
          "jdk.httpserver.maxConnections", "200",
          "sun.net.httpserver.maxIdleConnections", "20",
          "sun.net.httpserver.maxReqTime", "10",
          "sun.net.httpserver.maxRspTime", "600",
          "sun.net.httpserver.idleInterval", "30",
          "sun.net.httpserver.maxReqHeaders", "100",
          "sun.net.httpserver.maxReqHeaderSize", "16384",
          "sun.net.httpserver.nodelay", "true");

  /** As many may read the metrics at the same time. */
  private static final int SCRAPERS = 8;

  private static final String METRICS_FORMAT = "text/plain; version=0.0.4";

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
    probe("healthz", healthz);
    probe("readyz", readyz);
    handle("/metrics", few(new Semaphore(SCRAPERS), exchange -> scrape(exchange, metrics)));
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
   * @param path exactly this one; if it ends with a slash, also all below it that nobody else has
   */
  public void handle(String path, HttpHandler handler) {
    server.createContext(path, exchange -> guarded(path, handler, exchange));
  }

  /**
   * The same handler, for as many at a time as there are places: who asks for much and takes it
   * slowly keeps a connection and some memory. Others are to try again later.
   */
  public static HttpHandler few(Semaphore places, HttpHandler handler) {
    return exchange -> {
      if (!places.tryAcquire()) {
        exchange.getResponseHeaders().set("Retry-After", "10");
        send(exchange, 503, "text/plain", "too many read this at the same time\n");
        return;
      }
      try {
        handler.handle(exchange);
      } finally {
        places.release();
      }
    };
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
      try {
        answer(path, handler, exchange);
      } catch (RuntimeException e) {
        // without an answer: the client sees a cut connection or a short body
        log.bug("an HTTP request failed", e, "path", path);
      }
    }
  }

  private static void answer(String path, HttpHandler handler, HttpExchange exchange)
      throws IOException {
    var method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      send(exchange, 405, "text/plain", "only GET and HEAD\n");
    } else if (!path.endsWith("/") && !exchange.getRequestURI().getPath().equals(path)) {
      send(exchange, 404, "text/plain", "there is nothing at this path\n");
    } else {
      handler.handle(exchange);
    }
  }

  /** The checks together, and each by its name below. */
  private void probe(String name, List<Check> checks) {
    var probe = new Probe(name, List.copyOf(checks), log);
    handle(
        "/" + name,
        exchange -> {
          var query = exchange.getRequestURI().getRawQuery();
          send(exchange, probe.all(query == null ? "" : query));
        });
    for (var check : checks) {
      handle("/" + name + "/" + check.name(), exchange -> send(exchange, probe.one(check)));
    }
  }

  private static void send(HttpExchange exchange, Probe.Answer answer) throws IOException {
    send(exchange, answer.well() ? 200 : 503, "text/plain", answer.text());
  }

  /**
   * Piece by piece: with thousands of networks the text is megabytes. After each piece the thread
   * rests for a moment: a virtual thread that only counts would keep its processor from the passes.
   */
  private static void scrape(HttpExchange exchange, Metrics metrics) throws IOException {
    head(exchange, METRICS_FORMAT);
    var bodiless = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(200, bodiless ? -1 : 0);
    if (!bodiless) {
      try (var text = new OutputStreamWriter(new Pieces(exchange.getResponseBody()), UTF_8)) {
        metrics.write(text);
      }
    }
  }

  /** Rests after each piece. Thread.yield would let only some of the waiting threads go first. */
  private static final class Pieces extends FilterOutputStream {
    Pieces(OutputStream out) {
      super(out);
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // it gives way; nothing depends on it
    public void write(byte[] bytes, int from, int count) throws IOException {
      out.write(bytes, from, count);
      LockSupport.parkNanos(1);
    }
  }

  /** Sends a whole answer; for HEAD, its header alone. */
  private static void send(HttpExchange exchange, int code, String type, String text)
      throws IOException {
    var bytes = text.getBytes(UTF_8);
    head(exchange, type);
    var bodiless = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(code, bodiless ? -1 : bytes.length);
    if (!bodiless) {
      exchange.getResponseBody().write(bytes);
    }
  }

  private static void head(HttpExchange exchange, String type) {
    exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
  }

  /** Ends at once, requests in hand included. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
