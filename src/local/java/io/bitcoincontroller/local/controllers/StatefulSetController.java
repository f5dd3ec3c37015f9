package io.bitcoincontroller.local.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.api.Metadata;
import io.bitcoincontroller.local.api.Storage;
import io.bitcoincontroller.local.api.Storage.Change;
import io.bitcoincontroller.local.api.Storage.ChangeType;
import io.bitcoincontroller.local.api.Storage.StatusException;
import io.bitcoincontroller.local.controllers.SetPlan.Revisions;
import io.bitcoincontroller.local.loop.Loop;
import io.bitcoincontroller.observe.Log;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Makes the pods of StatefulSets. It reads a set and its pods, carries out their {@link SetPlan}
 * and writes the status.
 *
 * <p>Not promised: adoption of pods that have no owner, and {@code minReadySeconds}.
 */
public final class StatefulSetController {
  /**
   * This controller makes them, and they are garbage when the set is gone. The API does not serve
   * them.
   */
  public static final Kind CONTROLLER_REVISIONS = SetRevisions.KIND;

  static final Kind CLAIMS =
      new Kind("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", true);

  private final Storage storage;
  private final String nodeName;
  private final SetRevisions revisions;
  private final SetEvents warnings;
  private final PodQuotas quotas;
  private final Log log;
  private final Loop loop;

  /**
   * The ordinals of each set's pods, by the set's uid: a look covers them beside the wanted
   * ordinals. It may lag behind the storage; the pods themselves are read afresh.
   */
  private final Map<String, SortedSet<Integer>> known = new HashMap<>();

  /**
   * Looks after StatefulSets from now on.
   *
   * @param nodeName of the only node: every pod goes there, and no scheduler is needed
   */
  public StatefulSetController(Storage storage, String nodeName, Log log) {
    this.nodeName = nodeName;
    this.storage = storage;
    this.revisions = new SetRevisions(storage);
    this.warnings = new SetEvents(storage);
    this.quotas = new PodQuotas(storage);
    this.log = log;
    this.loop =
        new Loop(
            "StatefulSet controller",
            storage,
            () -> List.of(Kind.STATEFUL_SETS, Kind.PODS),
            new Sets(),
            log);
    loop.start();
  }

  /** Nothing is done after this. */
  public void stop() throws InterruptedException {
    loop.stop();
  }

  private final class Sets implements Loop.Controller {
    @Override
    public void see(List<Change> changes) {
      var keys = new LinkedHashSet<ObjectKey>();
      for (var change : changes) {
        if (change.kind().equals(Kind.STATEFUL_SETS)) {
          keys.add(Metadata.key(change.object()));
        } else {
          setOf(change).ifPresent(keys::add);
        }
      }
      keys.forEach(StatefulSetController.this::look);
    }

    @Override
    public void lookAround() {
      known.clear();
      storage
          .list(Kind.PODS)
          .forEach(pod -> setOf(new Change(ChangeType.ADDED, Kind.PODS, pod, 0)));
      storage.list(Kind.STATEFUL_SETS).forEach(set -> look(Metadata.key(set)));
    }
  }

  /** Notes a pod of a set, and returns the set. */
  private Optional<ObjectKey> setOf(Change change) {
    var key = Metadata.key(change.object());
    var owner = Json.convert(change.object().path("metadata"), Meta.class).controllerOwner();
    return owner
        .filter(o -> o.kind().equals(Kind.STATEFUL_SETS.kind()))
        .filter(o -> key.name().matches(Pattern.quote(o.name()) + "-\\d{1,9}"))
        .map(
            o -> {
              var ordinal = Integer.parseInt(key.name().substring(o.name().length() + 1));
              note(change.type(), o.uid(), ordinal);
              return new ObjectKey(key.namespace(), o.name());
            });
  }

  private void note(ChangeType type, String setUid, int ordinal) {
    var ordinals = known.computeIfAbsent(setUid, _ -> new TreeSet<>());
    if (type == ChangeType.DELETED) {
      ordinals.remove(ordinal);
    } else {
      ordinals.add(ordinal);
    }
    if (ordinals.isEmpty()) {
      known.remove(setUid);
    }
  }

  private void look(ObjectKey key) {
    try {
      storage
          .get(Kind.STATEFUL_SETS, key)
          .filter(set -> !Metadata.deleting(set))
          .ifPresent(this::reconcile);
    } catch (StatusException e) {
      if (e.code == 404) {
        return; // the set or a pod of it went meanwhile: its DELETED comes next
      }
      log.warn("StatefulSet has to wait", "set", key, "because", String.valueOf(e.getMessage()));
    }
  }

