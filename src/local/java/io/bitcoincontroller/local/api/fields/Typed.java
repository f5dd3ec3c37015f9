package io.bitcoincontroller.local.api.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.api.schema.Schema;
import io.bitcoincontroller.local.api.schema.Values;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Walks values by their schema. A value is a leaf (a scalar, an atomic list or object), a struct or
 * map (steps are field names), or a list of items with names (steps are keys or values). Values are
 * never changed; absent is {@link MissingNode}.
 */
final class Typed {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Typed() {}

  /** The children of a value by step; empty if the value is a leaf. */
  private static Optional<Map<String, JsonNode>> children(Schema schema, JsonNode value) {
    if (value.isObject() && !schema.atomicObject()) {
      var fields = new LinkedHashMap<String, JsonNode>();
      value.properties().forEach(e -> fields.put(Step.field(e.getKey()), e.getValue()));
      return Optional.of(fields);
    }
    if (value.isArray() && schema.listType() != Schema.ListType.ATOMIC) {
      var items = new LinkedHashMap<String, JsonNode>();
      for (var i = 0; i < value.size(); i++) {
        var step = Step.item(schema, i, value.get(i));
        if (items.put(step, value.get(i)) != null) {
          throw new TypedException("duplicate entries for key " + Step.text(step));
        }
      }
      return Optional.of(items);
    }
    return Optional.empty();
  }

  private static Schema below(Schema schema, String step) {
    return step.startsWith("f:") ? schema.field(step.substring(2)) : schema.items();
  }

  private static boolean namedField(Schema schema, String step) {
    return step.startsWith("f:") && schema.names(step.substring(2));
  }

  /** The paths of all leaves, of empty objects, and of all items and map keys. */
  static FieldSet fieldSet(Schema schema, JsonNode value) {
    var children = children(schema, value);
    if (children.isEmpty()) {
      return FieldSet.HERE;
    }
    var set = new TreeMap<String, FieldSet>();
    children
        .get()
        .forEach(
            (step, child) -> {
              var below = within(step, () -> fieldSet(below(schema, step), child));
              var hollow = child.isObject() && child.isEmpty();
              below = namedField(schema, step) && !hollow ? below : below.asMember();
              if (!below.isEmpty()) {
                set.put(step, below);
              }
            });
    return new FieldSet(false, set);
  }

  /** What differs between two values: paths of leaves, and of whole objects that came or went. */
  record Comparison(FieldSet added, FieldSet modified, FieldSet removed) {
    static final Comparison SAME = new Comparison(FieldSet.EMPTY, FieldSet.EMPTY, FieldSet.EMPTY);

    boolean same() {
      return added.isEmpty() && modified.isEmpty() && removed.isEmpty();
    }
  }

  static Comparison compare(Schema schema, JsonNode before, JsonNode after) {
    var old =
        before.isMissingNode() ? Optional.of(Map.<String, JsonNode>of()) : children(schema, before);
    var now =
        after.isMissingNode() ? Optional.of(Map.<String, JsonNode>of()) : children(schema, after);
    if (isLeaf(old, before) || isLeaf(now, after) || (childless(old) && childless(now))) {
      return compareLeaves(before, after);
    }
    var steps = new LinkedHashSet<>(old.orElseThrow().keySet());
    steps.addAll(now.orElseThrow().keySet());
    var all = compareHere(before, after);
    for (var step : steps) {
      var here =
          within(
              step,
              () ->
                  compare(
                      below(schema, step),
                      old.get().getOrDefault(step, MissingNode.getInstance()),
                      now.get().getOrDefault(step, MissingNode.getInstance())));
      all =
          new Comparison(
              all.added.with(step, here.added),
              all.modified.with(step, here.modified),
              all.removed.with(step, here.removed));
    }
    return all;
  }

  private static boolean isLeaf(Optional<Map<String, JsonNode>> children, JsonNode value) {
    return children.isEmpty() && !value.isMissingNode();
  }

  private static boolean childless(Optional<Map<String, JsonNode>> children) {
    return children.isEmpty() || children.get().isEmpty();
  }

  private static Comparison compareLeaves(JsonNode before, JsonNode after) {
    if (before.isMissingNode() || after.isMissingNode()) {
      return compareHere(before, after);
    }
    return Values.same(before, after)
        ? Comparison.SAME
        : new Comparison(FieldSet.EMPTY, FieldSet.HERE, FieldSet.EMPTY);
  }

  private static Comparison compareHere(JsonNode before, JsonNode after) {
    return new Comparison(
        before.isMissingNode() ? FieldSet.HERE : FieldSet.EMPTY,
        FieldSet.EMPTY,
        after.isMissingNode() ? FieldSet.HERE : FieldSet.EMPTY);
  }

  /** {@code over} laid on {@code under}: what {@code over} has wins, item by item. */
  static JsonNode merge(Schema schema, JsonNode under, JsonNode over) {
    if (over.isMissingNode()) {
      return under.deepCopy();
    }
    var mine = children(schema, over);
    if (under.isMissingNode() || mine.isEmpty() || childless(mine)) {
      return mine.isPresent() && !under.isMissingNode() && children(schema, under).isPresent()
          ? under.deepCopy()
          : over.deepCopy();
    }
    var theirs = children(schema, under);
    if (theirs.isEmpty()) {
      return over.deepCopy();
    }
    var steps = new LinkedHashSet<>(theirs.get().keySet());
    steps.addAll(mine.get().keySet());
    var merged = new LinkedHashMap<String, JsonNode>();
    for (var step : steps) {
      merged.put(
          step,
          within(
              step,
              () ->
                  merge(
                      below(schema, step),
                      theirs.get().getOrDefault(step, MissingNode.getInstance()),
                      mine.get().getOrDefault(step, MissingNode.getInstance()))));
    }
    return assemble(over.isArray(), merged);
  }

  private static JsonNode assemble(boolean array, Map<String, JsonNode> children) {
    if (array) {
      ArrayNode list = NODES.arrayNode();
      children.values().forEach(list::add);
      return list;
    }
    ObjectNode object = NODES.objectNode();
    children.forEach((step, child) -> object.set(step.substring(2), child));
    return object;
  }

  /** The value without the paths of the set, what is below them, and what was emptied by that. */
  static JsonNode remove(Schema schema, JsonNode value, FieldSet paths) {
    var children = children(schema, value);
    if (children.isEmpty() || paths.isEmpty()) {
      return value.deepCopy();
    }
    var kept = new LinkedHashMap<String, JsonNode>();
    children
        .get()
        .forEach(
            (step, child) -> {
              var below = paths.child(step);
              var left = below.member() ? child : remove(below(schema, step), child, below);
              if (!below.member() && (child.isEmpty() || !left.isEmpty() || left.isValueNode())) {
                kept.put(step, left);
              }
            });
    return assemble(value.isArray(), kept);
  }

  /**
   * The set with every struct field on the way to a member made a member itself: a struct goes when
   * all that it held goes.
   */
  static FieldSet withNamedFields(Schema schema, FieldSet set) {
    var children = new TreeMap<String, FieldSet>();
    set.children()
        .forEach(
            (step, child) -> {
              var below = withNamedFields(below(schema, step), child);
              children.put(step, namedField(schema, step) ? below.asMember() : below);
            });
    return new FieldSet(set.member(), children);
  }

  private interface Walk<T> {
    T go();
  }

  private static <T> T within(String step, Walk<T> walk) {
    try {
      return walk.go();
    } catch (TypedException e) {
      throw e.under(step);
    }
  }
}
