package io.bitcoincontroller.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.cache.Change;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.plan.Child;
import io.bitcoincontroller.plan.World;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What of an object is worth a pass over its network, field by field. */
class OwnersTest {
  private static final ObjectKey KEY = new ObjectKey("default", "any");

  private final StoredObject set = ((Child.Ours) new World("nodes: 1").statefulSet).object();
  private final Pod pod = World.pod(0, "10.0.0.7", true);

  private static <T extends KubeObject> Change<T> change(T before, T after) {
    return new Change<>(KEY, Optional.of(before), Optional.of(after));
  }

  private static <T extends KubeObject> void comesAndGoes(T object, Predicate<Change<T>> concerns) {
    assertTrue(concerns.test(new Change<>(KEY, Optional.empty(), Optional.of(object))), "new");
    assertTrue(concerns.test(new Change<>(KEY, Optional.of(object), Optional.empty())), "gone");
    assertFalse(concerns.test(change(object, object)), "the same again");
  }

  private static StoredObject edited(StoredObject object, Consumer<ObjectNode> edit) {
    ObjectNode content = object.content().deepCopy();
    edit.accept(content);
    return Json.convert(content, StoredObject.class);
  }

  private static Consumer<ObjectNode> put(String parent, String field, String value) {
    return content -> content.withObject(parent).put(field, value);
  }

  private static void anotherOwner(ObjectNode content) {
    content.withObject("/metadata").putArray("ownerReferences").addObject().put("uid", "other");
  }

  private boolean networkConcerns(Consumer<ObjectNode> edit) {
    return Owners.concerns(change(set, edited(set, edit)));
  }

  private boolean childConcerns(Consumer<ObjectNode> edit) {
    return Owners.childConcerns(change(set, edited(set, edit)));
  }

  private boolean podConcerns(Consumer<ObjectNode> edit) {
    ObjectNode changed = Json.MAPPER.valueToTree(pod);
    edit.accept(changed);
    return Owners.podConcerns(change(pod, Json.convert(changed, Pod.class)));
  }

  @Test
  void anObjectsNetworkIsNamedByItsLabelInItsOwnNamespace() {
    assertEquals(Optional.of(new ObjectKey("default", "net")), Owners.keyOf(set));
    assertEquals(Optional.empty(), Owners.keyOf(pod), "it has no label");
  }

  @Test
  void whatComesOrGoesConcernsItsNetworkAndARepetitionDoesNot() {
    comesAndGoes(set, Owners::concerns);
    comesAndGoes(set, Owners::childConcerns);
    comesAndGoes(pod, Owners::podConcerns);
  }

  @Test
  void aNetworksSpecLabelsAnnotationsAndDeletionConcernItButNotItsStatus() {
    assertTrue(networkConcerns(content -> content.withObject("/metadata").put("generation", 8)));
    assertTrue(networkConcerns(put("/metadata/labels", "team", "b")));
    assertTrue(networkConcerns(put("/metadata/annotations", "note", "b")));
    assertTrue(networkConcerns(put("/metadata", "deletionTimestamp", "2026-01-31T12:00:00Z")));
    assertFalse(networkConcerns(put("/status", "height", "102")));
    assertFalse(networkConcerns(put("/metadata", "resourceVersion", "2")));
  }

  @Test
  void aChildsOwnedFieldsConcernItsNetworkButNotWhatItsControllerCounts() {
    assertTrue(childConcerns(put("/spec/template/metadata/labels", "x", "y")));
    assertTrue(childConcerns(put("/metadata/labels", "x", "y")));
    assertTrue(childConcerns(put("/metadata/annotations", "x", "y")));
    assertTrue(childConcerns(OwnersTest::anotherOwner));
    assertTrue(childConcerns(put("/status", "observedGeneration", "9")), "it took a change up");
    assertTrue(childConcerns(put("/status", "updateRevision", "new")));
    assertFalse(childConcerns(put("/status", "readyReplicas", "3")));
  }

  @Test
  void aPodsWayToItsBitcoindConcernsItsNetwork() {
    assertTrue(podConcerns(put("/status", "podIP", "10.0.0.8")));
    assertTrue(podConcerns(put("/metadata", "deletionTimestamp", "2026-01-31T12:00:00Z")));
    assertTrue(podConcerns(put("/status", "phase", "Pending")), "not ready");
    assertTrue(podConcerns(put("/metadata/labels", "controller-revision-hash", "new")));
    assertTrue(podConcerns(OwnersTest::anotherOwner));
    assertFalse(podConcerns(put("/metadata", "resourceVersion", "2")));
  }

