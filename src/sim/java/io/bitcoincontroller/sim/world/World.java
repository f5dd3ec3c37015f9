package io.bitcoincontroller.sim.world;

import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.sim.jvm.Scheduler;
import io.bitcoincontroller.sim.world.Weather.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;

/** What all actors share: time, chance, the objects, and the story. */
public final class World {
  /** The moment at which every run begins. */
  public static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

  public final Scheduler scheduler;
  public final SplittableRandom random;
  public final Trace trace;
  public final Etcd etcd = new Etcd(this::wallClock);
  public final Nodes nodes = new Nodes(this);
  public final Weather weather = new Weather();
  public final Users users = new Users(this);
  private final Api api = new Api(etcd);
  final Watcher watcher;
  public final Kubelet kubelet;

  public World(Scheduler scheduler, SplittableRandom random, Trace trace, Watcher watcher) {
    this.scheduler = scheduler;
    this.random = random;
    this.trace = trace;
    this.watcher = watcher;
    this.kubelet = new Kubelet(this);
    var _ = new Cluster(this);
    for (var peer = 1; peer <= 4; peer++) {
      nodes.outside("192.168.0." + peer);
    }
  }

  public long nanos() {
    return scheduler.nanos();
  }

  public Instant wallClock() {
    return BEGINNING.plusNanos(nanos());
  }

  /** Whether all pods start side by side, and none sooner than another. */
  public boolean orderly;

  /** In nanoseconds: a controller without dirty set has it until then. */
  public long wellUntil;

  /** True once in so many times. */
  public boolean once(int in) {
    return random.nextInt(in) == 0;
  }

  /** A time between these, in nanoseconds. */
  public long between(Duration shortest, Duration longest) {
    return random.nextLong(shortest.toNanos(), longest.toNanos() + 1);
  }

  public long millis(int shortest, int longest) {
    return random.nextLong(shortest * 1_000_000L, longest * 1_000_000L + 1);
  }

  public void after(long nanos, Runnable action) {
    scheduler.after(nanos, action);
  }

  /** The API server comes back with the objects of a backup; its version went back with them. */
  void restore(long revision) {
    trace.say("fault", () -> "from version " + etcd.revision() + " back to " + revision);
    etcd.list(Etcd.PODS).forEach(pod -> watcher.disturbed(Etcd.idOf(Etcd.PODS, pod.tree())));
    etcd.restore(revision);
    api.restored();
    kubelet.restored();
    watcher.restored();
    etcd.list(Etcd.PODS).forEach(pod -> watcher.disturbed(Etcd.idOf(Etcd.PODS, pod.tree())));
  }

  /** The API server's answer, with what its webhooks do. */
  Reply serve(Api.Call call) {
    if (weather.is(Trouble.SECRETS_FORBIDDEN) && call.kind().equals(Etcd.SECRETS)) {
      return Api.failure(403, "Forbidden", "secrets is forbidden");
    }
    if (weather.is(Trouble.WEBHOOK_REFUSES) && writesSet(call)) {
      return Api.failure(403, "Forbidden", "a webhook denied the request");
    }
    var reply = api.answer(call);
    return weather.is(Trouble.WEBHOOK_ALTERS) && writesSet(call) && reply instanceof Reply.Success
        ? altered(call.id())
        : reply;
  }

  private static boolean writesSet(Api.Call call) {
    return call.writes() && call.kind().equals(Etcd.SETS);
  }

  private Reply altered(Etcd.ObjectId set) {
    var stored =
        etcd.update(
            set,
            live -> {
              live.withObject("/spec/template/metadata/annotations").put("webhook", "was here");
              return live;
            });
    return new Reply.Success(200, stored.tree().deepCopy());
  }
}
