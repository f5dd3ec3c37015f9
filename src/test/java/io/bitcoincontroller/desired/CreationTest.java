package io.bitcoincontroller.desired;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.StoredObject;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The step from an object's POST to its first apply. */
class CreationTest {
  private static final String MARK = "bitcoincontroller.christianb93.github.com/as-created";

  private static JsonNode json(String text) throws IOException {
    return Json.MAPPER.readTree(text.replace('\'', '"'));
  }

  private static JsonNode handedOver(String managedFields) throws IOException {
    var metadata =
        "{'resourceVersion':'7','annotations':{'" + MARK + "':'true'},'managedFields':%s}";
    return Creation.handOver(json(metadata.formatted(managedFields)));
  }

  @Test
  void aCreatedObjectSaysThatItIsAsCreated() throws Exception {
    var rendered = (ObjectNode) json("{'metadata':{'name':'n'}}");
    var created = Json.convert(Creation.object(rendered), StoredObject.class);
    assertTrue(Creation.isAsCreated(created));
    assertFalse(Creation.isAsCreated(Json.convert(rendered, StoredObject.class)));
    assertEquals(1, rendered.path("metadata").size(), "the rendering itself stays");
  }

  @Test
  void theEntryOfThePostBecomesAnApplysAndTheMarkGoes() throws Exception {
    var post = "{'manager':'bitcoin-controller','operation':'%s','fieldsV1':{'f:spec':{}}}";
    var status =
        "{'manager':'kube-controller-manager','operation':'Update','fieldsV1':{'f:status':{}}}";
    var patch = handedOver("[" + post.formatted("Update") + "," + status + "]");
    assertEquals(
        json(
            "[{'op':'replace','path':'/metadata/resourceVersion','value':'7'},"
                + "{'op':'replace','path':'/metadata/managedFields','value':["
                + post.formatted("Apply")
                + ","
                + status
                + "]},{'op':'remove','path':'/metadata/annotations/"
                + MARK.replace("/", "~1")
                + "'}]"),
        patch);
  }

  /** An older version applied over it: what the POST alone had is not forgotten. */
  @Test
  void twoEntriesOfOursBecomeOne() throws Exception {
    var ours = "{'manager':'bitcoin-controller','operation':'%s','fieldsV1':%s}";
    var patch =
        handedOver(
            "["
                + ours.formatted("Apply", "{'f:spec':{'f:a':{}}}")
                + ","
                + ours.formatted("Update", "{'f:spec':{'f:a':{},'f:b':{}},'f:data':{}}")
                + "]");
    assertEquals(
        json("[" + ours.formatted("Apply", "{'f:spec':{'f:a':{},'f:b':{}},'f:data':{}}") + "]"),
        patch.at("/1/value"));
  }

  @Test
  void anEntryOfASubresourceStays() throws Exception {
    var scale =
        "[{'manager':'bitcoin-controller','operation':'Update','subresource':'scale','fieldsV1':{}}]";
    assertEquals(json(scale), handedOver(scale).at("/1/value"));
  }

  /** A JSON patch refuses to replace what is not there. */
  @Test
  void whereOwnersWereTakenAwayOnlyTheMarkGoes() throws Exception {
    var metadata = json("{'resourceVersion':'7','annotations':{'" + MARK + "':'true'}}");
    assertEquals(
        List.of("/metadata/resourceVersion", "/metadata/annotations/" + MARK.replace("/", "~1")),
        Creation.handOver(metadata).findValuesAsText("path"));
  }
}
