package io.bitcoincontroller.desired;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.yaml.Yaml;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriftTest {
  private static boolean differs(String rendered, String stored) throws Exception {
    return Drift.differs(Yaml.readOne(rendered), Yaml.readOne(stored));
  }

  @Test
  void whatOthersAddAndTheServerFillsInIsNoDrift() throws Exception {
    assertFalse(
        differs("{spec: {replicas: 3}}", "{spec: {replicas: 3, revisionHistoryLimit: 10}}"));
    assertFalse(
        differs(
            "{c: [{name: a, image: x}]}",
            "{c: [{name: sidecar, image: z}, {name: a, image: x, imagePullPolicy: Always}]}"));
  }

  @Test
  void anItemOfAListNamesNeitherItsVersionNorItsKind() throws Exception {
    var rendered = (ObjectNode) Yaml.readOne("{apiVersion: v1, kind: Service, spec: {port: 1}}");
    assertFalse(Drift.objectDiffers(rendered, Yaml.readOne("{spec: {port: 1}}")));
    assertTrue(Drift.objectDiffers(rendered, Yaml.readOne("{spec: {port: 2}}")));
  }

  @Test
  void aChangedFieldIsDriftHoweverDeep() throws Exception {
    assertTrue(differs("{spec: {replicas: 3}}", "{spec: {replicas: 4}}"));
    assertTrue(differs("{c: [{name: a, image: x}]}", "{c: [{name: a, image: z}]}"));
    assertTrue(differs("{args: [a, b]}", "{args: [b, a]}"));
    assertTrue(differs("{args: [a]}", "{args: [a, b]}"));
  }

  @Test
  void aMissingFieldOrEntryIsDrift() throws Exception {
    assertTrue(differs("{a: 1}", "{}"));
    assertTrue(differs("{v: [{name: data, emptyDir: {}}]}", "{v: [{name: data}]}"));
    assertTrue(differs("{c: [{name: a}, {name: b}]}", "{c: [{name: a}]}"));
    assertTrue(differs("{m: [{name: d, mountPath: /x}]}", "{m: [{name: d, mountPath: /y}]}"));
  }

  @Test
  void quantitiesAreComparedByValue() throws Exception {
    assertFalse(differs("{cpu: 1000m, memory: 1024Mi}", "{cpu: '1', memory: 1Gi}"));
    assertTrue(differs("{cpu: 1000m}", "{cpu: 1001m}"));
    assertFalse(differs("{cpu: 1}", "{cpu: '1'}"));
  }

  private static String surplus(String rendered, String stored) throws Exception {
    var patch = Drift.surplus((ObjectNode) Yaml.readOne(rendered), Yaml.readOne(stored));
    return patch.map(ObjectNode::toString).orElse("");
  }

  @Test
  void aSelectorIsExact() throws Exception {
    assertEquals(
        "{\"spec\":{\"selector\":{\"tier\":null}}}",
        surplus("{spec: {selector: {a: b}}}", "{spec: {selector: {tier: x, a: b}, type: t}}"));
    assertEquals(
        "{\"spec\":{\"selector\":{\"matchLabels\":{\"tier\":null},\"matchExpressions\":null}}}",
        surplus(
            "{spec: {selector: {matchLabels: {a: b}}}}",
            "{spec: {selector: {matchLabels: {a: b, tier: x}, matchExpressions: [{key: z}]}}}"));
    assertEquals("", surplus("{spec: {selector: {a: b}}}", "{spec: {selector: {a: b}}}"));
  }

  @Test
  void capabilitiesAreExactInOurContainerOnly() throws Exception {
    var stored =
        """
        {spec: {template: {spec: {containers: [
          {name: sidecar, securityContext: {capabilities: {add: [NET_ADMIN]}}},
          {name: bitcoind, image: x, securityContext: {procMount: Default,
            capabilities: {drop: [ALL], add: [SYS_ADMIN]}}}]}}}}
        """;
    assertEquals(
        "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"securityContext\":"
            + "{\"capabilities\":{\"add\":null}},\"name\":\"bitcoind\"}]}}}}",
        surplus(
            """
            {spec: {template: {spec: {containers: [
              {name: bitcoind, securityContext: {capabilities: {drop: [ALL]}}}]}}}}
            """,
            stored));
  }

  @Test
  void podsKeepTheirNumbers() throws Exception {
    assertEquals(
        "{\"spec\":{\"ordinals\":null}}",
        surplus("{spec: {replicas: 1}}", "{spec: {replicas: 1, ordinals: {start: 5}}}"));
  }

  /** What others add on purpose, in every map and list that we render. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/metadata/labels                                | {x: z}",
        "/metadata/annotations                           | {x: z}",
        "/metadata/ownerReferences                       | [{uid: other}]",
        "/spec                                           | {minReadySeconds: 5}",
        "/spec/updateStrategy/rollingUpdate              | {maxUnavailable: 2}",
        "/spec/template/metadata/labels                  | {x: z}",
        "/spec/template/metadata/annotations             | {restartedAt: now}",
        "/spec/template/spec                             | {nodeSelector: {disk: ssd}}",
        "/spec/template/spec/securityContext             | {supplementalGroups: [7]}",
        "/spec/template/spec/containers                  | [{name: sidecar}]",
        "/spec/template/spec/volumes                     | [{name: more}]",
        "/spec/template/spec/containers/0                | {imagePullPolicy: Always}",
        "/spec/template/spec/containers/0/env            | [{name: TZ, value: UTC}]",
        "/spec/template/spec/containers/0/ports          | [{name: more}]",
        "/spec/template/spec/containers/0/resources/limits | {cpu: 1}",
        "/spec/template/spec/containers/0/securityContext | {procMount: Default}",
        "/spec/template/spec/containers/0/volumeMounts   | [{name: more, mountPath: /more}]",
        "/spec/template/spec/containers/0/readinessProbe | {successThreshold: 1}"
      })
  void theRestIsTheirs(String place, String more) throws Exception {
    var set = ChildrenTest.children("nodes: 1, resources: {limits: {memory: 1Gi}}").statefulSet();
    var stored = set.deepCopy();
    var at = stored.at(place);
    var added = Yaml.readOne(more);
    if (at instanceof ObjectNode object && added instanceof ObjectNode fields) {
      object.setAll(fields);
    } else {
      ((ArrayNode) at).insert(0, added.path(0));
    }
    assertNotEquals(set, stored);
    assertFalse(Drift.objectDiffers(set, stored));
    assertEquals(Optional.empty(), Drift.surplus(set, stored));
  }

  @Test
  void whatAServiceIsAndWhereItLeadsIsOurs() throws Exception {
    var service = ChildrenTest.children("nodes: 1").service();
    var stored = service.deepCopy();
    ((ObjectNode) stored.at("/spec/ports/0")).put("targetPort", 9);
    assertTrue(Drift.objectDiffers(service, stored));
    var renamed = service.deepCopy();
    renamed.withObject("/spec").put("type", "ExternalName").put("externalName", "evil.example");
    assertTrue(Drift.objectDiffers(service, renamed));
  }
}