  @Test
  void aPodThatCantRunConcernsItsNetworkSinceItsStatusSaysWhy() {
    var creating = World.waiting(0, "ContainerCreating");
    var failing = World.waiting(0, "CrashLoopBackOff");
    assertTrue(Owners.podConcerns(change(creating, failing)));
    assertFalse(Owners.podConcerns(change(World.waiting(0, "PodInitializing"), creating)));
    assertFalse(Owners.podConcerns(change(failing, creating)), "it is only tried again");
  }

  @Test
  void newLastWordsConcernItsNetworkAndTheSameOnesAfterARestartDoNot() {
    var waiting = "{waiting: {reason: CrashLoopBackOff}}";
    var first = container("{terminated: {exitCode: 1, message: 'Error: a'}}", "{}", 1);
    var backOff = container(waiting, "{terminated: {exitCode: 1, message: 'Error: a'}}", 1);
    var again = container("{running: {}}", "{terminated: {exitCode: 1, message: 'Error: a'}}", 2);
    var failed = container("{terminated: {exitCode: 1, message: 'Error: a'}}", "{}", 2);
    var other = container("{terminated: {exitCode: 1, message: 'Error: b'}}", "{}", 3);
    assertTrue(Owners.podConcerns(change(container("{running: {}}", "{}", 1), first)));
    assertTrue(Owners.podConcerns(change(first, backOff)), "it waits now");
    for (var same : List.of(again, failed, backOff)) {
      assertFalse(Owners.podConcerns(change(backOff, same)), "tried again, and failed as before");
      assertTrue(Owners.podConcerns(change(same, other)));
    }
  }

  private static Pod container(String state, String last, int restarts) {
    return Json.convert(
        World.yaml(
            "metadata: {name: net-sts-0}\nstatus: {phase: Running, containerStatuses: [{restartCount: "
                + (restarts + ", state: " + state + ", lastState: " + last + "}]}")),
        Pod.class);
  }

  @Test
  void aPodThatWasNeverReadyAndFailsConcernsItsNetworkSinceItsAddressIsFree() {
    var starting = World.pod(0, "10.0.0.7", false);
    ObjectNode failed = Json.MAPPER.valueToTree(starting);
    failed.withObject("/status").put("phase", "Failed");
    assertTrue(Owners.podConcerns(change(starting, Json.convert(failed, Pod.class))));
  }

  @Test
  void anObjectThatCantBeReadIsKnownByItsName() {
    for (var name :
        List.of(
            Names.service("net"),
            Names.statefulSet("net"),
            Names.disruptionBudget("net"),
            Names.pod("net", 12))) {
      assertEquals(
          Optional.of(new ObjectKey("default", "net")),
          Owners.keyOfName(new ObjectKey("default", name)));
    }
  }

  private static StoredObject owned(String kind, String apiVersion) {
    return Json.convert(
        World.yaml(
            "{spec: {large: true}, metadata: {name: net-svc, namespace: default, uid: u,"
                + " annotations: {a: b}, labels: {app: a, other: b}, ownerReferences: [{kind: "
                + kind
                + ", name: net, uid: owner, controller: true, apiVersion: "
                + apiVersion
                + "}]}}"),
        StoredObject.class);
  }

  @Test
  void onlyAChildOfANetworkIsKeptWhole() {
    var ours = owned("BitcoinNetwork", "bitcoincontroller.christianb93.github.com/v1");
    assertEquals(ours, Owners.kept(ours));
    for (var foreign :
        List.of(
            owned("BitcoinNetwork", "example.org/v1"),
            owned("Deployment", "bitcoincontroller.christianb93.github.com/v1"))) {
      var kept = Owners.kept(foreign);
      assertTrue(kept.content().path("spec").isMissingNode(), kept::toString);
      assertEquals(foreign.metadata().uid(), kept.metadata().uid());
      assertTrue(kept.metadata().annotations().isEmpty());
      assertEquals(Set.of("app"), kept.metadata().labels().keySet());
    }
  }

  private static Pod podOf(String kind) {
    return Json.convert(
        World.yaml(
            "{metadata: {name: net-sts-0, namespace: default, uid: u, labels: {app: a, other: b},"
                + " ownerReferences: [{apiVersion: apps/v1, kind: "
                + kind
                + ", name: net-sts, uid: owner, controller: true}]},"
                + " status: {phase: Running, podIP: 10.0.0.7}}"),
        Pod.class);
  }

  @Test
  void onlyAPodOfAStatefulSetIsKept() {
    var ours = Owners.kept(podOf("StatefulSet"));
    assertEquals("10.0.0.7", ours.status().podIP());
    assertEquals(Set.of("app"), ours.metadata().labels().keySet());
    assertEquals("", Owners.kept(podOf("ReplicaSet")).status().podIP());
  }
}
