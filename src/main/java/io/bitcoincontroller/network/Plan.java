package io.bitcoincontroller.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.Condition;
import io.bitcoincontroller.api.Spec;
import io.bitcoincontroller.api.Status;
import io.bitcoincontroller.bitcoind.RpcAuth;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.desired.Drift;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Quantity;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a pass does about what it saw: all of it, and nothing that is not needed; pure.
 *
 * @param makeSecret whether the Secret that the controller makes is missing
 * @param writes applies of the children that are not as rendered
 * @param mesh what to tell the nodes
 * @param trouble what a person has to put right
 * @param status what was found
 * @param settling the mesh is not as wanted yet, and something can be done about it
 * @param report false while this pass changes the mesh: what came of it is reported by the next
 * @param lookAgain when, if nothing happens first; empty for the usual period
 */
record Plan(
    boolean makeSecret,
    List<Write> writes,
    MeshPlan mesh,
    Optional<Trouble> trouble,
    Status status,
    boolean settling,
    boolean report,
    Optional<Duration> lookAgain) {

  /** One server-side apply. */
  record Write(
      Resource<StoredObject> resource, ObjectKey key, boolean creates, ApiRequest request) {}

  /** After this many passes in a row the status no longer waits for the mesh to come to rest. */
  private static final int ROUNDS_UNREPORTED = 4;

  private static final Duration FIRST_LOOK = Duration.ofMillis(10);
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);

  /** A new block is on all nodes within this, or something is wrong. */
  private static final Duration UNTIL_SYNCED = Duration.ofSeconds(2);

  private static final Duration UNTIL_CURRENT = Duration.ofMillis(500);

  /** Neither Secrets nor foreign objects are watched. */
  static final Duration UNTIL_HELPED = Duration.ofSeconds(10);

  boolean createsAnything() {
    return makeSecret || writes.stream().anyMatch(Write::creates);
  }

  static Plan of(Observation seen) {
    var stale = stale(seen);
    var trouble = trouble(seen);
    var mesh = MeshPlan.of(seen);
    var status = StatusOf.of(seen, mesh, trouble);
    var settling = mesh.changesAnything() || !mesh.links().dials().isEmpty();
    return new Plan(
        seen.secret() instanceof SecretState.ToBeMade,
        stale ? List.of() : writes(seen),
        mesh,
        trouble,
        status,
        settling,
        !stale && (!settling || seen.round() >= ROUNDS_UNREPORTED),
        stale
            ? Optional.of(UNTIL_CURRENT)
            : lookAgain(seen, trouble.isPresent(), settling, status));
  }

  /** Our copy of the network is older than what a StatefulSet was made from by another process. */
  private static boolean stale(Observation seen) {
    return seen.statefulSet() instanceof Child.Ours(StoredObject object)
        && Children.generation(object) > seen.network().metadata().generation();
  }

  private static Optional<Duration> lookAgain(
      Observation seen, boolean trouble, boolean settling, Status status) {
    if (seen.secret() instanceof SecretState.ToBeMade) {
      return Optional.of(Duration.ZERO);
    }
    if (settling) {
      var look = FIRST_LOOK.multipliedBy(1L << Math.min(seen.round(), 20));
      return Optional.of(look.compareTo(LONGEST_LOOK) < 0 ? look : LONGEST_LOOK);
    }
    if (trouble) {
      return Optional.of(UNTIL_HELPED);
    }
    var behind =
        status.conditions().stream()
            .anyMatch(c -> c.type().equals(Condition.SYNCED) && c.reason().equals(StatusOf.BEHIND));
    return behind ? Optional.of(UNTIL_SYNCED) : Optional.empty();
  }

  private static Optional<Trouble> trouble(Observation seen) {
    for (var child : List.of(seen.service(), seen.configMap(), seen.statefulSet())) {
      if (child instanceof Child.Foreign(String what, String owner)) {
        return Optional.of(
            new Trouble(
                "ObjectInTheWay",
                what
                    + " is there already and belongs to "
                    + owner
                    + "; it is left alone: rename or delete it, or name the network otherwise"));
      }
    }
    for (var child : List.of(seen.service(), seen.configMap(), seen.statefulSet())) {
      if (child instanceof Child.Unreadable(String why)) {
        return Optional.of(new Trouble("Unreadable", why));
      }
    }
    if (seen.secret() instanceof SecretState.Trouble(String reason, String message)) {
      return Optional.of(new Trouble(reason, message));
    }
    if (MeshPlan.tooLarge(seen)) {
      return Optional.of(MeshPlan.TOO_MANY_NODES);
    }
    return storageChanged(seen)
        ? Optional.of(
            new Trouble(
                "StorageImmutable",
                "spec.storage can't change once the StatefulSet is there; set it back, or create"
                    + " the network anew. Everything else is applied."))
        : Optional.empty();
  }

  private static Optional<Spec.Storage> storage(Observation seen) {
    return seen.statefulSet() instanceof Child.Ours(StoredObject object)
        ? Children.storage(object.content())
        : seen.network().spec().storage();
  }

  private static boolean storageChanged(Observation seen) {
    var wanted = seen.network().spec().storage();
    var stored = storage(seen);
    if (wanted.isEmpty() || stored.isEmpty()) {
      return wanted.isPresent() != stored.isPresent();
    }
    return !Quantity.same(wanted.get().size(), stored.get().size())
        || !wanted.get().storageClassName().equals(stored.get().storageClassName());
  }

  /**
   * The StatefulSet needs the credentials, the other two don't. It is not scaled to what can't be
   * linked. Nor do pods start with a bitcoin.conf that somebody else wrote: it might lead them to
   * another chain.
   */
  private static List<Write> writes(Observation seen) {
    var writes = new ArrayList<Write>();
    var usable = seen.secret() instanceof SecretState.Usable;
    var rpcAuth =
        seen.secret() instanceof SecretState.Usable(var credentials)
            ? RpcAuth.line(credentials, seen.network().metadata().uid())
            : "";
    var children = Children.of(seen.network(), rpcAuth, storage(seen));
    write(Resource.SERVICES, children.service(), seen.service()).ifPresent(writes::add);
    write(Resource.CONFIG_MAPS, children.configMap(), seen.configMap()).ifPresent(writes::add);
    var allowed = !(seen.configMap() instanceof Child.Foreign) && !MeshPlan.tooLarge(seen);
    if (usable && allowed) {
      write(Resource.STATEFUL_SETS, children.statefulSet(), seen.statefulSet())
          .ifPresent(writes::add);
    }
    return List.copyOf(writes);
  }

  /**
   * The first apply does not force: should somebody else's object have come in between, most of
   * their fields would conflict. Later ones name the UID, so that they can't hit another object.
   */
  private static Optional<Write> write(
      Resource<StoredObject> resource, ObjectNode rendered, Child child) {
    var metadata = rendered.path("metadata");
    var key = new ObjectKey(metadata.path("namespace").asText(), metadata.path("name").asText());
    return switch (child) {
      case Child.Absent() ->
          Optional.of(
              new Write(resource, key, true, Requests.apply(resource, key, rendered, false)));
      case Child.Ours(StoredObject stored) when Drift.differs(rendered, stored.content()) ->
          Optional.of(
              new Write(
                  resource,
                  key,
                  false,
                  Requests.apply(resource, key, withUid(rendered, stored.metadata().uid()), true)));
      case Child.Ours _, Child.Foreign _, Child.Unreadable _ -> Optional.empty();
    };
  }

  private static JsonNode withUid(ObjectNode rendered, String uid) {
    var named = rendered.deepCopy();
    named.withObject("/metadata").put("uid", uid);
    return named;
  }
}
