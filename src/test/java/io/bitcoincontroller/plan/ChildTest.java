package io.bitcoincontroller.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** An object of one of our names is the network's, a predecessor's or somebody else's. */
class ChildTest {
  private static final String OURS = "kind: BitcoinNetwork, name: net, uid: uid-1";

  private static StoredObject service(String owner) {
    var owners =
        owner.isEmpty()
            ? ""
            : ", ownerReferences: [{apiVersion: "
                + "bitcoincontroller.christianb93.github.com/v1, controller: true, "
                + owner
                + "}]";
    return Json.convert(
        World.yaml("metadata: {namespace: default, name: net-svc, uid: s" + owners + "}"),
        StoredObject.class);
  }

  private static Child of(String owner) {
    return Child.of(World.network("nodes: 1"), Resource.SERVICES, service(owner));
  }

  @Test
  void theOwnersUidDecides() {
    assertEquals(new Child.Ours(service(OURS)), of(OURS));
    assertEquals(
        new Child.Leftover("Service net-svc"), of("kind: BitcoinNetwork, name: net, uid: older"));
    assertEquals(
        new Child.Foreign("Service net-svc", "BitcoinNetwork other (UID u)"),
        of("kind: BitcoinNetwork, name: other, uid: u"));
    assertEquals(
        new Child.Foreign("Service net-svc", "Deployment net (UID u)"),
        of("kind: Deployment, name: net, uid: u"));
    assertEquals(new Child.Foreign("Service net-svc", "nobody that this controller knows"), of(""));
  }

  @Test
  void aLeftoverIsOfTheSameNameAndAnotherUid() {
    var network = World.network("nodes: 1");
    assertFalse(Child.isLeftover(network, service(OURS).metadata()));
    assertFalse(Child.isLeftover(network, service("").metadata()));
    assertTrue(
        Child.isLeftover(
            network, service("kind: BitcoinNetwork, name: net, uid: older").metadata()));
  }

  @Test
  void aWriteMakesChangesOrRemoves() {
    ObjectNode rendered = service(OURS).content().deepCopy();
    var key = new ObjectKey("default", "net-svc");
    var apply = Requests.get(Resource.SERVICES, key);
    var made =
        new Write(Resource.SERVICES, key, Optional.empty(), rendered, apply, Optional.empty());
    assertTrue(made.creates());
    assertFalse(made.removes());
    var over = Optional.of(service(OURS));
    assertFalse(
        new Write(Resource.SERVICES, key, over, rendered, apply, Optional.empty()).creates());
  }

  @Test
  void onlyAFailedWriteMayPass() {
    assertTrue(Trouble.passing("no answer").mayPass());
    assertEquals("no answer", Trouble.passing("no answer").message());
    assertFalse(Trouble.predecessor("Service net-svc").mayPass());
  }

  @Test
  void theTallestIsTheLowestOrdinalOfThoseWithTheMostBlocks() {
    var views = new TreeMap<Integer, NodeView>();
    assertEquals(Optional.empty(), NodeView.tallest(views));
    views.put(0, World.node(List.of(), List.of(), 7));
    views.put(1, World.node(List.of(), List.of(), 9));
    views.put(2, World.node(List.of(), List.of(), 9));
    views.put(3, new NodeView.Silent("late"));
    assertEquals(Optional.of(1), NodeView.tallest(views));
  }
}
