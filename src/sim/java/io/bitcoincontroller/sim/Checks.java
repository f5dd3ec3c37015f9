package io.bitcoincontroller.sim;

import io.bitcoincontroller.bitcoind.RpcRequest;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.network.Stores;
import io.bitcoincontroller.sim.world.Bitcoind;
import io.bitcoincontroller.sim.world.Etcd.ObjectId;
import io.bitcoincontroller.sim.world.Holders;
import io.bitcoincontroller.sim.world.Users;
import io.bitcoincontroller.sim.world.Watcher;
import io.bitcoincontroller.sim.world.World;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What must hold at every step. The first time it does not, the run ends. */
final class Checks implements Watcher {
  /** So long after it was disturbed a network has to be well again by itself. */
  private static final long DISTURBED_FOR = Duration.ofSeconds(90).toNanos();

  /** A queue has each network once, and those that were there. */
  private static final int MOST_QUEUED = 10;

  /** Writes and events of all controllers, whatever goes wrong. */
  private static final int MOST_A_MINUTE = 240;

  private final Consumer<String> violated;
  private Optional<World> world = Optional.empty();

  /** By the name of the StatefulSet. */
  private final Map<String, Long> disturbedAt = new HashMap<>();

  private long restoredAt = Long.MIN_VALUE / 2;

  /** When each write of the last minute was sent. */
  private final Deque<Long> recent = new ArrayDeque<>();

  /** Calls that change a node. */
  private int changes;

  private int writes;
  private int events;

  /** Set while each write has to change something. */
  private boolean calm;

  Checks(Consumer<String> violated) {
    this.violated = violated;
  }

  void begin(World begun) {
    world = Optional.of(begun);
  }

  void violated(String what) {
    violated.accept(what);
  }

  /** Writes to the API server, but for leases and events, since this was asked last. */
  int writesSince() {
    var count = writes;
    writes = 0;
    return count;
  }

  int eventsSince() {
    var count = events;
    events = 0;
    return count;
  }

  /** Calls that change a node, since this was asked last. */
  int changesSince() {
    var count = changes;
    changes = 0;
    return count;
  }

  /** From now on no write may be one in vain. */
  void calm(boolean now) {
    calm = now;
  }

  void answered(String who, ApiRequest request, Reply reply, boolean changed) {
    if (request.method().equals("GET") || Observed.isLease(request)) {
      return;
    }
    var w = world.orElseThrow();
    w.trace.say(who, () -> words(request) + outcome(reply, changed));
    bounded(w.nanos());
    if (request.target().contains("/events")) {
      events++;
      return;
    }
    writes++;
    if (calm && !changed) {
      violated(who + " writes in vain: " + words(request));
    }
    if (changed && reply instanceof Reply.Success(_, var body)) {
      var touched = body.at("/metadata/annotations").has(Users.FOREIGN);
      if (touched) {
        violated(who + " has changed what is somebody else's: " + request);
      }
      var status = body.at("/status/observedGeneration").asLong();
      if (request.target().contains("/status")
          && status > body.at("/metadata/generation").asLong()
          && w.nanos() - restoredAt > DISTURBED_FOR) {
        violated(who + " reports a generation that is not there yet: " + request);
      }
    }
  }

  private void bounded(long now) {
    recent.addLast(now);
    while (now - recent.getFirst() > Duration.ofMinutes(1).toNanos()) {
      recent.removeFirst();
    }
    if (recent.size() > MOST_A_MINUTE) {
      violated("more than " + MOST_A_MINUTE + " writes and events in a minute");
    }
  }

  private static String words(ApiRequest request) {
    return request.method() + " " + request.target().replaceFirst("\\?.*", "");
  }

  private static String outcome(Reply reply, boolean changed) {
    return switch (reply) {
      case Reply.Failure failure -> ": " + failure.text();
      case Reply.Success _ -> changed ? "" : ": changes nothing";
    };
  }

  /** The cache of that moment has to show that an address is of a pod of the same network. */
  void called(String who, String ip, List<RpcRequest> requests, Optional<Stores> stores) {
    var w = world.orElseThrow();
    for (var request : requests) {
      var command = request.params().size() == 2 ? request.params().get(1).asText() : "";
      if (request.method().equals("disconnectnode") || !command.isEmpty()) {
        changes++;
        w.trace.say(who, () -> "calls " + ip + ": " + request);
      }
      if (command.equals("add") || command.equals("onetry")) {
        ownAddress(who, ip, request.params().get(0).asText(), stores);
      }
    }
  }

  private void ownAddress(String who, String ip, String address, Optional<Stores> stores) {
    if (stores.isEmpty() || address.startsWith("192.168.")) {
      return;
    }
    if (Collections.disjoint(sets(stores.get(), ip), sets(stores.get(), address))) {
      violated(who + " tells " + ip + " of " + address + ", which is not of its network");
    }
  }

  /** Those whose pods the cache shows at an address: two, if it missed that one of them ended. */
  private static Set<String> sets(Stores stores, String ip) {
    return stores.pods().all().stream()
        .filter(pod -> pod.status().podIP().equals(ip) && pod.live())
        .map(Checks::set)
        .collect(Collectors.toSet());
  }

  private static String set(Pod pod) {
    return pod.metadata().controllerOwner().map(owner -> owner.name()).orElse("");
  }

  void queued(int count) {
    if (count > MOST_QUEUED) {
      violated("the queue has " + count + " keys");
    }
  }

  @Override
  public void disturbed(ObjectId pod) {
    disturbedAt.put(setOf(pod), world.orElseThrow().nanos());
  }

  @Override
  public void restored() {
    restoredAt = world.orElseThrow().nanos();
  }

  @Override
  public void silent(String kind) {
    violated("a watch of " + kind + " has been silent for long, and nobody ends it");
  }

  private static String setOf(ObjectId pod) {
    var name = pod.key().name();
    return name.substring(0, name.lastIndexOf('-'));
  }

  /** What the StatefulSet's controller deletes is what ours let it delete. */
  @Override
  public void deletedByItsSet(ObjectId pod) {
    var w = world.orElseThrow();
    var disturbed = disturbedAt.getOrDefault(setOf(pod), Long.MIN_VALUE / 2);
    if (w.nanos() - disturbed < DISTURBED_FOR) {
      return;
    }
    Optional<Bitcoind> last = Holders.isLast(w, pod, DISTURBED_FOR);
    last.ifPresent(_ -> violated("the last node with the tallest chain goes: " + pod));
  }
}
