package io.bitcoincontroller.sim.world;

import io.bitcoincontroller.sim.world.Etcd.ObjectId;
import io.bitcoincontroller.sim.world.Weather.Trouble;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Makes faults happen. */
public final class Strikes {
  /** The controllers, as far as faults strike them. */
  public interface Controllers {
    int count();

    ApiWire wire(int controller);

    void kill(int controller);

    void stop(int controller);

    void pause(int controller, long nanos);
  }

  private final World world;
  private final Controllers controllers;

  public Strikes(World world, Controllers controllers) {
    this.world = world;
    this.controllers = controllers;
  }

  public void begin(Fault fault) {
    var random = new SplittableRandom(fault.salt());
    world.trace.say("fault", fault::toString);
    switch (fault.kind()) {
      case WEATHER -> {
        world.weather.begin(fault.trouble());
        world.after(
            fault.lasts(),
            () -> {
              world.weather.end(fault.trouble());
              world.trace.say("fault", () -> fault + " is over");
            });
      }
      case WATCH_CUT -> stream(random, stream -> stream.cut(random.nextBoolean()));
      case WATCH_STALLED -> stream(random, WatchStream::stall);
      case CONNECTION_HALF_OPEN ->
          controllers
              .wire(random.nextInt(controllers.count()))
              .streams()
              .forEach(WatchStream::stall);
      case WATCH_FAILED -> stream(random, stream -> fail(stream, random));
      case HISTORY_FORGOTTEN -> world.etcd.compact();
      case BACKUP_RESTORED -> restore(random);
      case POD_DELETED -> pod(random, world.etcd::delete);
      case POD_REMOVED -> pod(random, world.etcd::remove);
      case POD_EVICTED -> pod(random, world.kubelet::evict);
      case BITCOIND_RESTARTED ->
          pod(random, pod -> world.kubelet.restart(pod, random.nextBoolean()));
      case BITCOIND_FROZEN -> pod(random, pod -> world.kubelet.freeze(pod, fault.lasts()));
      case LIST_EDITED -> editList(random);
      case MINED -> network(random, name -> world.users.mine(name, random, random.nextInt(4) > 0));
      case SCALED -> network(random, name -> world.users.scale(name, random.nextInt(6)));
      case CONFIG_CHANGED ->
          network(random, name -> world.users.config(name, random.nextInt(1000)));
      case PEERS_CHANGED ->
          network(
              random,
              name ->
                  world.users.peers(
                      name, List.of("192.168.0.1", "192.168.0.2").subList(0, random.nextInt(3))));
      case TOPOLOGY_CHANGED -> network(random, world.users::turnTopology);
      case NETWORK_DELETED ->
          network(random, name -> world.users.deleteForAWhile(name, fault.lasts() / 4));
      case CHILD_DELETED -> network(random, name -> world.etcd.delete(child(name, random)));
      case TEMPLATE_EDITED -> network(random, name -> editTemplate(name, random));
      case SECRET_CHANGED -> world.users.changePassword();
      case SECRET_GONE -> world.users.loseSecret(fault.lasts());
      case FOREIGN_OBJECT ->
          network(
              random,
              name -> {
                world.users.deleteForAWhile(name, 4_000_000_000L);
                world.after(3_900_000_000L, () -> world.users.makeForeign(name, fault.lasts()));
              });
      case UNREADABLE_OBJECT -> world.users.makeUnreadable();
      case CONTROLLER_KILLED -> controllers.kill(random.nextInt(controllers.count()));
      case CONTROLLER_STOPPED -> controllers.stop(random.nextInt(controllers.count()));
      case CONTROLLER_PAUSED ->
          controllers.pause(random.nextInt(controllers.count()), fault.lasts());
    }
  }

  private void stream(SplittableRandom random, Consumer<WatchStream> strike) {
    var streams = controllers.wire(random.nextInt(controllers.count())).streams();
    if (!streams.isEmpty()) {
      var stream = streams.get(random.nextInt(streams.size()));
      world.trace.say("fault", () -> "it is the watch of " + stream.kind());
      strike.accept(stream);
    }
  }

  private static void fail(WatchStream stream, SplittableRandom random) {
    switch (random.nextInt(5)) {
      case 0 -> stream.error(401, "Unauthorized");
      case 1 -> stream.error(403, "Forbidden");
      case 2 -> stream.error(429, "TooManyRequests");
      case 3 -> stream.error(500, "InternalError");
      default -> stream.error(410, "Expired");
    }
  }

  /** It takes some seconds, in which nobody is answered: each reflector notices. */
  private void restore(SplittableRandom random) {
    for (var controller = 0; controller < controllers.count(); controller++) {
      controllers.wire(controller).serverRestarted();
    }
    var revision = world.etcd.revision() - random.nextInt(60);
    var away = random.nextLong(3_000_000_000L, 8_000_000_000L);
    world.weather.begin(Trouble.API_AWAY);
    world.after(away, () -> world.weather.end(Trouble.API_AWAY));
    world.restore(Math.max(revision, world.etcd.first()));
    world.after(away + random.nextLong(5_000_000_000L), world.users::writeAgain);
  }

  private void pod(SplittableRandom random, Consumer<ObjectId> strike) {
    var pods = world.kubelet.pods();
    if (!pods.isEmpty()) {
      var pod = pods.get(random.nextInt(pods.size()));
      world.trace.say("fault", () -> "it is " + pod);
      world.watcher.disturbed(pod);
      strike.accept(pod);
    }
  }

  private void network(SplittableRandom random, Consumer<String> strike) {
    world.users.one(random).ifPresent(strike);
  }

  private static ObjectId child(String network, SplittableRandom random) {
    var kinds = List.of("/services", "policy/poddisruptionbudgets", Etcd.SETS);
    var kind = kinds.get(random.nextInt(kinds.size()));
    return ObjectId.of(kind, Users.NAMESPACE, network + suffix(kind));
  }

  private static String suffix(String kind) {
    return switch (kind) {
      case "/services" -> "-svc";
      case Etcd.SETS -> "-sts";
      default -> "-pdb";
    };
  }

  private void editTemplate(String network, SplittableRandom random) {
    var id = ObjectId.of(Etcd.SETS, Users.NAMESPACE, network + "-sts");
    if (world.etcd.get(id).isPresent()) {
      world.etcd.update(
          id,
          set -> {
            set.withObject("/spec/template/metadata/annotations")
                .put("restartedAt", Long.toString(random.nextInt(1000)));
            return set;
          });
    }
  }

  private void editList(SplittableRandom random) {
    var nodes = world.nodes.all().stream().filter(node -> !node.added.isEmpty()).toList();
    if (!nodes.isEmpty()) {
      var node = nodes.get(random.nextInt(nodes.size()));
      var entry = node.added.remove(random.nextInt(node.added.size()));
      world.trace.say("user", () -> "takes " + entry + " from the list of " + node.pod);
    }
  }
}
