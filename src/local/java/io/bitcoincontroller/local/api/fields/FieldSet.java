package io.bitcoincontroller.local.api.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A set of paths into an object, as the tree that Kubernetes calls fieldsV1.
 *
 * @param member whether the path that ends here is in the set
 * @param children by step: {@code f:<field>}, {@code k:<keys of a list item, as JSON>} or {@code
 *     v:<item of a set, as JSON>}; no child is an empty set
 */
public record FieldSet(boolean member, SortedMap<String, FieldSet> children) {
  public static final FieldSet EMPTY = new FieldSet(false, Collections.emptySortedMap());

  /** Only the path that ends here. */
  static final FieldSet HERE = new FieldSet(true, Collections.emptySortedMap());

  public FieldSet {
    children = Collections.unmodifiableSortedMap(children);
  }

  public boolean isEmpty() {
    return !member && children.isEmpty();
  }

  FieldSet child(String step) {
    return children.getOrDefault(step, EMPTY);
  }

  FieldSet union(FieldSet other) {
    return combine(other, (mine, theirs) -> mine || theirs);
  }

  FieldSet minus(FieldSet other) {
    return combine(other, (mine, theirs) -> mine && !theirs);
  }

  FieldSet intersection(FieldSet other) {
    return combine(other, (mine, theirs) -> mine && theirs);
  }

  private interface Membership {
    boolean of(boolean mine, boolean theirs);
  }

  private FieldSet combine(FieldSet other, Membership rule) {
    if (isEmpty() && other.isEmpty()) {
      return EMPTY;
    }
    var combined = new TreeMap<String, FieldSet>();
    Set<String> steps = new TreeSet<>(children.keySet());
    steps.addAll(other.children.keySet());
    for (var step : steps) {
      var both = child(step).combine(other.child(step), rule);
      if (!both.isEmpty()) {
        combined.put(step, both);
      }
    }
    return new FieldSet(rule.of(member, other.member), combined);
  }

  /** This set with one child replaced, or removed where the new one is empty. */
  FieldSet with(String step, FieldSet replacement) {
    var changed = new TreeMap<>(children);
    if (replacement.isEmpty()) {
      changed.remove(step);
    } else {
      changed.put(step, replacement);
    }
    return new FieldSet(member, changed);
  }

  FieldSet asMember() {
    return new FieldSet(true, children);
  }

  /** The form in {@code managedFields}. */
  public ObjectNode toJson() {
    var json = JsonNodeFactory.instance.objectNode();
    if (member && !children.isEmpty()) {
      json.putObject(".");
    }
    children.forEach((step, child) -> json.set(step, child.toJson()));
    return json;
  }

  /**
   * Reads that form.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static FieldSet fromJson(JsonNode json) {
    var set = parse(json);
    return json.isEmpty() ? EMPTY : new FieldSet(false, set.children);
  }

  private static FieldSet parse(JsonNode json) {
    if (!json.isObject()) {
      throw new IllegalArgumentException("fieldsV1 is made of objects, not of " + json);
    }
    var children = new TreeMap<String, FieldSet>();
    json.properties()
        .forEach(
            entry -> {
              if (!entry.getKey().equals(".")) {
                if (!entry.getKey().matches("(?s)[fkvi]:.*")) {
                  throw new IllegalArgumentException("no step of a path: " + entry.getKey());
                }
                children.put(entry.getKey(), parse(entry.getValue()));
              }
            });
    return new FieldSet(json.has(".") || children.isEmpty(), children);
  }

  /** All paths of the set as people read them: {@code .spec.ports[port=80,protocol="TCP"].name}. */
  public List<String> paths() {
    var paths = new ArrayList<String>();
    collect("", paths);
    return paths;
  }

  private void collect(String prefix, List<String> paths) {
    if (member) {
      paths.add(prefix);
    }
    children.forEach((step, child) -> child.collect(prefix + Step.text(step), paths));
  }

  @Override
  public String toString() {
    return paths().toString();
  }
}