  private void reconcile(ObjectNode set) {
    var spec = SetSpec.of(set.path("spec"));
    var update = revisions.present(set);
    var current = set.path("status").path("currentRevision").asText(update);
    var names = new Revisions(current, update);
    var plan = SetPlan.of(spec, names, pods(set, spec));
    for (var ordinal : plan.delete()) {
      storage.delete(Kind.PODS, podKey(set, ordinal));
    }
    plan.create().forEach((ordinal, revision) -> create(set, ordinal, revision));
    writeStatus(set, spec, names);
  }

  private static ObjectKey podKey(ObjectNode set, int ordinal) {
    var key = Metadata.key(set);
    return new ObjectKey(key.namespace(), key.name() + "-" + ordinal);
  }

  private SortedMap<Integer, SetPod> pods(ObjectNode set, SetSpec spec) {
    var ordinals = new TreeSet<>(known.getOrDefault(Metadata.uid(set), new TreeSet<>()));
    for (var ordinal = 0; ordinal < spec.replicas(); ordinal++) {
      ordinals.add(ordinal);
    }
    var pods = new TreeMap<Integer, SetPod>();
    for (var ordinal : ordinals) {
      storage
          .get(Kind.PODS, podKey(set, ordinal))
          .filter(pod -> ownedBy(pod, set))
          .ifPresent(pod -> pods.put(ordinal, SetPod.of(ordinal, pod)));
    }
    return pods;
  }

  private static boolean ownedBy(JsonNode pod, JsonNode set) {
    return Json.convert(pod.path("metadata"), Meta.class).ownedBy(Metadata.uid(set));
  }

  private void create(ObjectNode set, int ordinal, String revision) {
    var pod = pod(set, ordinal, revisions.template(set, revision));
    ((ObjectNode) pod.at("/metadata/labels")).put(SetPod.REVISION_LABEL, revision);
    claim(set, pod);
    try {
      quotas.check(pod);
      storage.create(Kind.PODS, pod);
    } catch (StatusException e) {
      warnings.failedCreate(set, pod, String.valueOf(e.getMessage()));
      throw e;
    }
  }

  /** Limits the pods of a namespace from now on, as a ResourceQuota does. */
  public void quota(String namespace, int pods) {
    quotas.set(namespace, pods);
  }

  private ObjectNode pod(ObjectNode set, int ordinal, JsonNode template) {
    var key = podKey(set, ordinal);
    var pod = JsonNodeFactory.instance.objectNode();
    pod.put("apiVersion", Kind.PODS.apiVersion()).put("kind", Kind.PODS.kind());
    ObjectNode metadata =
        template.path("metadata") instanceof ObjectNode given
            ? given.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    metadata.put("name", key.name()).put("namespace", key.namespace());
    var labels = metadata.withObject("/labels");
    labels.put("statefulset.kubernetes.io/pod-name", key.name());
    labels.put("apps.kubernetes.io/pod-index", Integer.toString(ordinal));
    metadata.putArray("ownerReferences").add(SetRevisions.owner(set));
    pod.set("metadata", metadata);
    pod.set("spec", template.path("spec").deepCopy());
    var spec = pod.withObject("/spec");
    spec.put("hostname", key.name()).put("nodeName", nodeName);
    spec.put("subdomain", set.path("spec").path("serviceName").asText());
    return pod;
  }

  /** Makes a claim per volumeClaimTemplate and pod. It stays when the pod goes. */
  private void claim(ObjectNode set, ObjectNode pod) {
    for (var template : set.path("spec").path("volumeClaimTemplates")) {
      var volume = template.path("metadata").path("name").asText();
      var podKey = Metadata.key(pod);
      var key = new ObjectKey(podKey.namespace(), volume + "-" + podKey.name());
      var volumes = pod.withObject("/spec").withArray("volumes");
      volumes
          .addObject()
          .put("name", volume)
          .putObject("persistentVolumeClaim")
          .put("claimName", key.name());
      if (storage.get(CLAIMS, key).isEmpty()) {
        ObjectNode claim = template.deepCopy();
        claim.put("apiVersion", CLAIMS.apiVersion()).put("kind", CLAIMS.kind());
        claim.withObject("/metadata").put("name", key.name()).put("namespace", key.namespace());
        claim.putObject("status").put("phase", "Bound");
        storage.create(CLAIMS, claim);
      }
    }
  }

  private void writeStatus(ObjectNode set, SetSpec spec, Revisions names) {
    var pods = pods(set, spec);
    var generation = set.path("metadata").path("generation").asLong();
    var status = SetPlan.status(spec, names, generation, pods);
    storage.update(
        Kind.STATEFUL_SETS,
        Metadata.key(set),
        stored -> {
          if (Metadata.uid(stored).equals(Metadata.uid(set))) {
            stored.set("status", status);
          }
          return stored;
        });
  }
}
