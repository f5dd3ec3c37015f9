package io.bitcoincontroller.network;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.api.BitcoinNetwork.Reading;
import io.bitcoincontroller.api.Condition;
import io.bitcoincontroller.api.Spec;
import io.bitcoincontroller.controller.Outcome;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.controller.Reconciler;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.StoredObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes the pass over one network, once the cache can be trusted with it. Many networks have their
 * passes side by side; the same network has one at a time.
 */
public final class NetworkReconciler implements Reconciler<ObjectKey> {
  /** Bytes of each network, as measured: what was asked, told and tried. */
  private static final int KEPT_OF_NETWORK = 6 * 1024;

  /** Of each dial that a node makes, as long as its other end is not reached. */
  private static final int KEPT_OF_DIAL = 256;

  /** Of each pod: how calls to its node went, and the first KiB of what it said. */
  public static final int KEPT_OF_POD = 1536;

  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** Half a cache decides nothing. The last watch to be complete queues all networks again. */
  private static final Duration UNTIL_SYNCED = Duration.ofMinutes(1);

  /** A node that hangs takes so long for most calls. */
  private static final Duration UNTIL_CALLED = Duration.ofSeconds(5);

  private final Surroundings surroundings;
  private final Stores stores;

  private final Pace pace = new Pace();
  private final RivalReader rivals;
  private final CostlyLooks costly = new CostlyLooks();

  /** Of the networks that are there, and of those that went, until no call to their nodes runs. */
  private final Map<ObjectKey, NetworkPass> passes = new ConcurrentHashMap<>();

  /** Of networks that can't be read: what their status says of it. */
  private final Map<ObjectKey, Reported> reported = new ConcurrentHashMap<>();

  private record Reported(String uid, String why) {}

  public NetworkReconciler(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.stores = surroundings.stores();
    this.rivals = new RivalReader(stores.networks(), surroundings.ticker());
  }

  /**
   * Bytes that passes keep about a network beside what the stores hold of it. The stores' budget
   * counts them, so that ever more networks, which cost who creates them nothing, don't fill the
   * heap.
   */
  public static int keptOf(StoredObject network) {
    return KEPT_OF_NETWORK + Spec.mostDials(network.content()) * KEPT_OF_DIAL;
  }

  /**
   * Makes one pass.
   *
   * @throws IOException if the pass can't do without an answer of the API server, and there is
   *     none: the controller tries again
   */
  @Override
  public Outcome reconcile(ObjectKey key, Permit permit) throws IOException, InterruptedException {
    var stored = stores.networks().get(key);
    if (stored.isEmpty()) {
      return absent(key);
    }
    var network = stored.get();
    reported.remove(key);
    var pass = passOf(network.metadata());
    if (!stores.synced(key.namespace())) {
      return new Outcome.NotNow(UNTIL_SYNCED, "the caches are not complete yet");
    }
    if (!caughtUp(key) || behind(network)) {
      return pass.later();
    }
    return switch (BitcoinNetwork.read(network)) {
      case Reading.Valid(var valid) -> {
        try {
          yield pass.make(valid, permit);
        } finally {
          pass.over();
        }
      }
      case Reading.Invalid(var problems) -> pass.refuse(network, problems);
    };
  }

  /** Gone, or unreadable: then its status says so, and its pods are let alone. */
  private Outcome absent(ObjectKey key) throws IOException, InterruptedException {
    var unreadable = stores.networks().unreadable(key);
    if (unreadable.isPresent()) {
      var now = new Reported(unreadable.get().uid(), unreadable.get().why());
      return unreadable(Meta.of(key, now.uid()), now);
    }
    reported.remove(key);
    surroundings.metrics().forget(key);
    var pass = Optional.ofNullable(passes.get(key));
    pass.ifPresent(NetworkPass::forgetNodes);
    if (pass.filter(NetworkPass::callsNodes).isPresent()) {
      return new Outcome.NotNow(UNTIL_CALLED, "it is gone, and calls to its nodes have not ended");
    }
    passes.remove(key);
    return new Outcome.Gone();
  }

  /**
   * What passes remember of it, from when it could be read, stays, but for its nodes; of others
   * nothing is kept.
   */
  private Outcome unreadable(Meta network, Reported now) throws IOException, InterruptedException {
    surroundings.metrics().found(network.key(), NetworkNumbers.notReady(Condition.UNREADABLE));
    Optional.ofNullable(passes.get(network.key())).ifPresent(NetworkPass::forgetNodes);
    if (!now.equals(reported.get(network.key()))) {
      var pass =
          Optional.ofNullable(passes.get(network.key()))
              .filter(known -> known.isOf(network))
              .orElseGet(() -> fresh(network, Optional.empty()));
      if (pass.reportUnreadable(network, now.why())) {
        reported.put(network.key(), now);
      }
    }
    return new Outcome.InvalidBecause("the network can't be read: " + now.why());
  }

  /** If another network has the name now, nothing that was remembered of the first one counts. */
  private NetworkPass passOf(Meta network) {
    var pass = passes.computeIfAbsent(network.key(), _ -> fresh(network, Optional.empty()));
    if (pass.isOf(network)) {
      return pass;
    }
    pass.forgetNodes();
    var fresh = fresh(network, Optional.of(pass));
    passes.put(network.key(), fresh);
    return fresh;
  }

  private NetworkPass fresh(Meta network, Optional<NetworkPass> before) {
    return new NetworkPass(network, surroundings, pace, rivals, costly, before);
  }

  /** Acting on a state older than our own last write would do it again, or undo it. */
  private boolean caughtUp(ObjectKey key) {
    return stores.networks().caughtUp(key)
        && stores.services().caughtUp(child(key, Names.service(key.name())))
        && stores.statefulSets().caughtUp(child(key, Names.statefulSet(key.name())))
        && stores.budgets().caughtUp(child(key, Names.disruptionBudget(key.name())));
  }

  private static ObjectKey child(ObjectKey network, String name) {
    return new ObjectKey(network.namespace(), name);
  }

  /** Another process may have made the StatefulSet from a newer spec than our cache shows. */
  private boolean behind(StoredObject network) throws InterruptedException {
    var key = network.metadata().key();
    var statefulSet = stores.statefulSets().get(child(key, Names.statefulSet(key.name())));
    return statefulSet.isPresent()
        && behind(
            network.metadata(),
            statefulSet.get(),
            surroundings.api(),
            () -> stores.networks().doubt(network.metadata()));
  }

  /**
   * The StatefulSet's annotation names the generation of the spec. Anybody may have written it, so
   * the API server is asked as well.
   *
   * @param doubt called if the API server has another generation, or no such network
   */
  static boolean behind(Meta network, StoredObject statefulSet, ApiSender api, Runnable doubt)
      throws InterruptedException {
    if (!statefulSet.metadata().ownedBy(network.uid())
        || Children.generation(statefulSet) <= network.generation()) {
      return false;
    }
    try {
      var request = Requests.get(BitcoinNetwork.RESOURCE, network.key());
      var reply = api.send(request, DEADLINE);
      var isSame =
          reply instanceof Reply.Success(_, var body)
              && body.at("/metadata/generation").asLong() == network.generation();
      if (!isSame && (reply instanceof Reply.Success || reply.missed())) {
        doubt.run();
      }
      return !isSame;
    } catch (IOException _) {
      return true; // to wait does no harm
    }
  }
}
