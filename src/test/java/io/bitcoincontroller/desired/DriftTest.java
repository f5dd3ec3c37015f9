package io.bitcoincontroller.desired;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.yaml.Yaml;
import org.junit.jupiter.api.Test;

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
}
