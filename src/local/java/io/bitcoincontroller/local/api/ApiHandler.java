package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.local.api.Storage.StatusException;
import io.bitcoincontroller.local.http.Exchange;
import io.bitcoincontroller.local.http.Handler;
import io.bitcoincontroller.local.http.HttpRequest;
import io.bitcoincontroller.observe.LogLines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every request enters here: who asks, what for, and what became of it. */
final class ApiHandler implements Handler {
  private static final Set<String> PROBES = Set.of("healthz", "readyz", "livez");

  private final LocalApiServer.Options options;
  private final Registry registry;
  private final Faults faults;
  private final RequestLog log;
  private final Reads reads;
  private final Writes writes;
  private final Watches watches;
  private final Discovery discovery;
  private final OpenApiV2 openApiV2;
  private final PodStreams podStreams;

  ApiHandler(
      LocalApiServer.Options options,
      MemoryStorage storage,
      Faults faults,
      RequestLog log,
      PodStreams podStreams,
      Webhook webhook) {
    this.options = options;
    this.registry = new Registry(storage);
    this.faults = faults;
    this.log = log;
    this.reads = new Reads(storage);
    this.writes = new Writes(storage, registry, webhook);
    this.watches = new Watches(storage, options);
    this.discovery = new Discovery(registry);
    this.openApiV2 = new OpenApiV2(registry);
    this.podStreams = podStreams;
  }

  @Override
  public void handle(HttpRequest request, Exchange exchange)
      throws IOException, InterruptedException {
    var entry = log.begin(request.method(), request.target());
    exchange.whenAnswered(code -> log.end(entry, code));
    var afterwards = log.witness().asked(request);
    answer(request, exchange);
    afterwards.run();
  }

  private void answer(HttpRequest request, Exchange exchange)
      throws IOException, InterruptedException {
    try {
      var stream = faults.apply(request, exchange);
      if (exchange.code() == 0) {
        authenticated(request, stream);
      }
    } catch (StatusException e) {
      respond(exchange, e.code, Statuses.of(e));
    } catch (RuntimeException e) {
      LogLines.onStandardError().bug("the local API server failed", e, "request", request);
      if (exchange.code() != 0) {
        throw e;
      }
      respond(exchange, 500, Statuses.of(new StatusException(500, "InternalError", e.toString())));
    }
  }

  private void authenticated(HttpRequest request, Faults.Answering answering)
      throws IOException, InterruptedException {
    var segments = request.segments();
    if (segments.size() >= 1 && PROBES.contains(segments.getFirst())) {
      text(answering.exchange(), "ok");
      return;
    }
    var expected = ("Bearer " + options.token()).getBytes(StandardCharsets.UTF_8);
    var given = request.header("Authorization").getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(expected, given)) {
      throw new StatusException(401, "Unauthorized", "Unauthorized");
    }
    if (segments.equals(OpenApiV2.PATH)) {
      openApiV2.answer(request, answering.exchange());
      return;
    }
    var review = Reviews.answer(request);
    if (review.isPresent()) {
      respond(answering.exchange(), 201, review.get());
      return;
    }
    var general = discovery.answer(request);
    if (general.isPresent()) {
      respond(answering.exchange(), 200, general.get().body(), general.get().contentType());
      return;
    }
    resource(call(request, segments), answering);
  }

  /** {@code /api/v1/…} or {@code /apis/<group>/<version>/…}, as far as the name and subresource. */
  private Call call(HttpRequest request, List<String> segments) {
    var core = !segments.isEmpty() && segments.getFirst().equals("api");
    var start = core ? 2 : 3;
    if (segments.size() <= start || !(core || segments.getFirst().equals("apis"))) {
      throw Errors.noSuchPath();
    }
    var group = core ? "" : segments.get(1);
    var version = segments.get(start - 1);
    var rest = segments.subList(start, segments.size());
    var namespace = "";
    if (rest.getFirst().equals("namespaces")
        && rest.size() >= 3
        && !List.of("status", "finalize").contains(rest.get(2))) {
      namespace = rest.get(1);
      rest = rest.subList(2, rest.size());
    }
    var served = registry.find(group, version, rest.getFirst()).orElseThrow(Errors::noSuchPath);
    if (rest.size() > 3 || (!namespace.isEmpty() && !served.kind().namespaced())) {
      throw Errors.noSuchPath();
    }
    var name = rest.size() > 1 ? rest.get(1) : "";
    var subresource = rest.size() > 2 ? rest.get(2) : "";
    if (!name.isEmpty() && served.kind().namespaced() && namespace.isEmpty()) {
      throw Errors.noSuchPath();
    }
    return new Call(request, request.query(), served, namespace, name, subresource);
  }

  private void resource(Call call, Faults.Answering answering)
      throws IOException, InterruptedException {
    var exchange = answering.exchange();
    if (call.kind().equals(Kind.PODS) && podStreams.serves(call.subresource())) {
      podStreams.handle(call.key(), call.subresource(), call.http(), exchange);
      return;
    }
    try {
      verb(call, answering);
    } catch (StatusException e) {
      if (exchange.code() != 0) {
        throw e;
      }
      respond(exchange, e.code, Statuses.of(e, call));
    }
  }

  private void verb(Call call, Faults.Answering answering)
      throws IOException, InterruptedException {
    var exchange = answering.exchange();
    checkSubresource(call);
    var view = View.of(call);
    var method = call.http().method();
    if (method.equals("GET") || method.equals("HEAD")) {
      if (call.name().isEmpty() && call.flag("watch")) {
        watches.stream(view.stored(), view, answering);
        return;
      }
      respond(exchange, 200, Metadata.ifWanted(call, reads.answer(view.stored(), view)));
      return;
    }
    var written = writes.answer(view.stored(), view);
    respond(exchange, written.code(), Metadata.ifWanted(call, written.body()));
  }

  private static void checkSubresource(Call call) {
    var known =
        switch (call.subresource()) {
          case "" -> true;
          case "status" -> call.served().status();
          case "scale" -> call.served().scale().isPresent();
          default -> false;
        };
    if (!known) {
      throw Errors.noSuchPath();
    }
  }

  private static void text(Exchange exchange, String text) throws IOException {
    exchange.respond(
        200,
        Map.of("Content-Type", "text/plain; charset=utf-8"),
        text.getBytes(StandardCharsets.UTF_8));
  }

  private static void respond(Exchange exchange, int code, JsonNode body) throws IOException {
    respond(exchange, code, body, "application/json");
  }

  static void respond(Exchange exchange, int code, JsonNode body, String contentType)
      throws IOException {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", contentType);
    headers.put("Cache-Control", "no-cache, private");
    if (code == 429) {
      headers.put("Retry-After", body.path("details").path("retryAfterSeconds").asText("1"));
    }
    exchange.respond(code, headers, body.toString().getBytes(StandardCharsets.UTF_8));
  }
}
