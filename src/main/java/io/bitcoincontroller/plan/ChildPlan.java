package io.bitcoincontroller.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.api.Spec;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.bitcoind.RpcAuth;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.desired.Creation;
import io.bitcoincontroller.desired.Drift;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.desired.OldConfigMap;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Quantity;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The writes of the Service, the StatefulSet and the budget.
 *
 * @param writes those children that are not as rendered
 * @param rollout how the pods get the present template
 * @param newTemplate the StatefulSet is written with another one than it has
 */
record ChildPlan(List<Write> writes, Rollout rollout, boolean newTemplate) {
  static ChildPlan of(Observation seen) {
    if (seen.asRendered().isPresent()) {
      var rollout = Rollout.of(seen, false);
      if (seen.asRendered().get().equals(AsRendered.of(seen, rollout.partition()))) {
        return new ChildPlan(List.of(), rollout, false);
      }
    }
    return rendered(seen);
  }

  /** For the next pass. */
  Optional<AsRendered> asRendered(Observation seen) {
    return writes.isEmpty()
        ? Optional.of(AsRendered.of(seen, rollout.partition()))
        : Optional.empty();
  }

  /** The StatefulSet is written only with known credentials, and if all its nodes can be linked. */
  private static ChildPlan rendered(Observation seen) {
    var credentials = credentials(seen.secret());
    var rpcAuth =
        credentials.map(known -> RpcAuth.line(known, seen.network().metadata().uid())).orElse("");
    var replicas = seen.held().replicas();
    var children = Children.of(seen.network(), rpcAuth, storage(seen), replicas, replicas);
    var allowed = credentials.isPresent() && !MeshPlan.tooLarge(seen);
    var newTemplate =
        allowed
            && seen.statefulSet() instanceof Child.Ours(StoredObject stored)
            && children.changesTemplate(stored);
    var rollout = Rollout.of(seen, newTemplate);
    var writes = new ArrayList<Write>();
    write(Resource.SERVICES, children.service(), seen.service()).ifPresent(writes::add);
    seen.oldConfigMap().flatMap(ChildPlan::delete).ifPresent(writes::add);
    seen.budget().flatMap(budget -> budget(seen.network(), budget)).ifPresent(writes::add);
    if (allowed) {
      var statefulSet =
          rollout.partition() == seen.nodes()
              ? children.statefulSet()
              : Children.of(seen.network(), rpcAuth, storage(seen), replicas, rollout.partition())
                  .statefulSet();
      write(Resource.STATEFUL_SETS, naming(statefulSet, seen), seen.statefulSet())
          .ifPresent(writes::add);
    }
    return new ChildPlan(List.copyOf(writes), rollout, newTemplate);
  }

  private static Optional<Write> budget(BitcoinNetwork network, Observation.Budget budget) {
    var resource = Resource.POD_DISRUPTION_BUDGETS;
    var rendered = Children.disruptionBudget(network, budget.withPolicy());
    if (budget.rival().isPresent()) {
      return Optional.empty();
    }
    if (network.spec().disruptionBudget()) {
      return write(resource, rendered, budget.child());
    }
    return budget.child() instanceof Child.Ours(StoredObject stored)
        ? Optional.of(delete(resource, stored, ""))
        : Optional.empty();
  }

  private static Write delete(Resource<StoredObject> resource, StoredObject stored, String why) {
    var key = stored.metadata().key();
    var news = "deleted " + resource.kind() + " " + key.name() + why;
    return new Write(
        resource,
        key,
        Optional.of(stored),
        JsonNodeFactory.instance.objectNode(),
        Requests.delete(resource, key, stored.metadata().uid()),
        Optional.of(new Note(false, "Updated", news)));
  }

  private static Optional<Write> delete(Child oldConfigMap) {
    return oldConfigMap instanceof Child.Ours(StoredObject stored)
        ? Optional.of(delete(Resource.CONFIG_MAPS, stored, ", which no pod mounts any more"))
        : Optional.empty();
  }

  /** The StatefulSet remembers the old ConfigMap until it is known to be gone, or not ours. */
  private static ObjectNode naming(ObjectNode statefulSet, Observation seen) {
    return !oldConfigMapIsGone(seen)
            && seen.statefulSet() instanceof Child.Ours(StoredObject stored)
            && OldConfigMap.mayBeThere(stored)
        ? OldConfigMap.named(statefulSet, Names.configMap(seen.network().metadata().name()))
        : statefulSet;
  }

  private static boolean oldConfigMapIsGone(Observation seen) {
    return seen.oldConfigMap()
        .filter(child -> child instanceof Child.Absent || child instanceof Child.Foreign)
        .isPresent();
  }

