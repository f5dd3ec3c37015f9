package io.bitcoincontroller.recorder;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import io.bitcoincontroller.observe.HealthServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

/**
 * The page at {@code /} of the health port, and what it is fed with: {@code /record} is what is
 * kept, as lines of JSON; {@code /record/events} goes on, as server-sent events. Both take {@code
 * ?network=namespace/name}, which leaves out what is about other networks. {@code /lessons} lists
 * the lessons, and {@code /lessons/NAME} is one.
 *
 * <p>It can only be read, and its answers say that browsers may load nothing else into it.
 */
public final class Page {
  /** Each has a connection and a thread. */
  private static final int FOLLOWERS = 8;

  /** As many get the page, the record or a lesson at the same time. Each takes some 200 KiB. */
  private static final int READERS = 8;

  /** A silent stream shows that it lives; proxies cut such that don't. */
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(15);

  private final Recorder recorder;
  private final Transcript transcript;
  private final Runnable opened;

  /** Read when somebody looks at it: hashes take a cold process a tenth of a second. */
  private Optional<PageFile> file = Optional.empty();

  private final Semaphore followers = new Semaphore(FOLLOWERS);
  private final Semaphore readers = new Semaphore(READERS);

  /**
   * @param instance name of this process
   * @param version of the program
   * @param beganMillis when this process began, in milliseconds since 1970
   * @param opened run when somebody looks after a time in which nobody did; quick
   */
  public Page(
      Recorder recorder, String instance, String version, long beganMillis, Runnable opened) {
    this.recorder = recorder;
    this.opened = opened;
    this.transcript = new Transcript(recorder, instance, version, beganMillis);
  }

  /** Adds the paths; to be called before the server starts. */
  public void serve(HealthServer server) {
    server.handle("/", HealthServer.few(readers, this::page));
    server.handle("/record", HealthServer.few(readers, this::record));
    server.handle("/record/events", HealthServer.few(followers, this::events));
    server.handle("/lessons", HealthServer.few(readers, Page::lessons));
    server.handle("/lessons/", HealthServer.few(readers, Page::lesson));
  }

  private static void lessons(HttpExchange exchange) throws IOException {
    send(exchange, "application/json", Lessons.list());
  }

  private static void lesson(HttpExchange exchange) throws IOException {
    var name = exchange.getRequestURI().getPath().substring("/lessons/".length());
    if (Lessons.names().contains(name)) {
      send(exchange, "application/x-ndjson", Lessons.recording(name));
    } else {
      refuse(exchange, 404, "there is no lesson of this name: /lessons lists them\n");
    }
  }

  private synchronized PageFile file() {
    if (file.isEmpty()) {
      file = Optional.of(PageFile.read());
    }
    return file.get();
  }

  private void page(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestURI().getPath().equals("/")) {
      refuse(exchange, 404, "there is nothing at this path: the page is at /\n");
      return;
    }
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Security-Policy", file().policy());
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    send(exchange, "text/html; charset=utf-8", file().html());
  }

  private static boolean isHead(HttpExchange exchange) {
    return exchange.getRequestMethod().equals("HEAD");
  }

  private static void begin(HttpExchange exchange, String type, long length) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(200, isHead(exchange) ? -1 : length);
  }

  private static void refuse(HttpExchange exchange, int code, String why) throws IOException {
    var bytes = why.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(code, isHead(exchange) ? -1 : bytes.length);
    if (!isHead(exchange)) {
      exchange.getResponseBody().write(bytes);
    }
  }

  /** All that is kept, as a file that the page can load. */
  private void record(HttpExchange exchange) throws IOException {
    exchange
        .getResponseHeaders()
        .set("Content-Disposition", "attachment; filename=\"bitcoin-controller.ndjson\"");
    begin(exchange, "application/x-ndjson", 0);
    if (isHead(exchange)) {
      return;
    }
    transcript.write(wanted(exchange), exchange.getResponseBody());
    look();
  }

  /** Only when all that is kept has been sent: what a look leads to may push it out. */
  private void look() {
    if (recorder.look()) {
      opened.run();
    }
  }

  private static Predicate<String> wanted(HttpExchange exchange) {
    var network = parameter(exchange, "network");
    return network.isEmpty() ? _ -> true : each -> each.isEmpty() || each.equals(network);
  }

  /** Empty if it is not given. */
  private static String parameter(HttpExchange exchange, String name) {
    var query = exchange.getRequestURI().getRawQuery();
    for (var each : (query == null ? "" : query).split("&", -1)) {
      if (each.startsWith(name + "=")) {
        return URLDecoder.decode(each.substring(name.length() + 1), UTF_8);
      }
    }
    return "";
  }

  private static void send(HttpExchange exchange, String type, String text) throws IOException {
    var bytes = text.getBytes(UTF_8);
    begin(exchange, type, bytes.length);
    if (!isHead(exchange)) {
      exchange.getResponseBody().write(bytes);
    }
  }

  private void events(HttpExchange exchange) throws IOException {
    try {
      begin(exchange, "text/event-stream; charset=utf-8", 0);
      if (!isHead(exchange)) {
        follow(exchange.getResponseBody(), beginAfter(exchange), wanted(exchange));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server ends
    }
  }

  /**
   * A browser that lost its stream says how far it came; what fell out meanwhile is lost. A number
   * that was never given is of an earlier process.
   */
  private long beginAfter(HttpExchange exchange) {
    var last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    var text = last == null ? parameter(exchange, "after") : last;
    var after = text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    return after > recorder.extent().last() ? 0 : after;
  }

  private void follow(OutputStream out, long after, Predicate<String> wanted)
      throws IOException, InterruptedException {
    out.write(("retry: 1000\ndata: " + transcript.start() + "\n\n").getBytes(UTF_8));
    out.flush();
    var last = after;
    var end = recorder.extent().last();
    while (true) {
      var some = recorder.after(last, wanted);
      for (var entry : some.entries()) {
        out.write(("id: " + entry.number() + "\ndata: " + entry.line() + "\n\n").getBytes(UTF_8));
      }
      last = some.looked();
      out.flush();
      if (last >= end) {
        look();
      }
      if (!recorder.await(last, SIGN_OF_LIFE.toNanos())) {
        out.write(":\n\n".getBytes(UTF_8));
        out.flush();
      }
    }
  }
}
