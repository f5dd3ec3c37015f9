package io.bitcoincontroller.sim.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.controllers.SetPlan;
import io.bitcoincontroller.local.controllers.SetPod;
import io.bitcoincontroller.local.controllers.SetSpec;
import io.bitcoincontroller.sim.world.Etcd.ObjectId;
import io.bitcoincontroller.sim.world.Etcd.Version;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Kubernetes' own controllers, as far as they matter: the one of StatefulSets, by the plan that the
 * local cluster has, and the garbage collector. Each looks again a moment after something changed.
 */
final class Cluster {
  static final String REVISION = "controller-revision-hash";

  private final World world;

  /** The template of each revision of each set's UID. */
  private final Map<String, JsonNode> templates = new HashMap<>();

  private boolean due;

  Cluster(World world) {
    this.world = world;
    world.etcd.wake(
        event -> {
          if (event.id().kind().equals(Etcd.SETS)
              || event.id().kind().equals(Etcd.PODS)
              || !event.type().equals("MODIFIED")) {
            lookSoon();
          }
        });
  }

  private void lookSoon() {
    if (!due) {
      due = true;
      world.after(
          world.millis(5, world.once(10) ? 3000 : 60),
          () -> {
            due = false;
            collect();
            world.etcd.list(Etcd.SETS).forEach(this::look);
          });
    }
  }

  /** What is owned by an object that is gone goes as well. */
  private void collect() {
    for (var kind :
        List.of(Etcd.SETS, Etcd.PODS, Etcd.SECRETS, "/services", "policy/poddisruptionbudgets")) {
      for (var object : world.etcd.list(kind)) {
        var owner = object.at("/metadata/ownerReferences/0");
        var ofNetwork = owner.path("kind").asText().equals("BitcoinNetwork");
        var ownerId =
            ObjectId.of(
                ofNetwork ? Etcd.NETWORKS : Etcd.SETS,
                object.at("/metadata/namespace").asText(),
                owner.path("name").asText());
        if (!owner.isMissingNode()
            && world
                .etcd
                .get(ownerId)
                .filter(there -> there.uid().equals(owner.path("uid").asText()))
                .isEmpty()) {
          world.etcd.delete(Etcd.idOf(kind, object.tree()));
        }
      }
    }
  }

  private void look(Version set) {
    var spec = spec(set);
    var update = revision(set);
    templates.put(set.uid() + update, set.at("/spec/template"));
    var current = set.at("/status/currentRevision").asText(update);
    var revisions = new SetPlan.Revisions(current, update);
    var pods = pods(set);
    var plan = SetPlan.of(spec, revisions, pods);
    for (var ordinal : plan.delete()) {
      var id = pod(set, ordinal);
      world.trace.say("statefulset", () -> "deletes " + id);
      world.watcher.deletedByItsSet(id);
      if (Optional.ofNullable(pods.get(ordinal)).filter(SetPod::ended).isPresent()) {
        world.etcd.remove(id);
      } else {
        world.etcd.delete(id);
      }
    }
    plan.create()
        .forEach(
            (ordinal, revision) -> {
              var template = templates.getOrDefault(set.uid() + revision, set.at("/spec/template"));
              if (world.etcd.get(pod(set, ordinal)).isEmpty()) {
                world.etcd.create(Etcd.PODS, render(set, ordinal, revision, template));
              }
            });
    var status =
        SetPlan.status(spec, revisions, set.at("/metadata/generation").asLong(), pods(set));
    if (!status.equals(set.tree().path("status"))) {
      world.etcd.update(
          Etcd.idOf(Etcd.SETS, set.tree()),
          live -> {
            live.set("status", status);
            return live;
          });
    }
  }

  private static SetSpec spec(Version set) {
    return new SetSpec(
        set.at("/spec/replicas").asInt(1),
        false,
        true,
        set.at("/spec/updateStrategy/rollingUpdate/partition").asInt());
  }

  private static String revision(Version set) {
    var hash = set.at("/spec/template").toString().hashCode() & 0xffffffffL;
    return set.at("/metadata/name").asText() + String.format(Locale.ROOT, "-%08x", hash);
  }

  private static ObjectId pod(Version set, int ordinal) {
    return ObjectId.of(
        Etcd.PODS,
        set.at("/metadata/namespace").asText(),
        set.at("/metadata/name").asText() + "-" + ordinal);
  }

  private SortedMap<Integer, SetPod> pods(Version set) {
    var pods = new TreeMap<Integer, SetPod>();
    for (var pod : world.etcd.list(Etcd.PODS)) {
      if (pod.at("/metadata/ownerReferences/0/uid").asText().equals(set.uid())) {
        var name = pod.at("/metadata/name").asText();
        var ordinal = Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
        pods.put(
            ordinal,
            new SetPod(
                ordinal,
                pod.at("/metadata/labels/" + REVISION).asText(),
                pod.deleting(),
                ready(pod),
                phase(pod).equals("Failed")));
      }
    }
    return pods;
  }

  static String phase(Version pod) {
    return pod.at("/status/phase").asText();
  }

  static boolean ready(Version pod) {
    return pod.at("/status/conditions/0/status").asText().equals("True");
  }

  private static ObjectNode render(Version set, int ordinal, String revision, JsonNode template) {
    var pod = JsonNodeFactory.instance.objectNode();
    pod.put("apiVersion", "v1").put("kind", "Pod");
    var metadata = pod.putObject("metadata");
    var id = pod(set, ordinal);
    metadata.put("namespace", id.key().namespace()).put("name", id.key().name());
    ObjectNode labels = template.at("/metadata/labels").deepCopy();
    metadata.set("labels", labels.put(REVISION, revision));
    metadata
        .putArray("ownerReferences")
        .addObject()
        .put("apiVersion", "apps/v1")
        .put("kind", "StatefulSet")
        .put("name", set.at("/metadata/name").asText())
        .put("uid", set.uid())
        .put("controller", true)
        .put("blockOwnerDeletion", true);
    pod.set("spec", template.path("spec").deepCopy());
    return pod;
  }
}
