package io.bitcoincontroller.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.ApiClient;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiServer.Opening;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.sim.world.WatchStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * The end of a controller's wire to the API server: each request is seen here when it is sent, and
 * a safeguard that a run does without is taken away.
 */
final class Observed implements ApiClient {
  private final ApiClient wire;
  private final Optional<Without> without;
  private final Watch watch;

  /** Sees requests, and their answers if there are any. */
  interface Watch {
    /** It is about to be sent. */
    void sends(ApiRequest request);

    /** The answer is here. */
    void got(ApiRequest request, Reply reply, long sentAt);

    long nanos();
  }

  Observed(ApiClient wire, Optional<Without> without, Watch watch) {
    this.wire = wire;
    this.without = without;
    this.watch = watch;
  }

  private boolean lacks(Without safeguard) {
    return without.equals(Optional.of(safeguard));
  }

  @Override
  public Reply send(ApiRequest request, Duration deadline)
      throws IOException, InterruptedException {
    watch.sends(request);
    var sentAt = watch.nanos();
    var reply = wire.send(altered(request), deadline);
    watch.got(request, reply, sentAt);
    if (lacks(Without.READ_YOUR_WRITES)
        && !request.method().equals("GET")
        && !isLease(request)
        && reply instanceof Reply.Success(_, ObjectNode body)) {
      body.withObject("/metadata").put("resourceVersion", "1");
    }
    return reply;
  }

  static boolean isLease(ApiRequest request) {
    return request.target().contains("/leases");
  }

  private ApiRequest altered(ApiRequest request) throws IOException {
    var ungated = lacks(Without.GATED_ROLLOUT) ? ungated(request) : request;
    return lacks(Without.POST_FIRST) ? applied(ungated) : ungated;
  }

  private static ApiRequest applied(ApiRequest request) throws IOException {
    if (!request.method().equals("POST")
        || !request.target().matches(".*/(services|statefulsets)[?].*")) {
      return request;
    }
    var name = Json.MAPPER.readTree(request.body().orElseThrow()).at("/metadata/name").asText();
    return new ApiRequest(
        "PATCH",
        request.target().replaceFirst("[?].*", "/" + name + "?force=true"),
        "application/apply-patch+yaml",
        request.body());
  }

  /** What is not there yet has no pods to lose: only later applies name the object's UID. */
  private static ApiRequest ungated(ApiRequest request) {
    if (!request.method().equals("PATCH") || !request.target().contains("/statefulsets/")) {
      return request;
    }
    return new ApiRequest(
        request.method(),
        request.target(),
        request.contentType(),
        request.body().map(Observed::withoutPartition));
  }

  private static String withoutPartition(String body) {
    try {
      JsonNode set = Json.MAPPER.readTree(body);
      if (set.at("/metadata/uid").isTextual()
          && set.at("/spec/updateStrategy/rollingUpdate") instanceof ObjectNode rolling) {
        rolling.put("partition", 0);
      }
      return set.toString();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Opening open(ApiRequest request, Duration deadline)
      throws IOException, InterruptedException {
    var opening = wire.open(request, deadline);
    if (!(opening instanceof Opening.Streaming(InputStream body))) {
      return opening;
    }
    if (lacks(Without.IDLE_WATCHDOG) && body instanceof WatchStream stream) {
      return new Opening.Streaming(new Unwatched(stream));
    }
    return lacks(Without.SKIP_UNREADABLE) ? new Opening.Streaming(new Strict(body)) : opening;
  }

  /** Who closes while another thread reads is the watchdog: to no effect. */
  private static final class Unwatched extends FilterInputStream {
    private final WatchStream stream;

    Unwatched(WatchStream stream) {
      super(stream);
      this.stream = stream;
    }

    @Override
    public void close() throws IOException {
      if (!stream.isRead()) {
        super.close();
      }
    }
  }

  /** Ends at an object that can't be read, as a decoder without mercy does. */
  private static final class Strict extends FilterInputStream {
    Strict(InputStream body) {
      super(body);
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      var count = super.read(into, from, length);
      if (count > 0
          && new String(into, from, count, StandardCharsets.UTF_8)
              .contains("\"ownerReferences\":\"none\"")) {
        throw new IOException("an object can't be read");
      }
      return count;
    }
  }
}