  private static String words(ObjectNode rendered, Resource<?> resource) {
    return resource.kind() + " " + rendered.at("/metadata/name").asText();
  }

  private static Optional<Credentials> credentials(SecretState secret) {
    return switch (secret) {
      case SecretState.Usable(var credentials) -> Optional.of(credentials);
      case SecretState.Remembered(var credentials, _) -> Optional.of(credentials);
      case SecretState.ToBeMade(var credentials) -> Optional.of(credentials);
      case SecretState.Unavailable _ -> Optional.empty();
    };
  }

  private static Optional<Spec.Storage> storage(Observation seen) {
    return seen.statefulSet() instanceof Child.Ours(StoredObject object)
        ? Children.storage(object.content())
        : seen.network().spec().storage();
  }

  static boolean storageChanged(Observation seen) {
    var wanted = seen.network().spec().storage();
    var stored = storage(seen);
    if (wanted.isEmpty() || stored.isEmpty()) {
      return wanted.isPresent() != stored.isPresent();
    }
    return !Quantity.same(wanted.get().size(), stored.get().size())
        || !wanted.get().storageClassName().equals(stored.get().storageClassName());
  }

  /** A POST touches nothing that is there. Applies name the UID: they can't hit another object. */
  private static Optional<Write> write(
      Resource<StoredObject> resource, ObjectNode rendered, Child child) {
    var metadata = rendered.path("metadata");
    var key = new ObjectKey(metadata.path("namespace").asText(), metadata.path("name").asText());
    var what = words(rendered, resource);
    return switch (child) {
      case Child.Absent() ->
          Optional.of(
              new Write(
                  resource,
                  key,
                  Optional.empty(),
                  rendered,
                  Requests.create(resource, key.namespace(), Creation.object(rendered)),
                  Optional.of(new Note(false, Note.CREATED, "created " + what))));
      case Child.Ours(StoredObject stored) when Drift.objectDiffers(rendered, stored.content()) -> {
        var handsOver = Creation.isAsCreated(stored);
        yield Optional.of(
            new Write(
                resource,
                key,
                Optional.of(stored),
                rendered,
                handsOver
                    ? Requests.metadata(resource, key)
                    : Requests.apply(resource, key, named(rendered, stored)),
                handsOver ? Optional.empty() : change(what, rendered, stored.content())));
      }
      case Child.Ours(StoredObject stored) ->
          Drift.surplus(rendered, stored.content())
              .map(
                  surplus ->
                      new Write(
                          resource,
                          key,
                          Optional.of(stored),
                          rendered,
                          takeAway(resource, key, rendered, surplus, stored),
                          change(what, rendered, stored.content())));
      case Child.Foreign _, Child.Leftover _, Child.Orphaned _, Child.Unreadable _ ->
          Optional.empty();
    };
  }

  /** An apply sets a budget's selector as a whole; a Service's selector is a map. */
  private static ApiRequest takeAway(
      Resource<StoredObject> resource,
      ObjectKey key,
      ObjectNode rendered,
      ObjectNode surplus,
      StoredObject stored) {
    return resource.equals(Resource.POD_DISRUPTION_BUDGETS)
        ? Requests.apply(resource, key, named(rendered, stored))
        : Requests.strategicMerge(resource, key, withUid(surplus, stored.metadata().uid()));
  }

  /**
   * A step that lets pods go depends on the stored object: the server takes it only if the object
   * has not changed since.
   */
  private static JsonNode named(ObjectNode rendered, StoredObject stored) {
    var named = withUid(rendered, stored.metadata().uid());
    var metadata = named.withObject("/metadata");
    var now = stored.content().path("spec");
    for (var lowered : List.of("/replicas", "/updateStrategy/rollingUpdate/partition")) {
      if (rendered.path("spec").at(lowered).asInt() < now.at(lowered).asInt()) {
        metadata.put("resourceVersion", stored.metadata().resourceVersion());
      }
    }
    return named;
  }

  private static ObjectNode withUid(ObjectNode object, String uid) {
    var named = object.deepCopy();
    named.withObject("/metadata").put("uid", uid);
    return named;
  }

  /** The first step of a roll-out is news; the later ones are not. */
  private static Optional<Note> change(String what, ObjectNode rendered, JsonNode stored) {
    var from = stored.at("/spec/replicas");
    var to = rendered.at("/spec/replicas");
    if (!to.isMissingNode() && from.asInt(1) != to.asInt()) {
      return Optional.of(
          new Note(false, "Scaled", "from " + from.asInt(1) + " to " + to.asInt() + " nodes"));
    }
    return Drift.differsInMoreThanRollout(rendered, stored)
        ? Optional.of(new Note(false, "Updated", "made " + what + " as the spec wants it"))
        : Optional.empty();
  }
}
