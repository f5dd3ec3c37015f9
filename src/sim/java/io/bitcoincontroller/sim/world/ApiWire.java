package io.bitcoincontroller.sim.world;

import io.bitcoincontroller.kube.ApiClient;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiServer.Opening;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.sim.world.Etcd.Event;
import io.bitcoincontroller.sim.world.Weather.Trouble;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The way of one controller to the API server, and back. */
public final class ApiWire implements ApiClient {
  /** Hears of each request that the API server has carried out, or refused. */
  @FunctionalInterface
  public interface Listener {
    /**
     * @param changed whether the objects are other ones than before
     */
    void answered(ApiRequest request, Reply reply, boolean changed);
  }

  private final World world;
  private final String who;
  private final Listener listener;
  private final boolean streamsLists;
  private final List<WatchStream> streams = new ArrayList<>();

  /** Events that a watch has lost once; the next watch sends them. */
  private final Set<Event> dropped = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * @param who it belongs to, for the story
   * @param streamsLists whether the server can stream a list, as it can from Kubernetes 1.32 on
   */
  public ApiWire(World world, String who, boolean streamsLists, Listener listener) {
    this.world = world;
    this.who = who;
    this.streamsLists = streamsLists;
    this.listener = listener;
  }

  /** The watches that are open now. */
  public List<WatchStream> streams() {
    streams.removeIf(WatchStream::closed);
    return streams.stream().filter(WatchStream::open).toList();
  }

  /** The server is another one: it knows none of the watches. */
  void serverRestarted() {
    List.copyOf(streams).forEach(WatchStream::serverRestarted);
  }

  /** The process is gone, and its connections with it. */
  public void end() {
    List.copyOf(streams).forEach(WatchStream::close);
  }

  @Override
  public Reply send(ApiRequest request, Duration deadline)
      throws IOException, InterruptedException {
    var call = Api.Call.of(request);
    var end = world.nanos() + deadline.toNanos();
    travel(request, end);
    if (call.writes() && world.weather.is(Trouble.WRITES_REFUSED) && world.once(3)) {
      travel(request, end);
      return refusal();
    }
    var before = world.etcd.revision();
    var reply = world.serve(call);
    listener.answered(request, reply, world.etcd.revision() != before);
    travel(request, end);
    if (call.writes() && world.weather.is(Trouble.ANSWERS_LOST) && world.once(3)) {
      world.trace.say("api", () -> "the answer is lost: " + request);
      throw new IOException("connection reset");
    }
    return reply;
  }

  private Reply.Failure refusal() {
    return switch (world.random.nextInt(4)) {
      case 0 -> Api.failure(500, "InternalError", "etcdserver: request timed out");
      case 1 -> Api.failure(503, "ServiceUnavailable", "");
      case 2 -> Api.failure(409, "Conflict", "the object has been modified");
      default -> Api.failure(429, "TooManyRequests", "");
    };
  }

  /** One way. */
  private void travel(ApiRequest request, long end) throws IOException, InterruptedException {
    var slow = world.weather.is(Trouble.API_SLOW) && world.once(2);
    var left = end - world.nanos();
    var takes = slow ? world.millis(500, 12_000) : world.millis(1, 8);
    Thread.sleep(Duration.ofNanos(Math.max(0, Math.min(takes, left))));
    if (world.weather.is(Trouble.API_AWAY)) {
      throw new ConnectException("refused");
    }
    if (takes >= left) {
      throw new HttpTimeoutException("no answer in time to " + request);
    }
  }

  @Override
  public Opening open(ApiRequest request, Duration deadline)
      throws IOException, InterruptedException {
    var call = Api.Call.of(request);
    travel(request, world.nanos() + deadline.toNanos());
    if (!call.watches()) {
      world.trace.say(who, () -> "lists " + request.target().replaceFirst("&labelSelector.*", ""));
      return new Opening.Streaming(list(call));
    }
    var streamed = call.query().containsKey("sendInitialEvents");
    if (streamed && !streamsLists) {
      return new Opening.Refused(Api.failure(422, "Invalid", "sendInitialEvents is forbidden"));
    }
    var from =
        streamed ? asOf() : Long.parseLong(call.query().getOrDefault("resourceVersion", "0"));
    world.trace.say(
        who, () -> (streamed ? "lists and watches " : "watches ") + call.kind() + " from " + from);
    if (from < world.etcd.compacted()) {
      return new Opening.Refused(Api.failure(410, "Expired", "too old resource version: " + from));
    }
    var stream = new WatchStream(world, call, from, dropped);
    if (streamed) {
      stream.beginWithAll(from);
    }
    streams.add(stream);
    return new Opening.Streaming(stream);
  }

  /** The revision that a list shows: a server's watch cache may be behind. */
  private long asOf() {
    var now = world.etcd.revision();
    return world.weather.is(Trouble.LISTS_STALE)
        ? Math.max(world.etcd.compacted(), now - world.random.nextLong(40))
        : now;
  }

  private InputStream list(Api.Call call) {
    var revision =
        call.query().getOrDefault("limit", "").equals("1") ? world.etcd.revision() : asOf();
    var items =
        world.etcd.list(call.kind(), revision).stream()
            .filter(version -> call.selects(version.tree()))
            .map(Etcd.Version::text)
            .collect(Collectors.joining(","));
    var list =
        "{\"metadata\":{\"resourceVersion\":\"" + revision + "\"},\"items\":[" + items + "]}";
    return new ByteArrayInputStream(list.getBytes(StandardCharsets.UTF_8));
  }
}
