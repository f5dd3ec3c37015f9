package io.bitcoincontroller.local.api.fields;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.local.api.fields.Ownership.Manager;
import io.bitcoincontroller.local.api.fields.Ownership.Operation;
import io.bitcoincontroller.local.api.fields.ServerSideApply.Outcome;
import io.bitcoincontroller.local.api.schema.Schema;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ServerSideApplyTest {
  private static final Manager ONE = new Manager("one", Operation.APPLY, "v1", "");
  private static final Manager TWO = new Manager("two", Operation.APPLY, "v1", "");
  private static final Manager EDITOR = new Manager("editor", Operation.UPDATE, "v1", "");

  private static final Schema SCHEMA =
      new Schema(
          json(
              """
              {"type":"object","properties":{
                "number":{"type":"integer"},
                "struct":{"type":"object","properties":{
                  "a":{"type":"string"},"b":{"type":"string"}}},
                "whole":{"type":"object","x-kubernetes-map-type":"atomic",
                  "additionalProperties":{"type":"string"}},
                "map":{"type":"object","additionalProperties":{"type":"string"}},
                "list":{"type":"array","items":{"type":"string"}},
                "set":{"type":"array","items":{"type":"string"},"x-kubernetes-list-type":"set"},
                "keyed":{"type":"array","x-kubernetes-list-type":"map",
                  "x-kubernetes-list-map-keys":["port","protocol"],
                  "items":{"type":"object","properties":{"port":{"type":"integer"},
                    "protocol":{"type":"string","default":"TCP"},"name":{"type":"string"}}}}}}
              """));

  /** One object, what is known of its owners, and those who write it. */
  private ObjectNode live = object("{}");

  private Ownership owners = Ownership.NONE;

  private static JsonNode json(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static ObjectNode object(String text) {
    return (ObjectNode) json(text);
  }

  private Outcome tryApply(Manager manager, String config, boolean force) {
    var outcome =
        new ServerSideApply(SCHEMA, "now").apply(live, object(config), owners, manager, force);
    if (outcome instanceof Outcome.Applied applied) {
      live = applied.object();
      owners = applied.ownership();
    }
    return outcome;
  }

  private void apply(Manager manager, String config) {
    assertInstanceOf(Outcome.Applied.class, tryApply(manager, config, false));
  }

  private void update(Manager manager, String changed) {
    var now = object(changed);
    owners = new ServerSideApply(SCHEMA, "now").update(live, now, owners, manager);
    live = now;
  }

  private void liveIs(String expected) {
    assertEquals(json(expected), live);
  }

  private void owns(Manager manager, String... paths) {
    assertEquals(List.of(paths), owners.of(manager).paths());
  }

  @Test
  void whatIsAppliedIsOwnedLeafByLeaf() {
    apply(
        ONE,
        """
        {"apiVersion":"v1","kind":"X","metadata":{"name":"n","labels":{"l":"1"}},
         "number":1,"struct":{"a":"x"},"whole":{"k":"v"},"map":{"k":"v"},"list":["p"],
         "set":["s"],"keyed":[{"port":80,"protocol":"TCP","name":"web"}]}
        """);
    owns(
        ONE,
        ".keyed[port=80,protocol=\"TCP\"]",
        ".keyed[port=80,protocol=\"TCP\"].name",
        ".keyed[port=80,protocol=\"TCP\"].port",
        ".keyed[port=80,protocol=\"TCP\"].protocol",
        ".list",
        ".map.k",
        ".metadata.labels",
        ".metadata.labels.l",
        ".number",
        ".set[=\"s\"]",
        ".struct.a",
        ".whole");
  }

  @Test
  void aSecondEqualApplyChangesNothing() {
    apply(ONE, "{\"number\":1,\"set\":[\"a\"]}");
    var before = live;
    var ownersBefore = owners;
    apply(ONE, "{\"number\":1,\"set\":[\"a\"]}");
    assertEquals(before, live);
    assertEquals(ownersBefore, owners);
  }

  @Test
  void whatIsNoLongerAppliedGoesWithTheStructThatHeldIt() {
    apply(ONE, "{\"number\":1,\"struct\":{\"a\":\"x\"},\"map\":{\"k\":\"v\"},\"set\":[\"s\"]}");
    apply(ONE, "{\"number\":1}");
    liveIs("{\"number\":1}");
  }

  @Test
  void whatAnotherOwnsOrNobodyOwnsStays() {
    live = object("{\"struct\":{\"b\":\"nobody's\"}}");
    apply(ONE, "{\"struct\":{\"a\":\"x\"},\"map\":{\"k\":\"v\",\"j\":\"w\"}}");
    apply(TWO, "{\"map\":{\"k\":\"v\"}}");
    apply(ONE, "{\"number\":1}");
    liveIs("{\"struct\":{\"b\":\"nobody's\"},\"map\":{\"k\":\"v\"},\"number\":1}");
    owns(TWO, ".map.k");
  }

  @Test
  void itemsOfAKeyedListAreMergedByAllTheirKeys() {
    apply(ONE, "{\"keyed\":[{\"port\":53,\"protocol\":\"UDP\",\"name\":\"u\"},{\"port\":53}]}");
    apply(TWO, "{\"keyed\":[{\"port\":53,\"protocol\":\"TCP\",\"name\":\"t\"}]}");
    liveIs(
        """
        {"keyed":[{"port":53,"protocol":"UDP","name":"u"},
                  {"port":53,"protocol":"TCP","name":"t"}]}""");
    apply(ONE, "{\"keyed\":[{\"port\":53}]}");
    liveIs("{\"keyed\":[{\"port\":53,\"protocol\":\"TCP\",\"name\":\"t\"}]}");
  }

  @Test
  void anItemGoesWithItsManagerEvenIfAnotherWroteIntoIt() {
    apply(ONE, "{\"keyed\":[{\"port\":1,\"protocol\":\"TCP\"},{\"port\":2,\"protocol\":\"TCP\"}]}");
    update(
        EDITOR,
        """
        {"keyed":[{"port":1,"protocol":"TCP","name":"lost"},{"port":2,"protocol":"TCP"}]}""");
    apply(ONE, "{\"number\":1}");
    // tried on a real server, too
    liveIs("{\"number\":1}");
  }

  @Test
  void atomicListsAndObjectsAreReplacedWhole() {
    apply(ONE, "{\"list\":[\"a\",\"b\"],\"whole\":{\"x\":\"1\"}}");
    apply(ONE, "{\"list\":[\"c\"],\"whole\":{\"y\":\"2\"}}");
    liveIs("{\"list\":[\"c\"],\"whole\":{\"y\":\"2\"}}");
  }

  @Test
  void anotherValueOfAnOwnedFieldIsAConflictThatNamesManagerAndField() {
    apply(ONE, "{\"number\":1,\"map\":{\"k\":\"v\"}}");
    update(EDITOR, "{\"number\":1,\"map\":{\"k\":\"w\"}}");
    var outcome = tryApply(TWO, "{\"number\":2,\"map\":{\"k\":\"x\"}}", false);
    var conflicts = assertInstanceOf(Outcome.Conflicts.class, outcome);
    assertEquals(
        "Apply failed with 2 conflicts: conflicts with \"one\":\n- .number"
            + ": conflicts with \"editor\" using v1:\n- .map.k",
        conflicts.message());
  }

  @Test
  void theSameValueIsSharedAndForceTakesOverAnotherOne() {
    apply(ONE, "{\"number\":1,\"list\":[\"a\"]}");
    apply(TWO, "{\"number\":1}");
    owns(ONE, ".list", ".number");
    owns(TWO, ".number");
    assertInstanceOf(Outcome.Applied.class, tryApply(TWO, "{\"number\":2}", true));
    owns(ONE, ".list");
    owns(TWO, ".number");
  }

  @Test
  void anUpdateOwnsWhatItChangedAndTakesItFromOthers() {
    apply(ONE, "{\"number\":1,\"map\":{\"k\":\"v\",\"j\":\"w\"}}");
    update(EDITOR, "{\"number\":2,\"map\":{\"j\":\"w\"},\"set\":[\"s\"]}");
    owns(ONE, ".map.j");
    owns(EDITOR, ".number", ".set", ".set[=\"s\"]");
    update(EDITOR, "{\"number\":2,\"map\":{\"j\":\"w\"}}");
    owns(EDITOR, ".number");
  }

  @Test
  void aListThatCantBeTypedIsRefused() {
    assertThrows(TypedException.class, () -> tryApply(ONE, "{\"set\":[\"a\",\"a\"]}", false));
    var missing =
        assertThrows(
            TypedException.class,
            () -> tryApply(ONE, "{\"keyed\":[{\"protocol\":\"TCP\"}]}", false));
    assertTrue(missing.toString().contains(": .keyed: element 0: "), missing.toString());
  }

  @Test
  void managedFieldsAreReadAsTheyWereWritten() {
    apply(ONE, "{\"number\":1,\"set\":[\"a\"],\"keyed\":[{\"port\":1,\"protocol\":\"TCP\"}]}");
    update(EDITOR, "{\"map\":{\"k\":\"v\"}}");
    assertEquals(owners, Ownership.fromJson(owners.toJson()));
    assertThrows(IllegalArgumentException.class, () -> FieldSet.fromJson(json("{\"x\":{}}")));
  }

  @Test
  void whateverTwoManagersApplyTheLastOnesFieldsAreThere() {
    var seed = new Random().nextLong();
    var random = new Random(seed);
    for (var round = 0; round < 500; round++) {
      var manager = random.nextBoolean() ? ONE : TWO;
      var config = config(random);
      tryApply(manager, config.toString(), true);
      assertEquals(
          live, Typed.merge(SCHEMA, live, config), () -> "seed " + seed + " config " + config);
      assertEquals(Typed.fieldSet(SCHEMA, config), owners.of(manager), () -> "seed " + seed);
      var unowned = Typed.fieldSet(SCHEMA, live).minus(owners.everything());
      assertTrue(unowned.isEmpty(), () -> "seed " + seed + ": nobody owns " + unowned);
    }
  }

  private static ObjectNode config(Random random) {
    var config = object("{}");
    if (random.nextBoolean()) {
      config.put("number", random.nextInt(3));
    }
    var map = object("{}");
    var set = config.arrayNode();
    var keyed = config.arrayNode();
    for (var i = 0; i < 3; i++) {
      if (random.nextBoolean()) {
        map.put("k" + i, Integer.toString(random.nextInt(2)));
      }
      if (random.nextBoolean()) {
        set.add("s" + i);
      }
      if (random.nextBoolean()) {
        keyed.addObject().put("port", i).put("protocol", "TCP").put("name", "n");
      }
    }
    if (!map.isEmpty()) {
      config.set("map", map);
    }
    if (!set.isEmpty()) {
      config.set("set", set);
    }
    if (!keyed.isEmpty()) {
      config.set("keyed", keyed);
    }
    return config;
  }
}
