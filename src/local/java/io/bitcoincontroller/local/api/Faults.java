package io.bitcoincontroller.local.api;

import io.bitcoincontroller.local.api.Storage.StatusException;
import io.bitcoincontroller.local.http.Exchange;
import io.bitcoincontroller.local.http.HttpRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Makes requests fail, for tests: a planned fault meets the next requests that match. */
public final class Faults {
  private static final Duration SLOWNESS = Duration.ofSeconds(2);

  /** One thing that goes wrong. */
  public enum Fault {
    /** A watch or list: the connection ends in the middle of a line. */
    CUT_MID_LINE,
    /** A watch: the headers come, and then nothing; the connection stays open. */
    STALL,
    /** A watch: its first line is an ERROR with code 410. */
    GONE,
    /** A write: 409 Conflict, and nothing is changed. */
    CONFLICT,
    /** 429 with {@code Retry-After: 1}, and nothing is changed. */
    TOO_MANY_REQUESTS,
    /** 500, and nothing is changed. */
    INTERNAL_ERROR,
    /** The answer comes two seconds late. */
    SLOW,
    /** 401, as with a token that was revoked. */
    UNAUTHORIZED,
    /** 403, as with a role that was taken away. */
    FORBIDDEN,
    /** The connection ends without an answer, and nothing is changed. */
    NO_ANSWER
  }

  private record Planned(Fault fault, Predicate<HttpRequest> which, int times) {}

  /** How a request is to be answered: with an exchange, and perhaps a broken stream. */
  record Answering(Exchange exchange, Optional<Fault> streamFault) {}

  private final List<Planned> planned = new ArrayList<>();

  /**
   * Plans a fault.
   *
   * @param which the requests that it meets
   * @param times how many of them, 1 or more
   */
  public synchronized void inject(Fault fault, Predicate<HttpRequest> which, int times) {
    planned.add(new Planned(fault, which, times));
  }

  /** Takes all planned faults back. */
  public synchronized void clear() {
    planned.clear();
  }

  private synchronized Optional<Fault> take(HttpRequest request) {
    for (var i = 0; i < planned.size(); i++) {
      var next = planned.get(i);
      if (next.which.test(request)) {
        if (next.times > 1) {
          planned.set(i, new Planned(next.fault, next.which, next.times - 1));
        } else {
          planned.remove(i);
        }
        return Optional.of(next.fault);
      }
    }
    return Optional.empty();
  }

  /** Lets the planned fault happen, or tells the stream that it shall. */
  Answering apply(HttpRequest request, Exchange exchange) throws IOException, InterruptedException {
    var fault = take(request);
    if (fault.isEmpty()) {
      return new Answering(exchange, Optional.empty());
    }
    switch (fault.get()) {
      case CONFLICT ->
          throw new StatusException(409, "Conflict", "the object has been modified (injected)");
      case TOO_MANY_REQUESTS ->
          throw new StatusException(429, "TooManyRequests", "too many requests (injected)");
      case INTERNAL_ERROR -> throw new StatusException(500, "InternalError", "injected");
      case UNAUTHORIZED -> throw new StatusException(401, "Unauthorized", "Unauthorized");
      case FORBIDDEN ->
          throw new StatusException(403, "Forbidden", request.path() + " is forbidden (injected)");
      case SLOW -> TimeUnit.NANOSECONDS.sleep(SLOWNESS.toNanos());
      case NO_ANSWER -> {
        exchange.cut();
        throw new IOException("cut (injected)");
      }
      case CUT_MID_LINE -> {
        return cut(request, exchange);
      }
      case STALL, GONE -> {
        return new Answering(exchange, fault);
      }
    }
    return new Answering(exchange, Optional.empty());
  }

  private static Answering cut(HttpRequest request, Exchange exchange) throws IOException {
    if (request.query().containsKey("watch")) {
      return new Answering(exchange, Optional.of(Fault.CUT_MID_LINE));
    }
    var out = exchange.stream(200, Map.of("Content-Type", "application/json"));
    out.write('{');
    out.flush();
    exchange.cut();
    throw new IOException("cut (injected)");
  }
}
