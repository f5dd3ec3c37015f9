package io.bitcoincontroller.local.api.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Collections;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The owners of an object's fields: {@code metadata.managedFields}, read.
 *
 * @param byManager no manager owns an empty set
 */
public record Ownership(SortedMap<Manager, Owned> byManager) {
  public static final Ownership NONE = new Ownership(Collections.emptySortedMap());

  public enum Operation {
    /** Sorts first, as in {@code managedFields}. */
    APPLY,
    UPDATE;

    String text() {
      return this == APPLY ? "Apply" : "Update";
    }
  }

  /**
   * An owner. One name may own in several ways.
   *
   * @param name as given by {@code fieldManager}, else the program's name in User-Agent
   * @param apiVersion in which the object was written; for an apply it tells no managers apart
   * @param subresource {@code status}, or empty
   */
  public record Manager(String name, Operation operation, String apiVersion, String subresource)
      implements Comparable<Manager> {
    private static final Comparator<Manager> ORDER =
        Comparator.comparing(Manager::operation)
            .thenComparing(Manager::name)
            .thenComparing(Manager::subresource)
            .thenComparing(m -> m.operation == Operation.APPLY ? "" : m.apiVersion);

    @Override
    public int compareTo(Manager other) {
      return ORDER.compare(this, other);
    }

    /** As the sentence about a conflict names it. */
    String text() {
      var through = subresource.isEmpty() ? "" : " with subresource \"" + subresource + "\"";
      return operation == Operation.APPLY
          ? "\"" + name + "\"" + through
          : "\"" + name + "\"" + through + " using " + apiVersion;
    }
  }

  /** A manager's fields, and the time of its last change to them (RFC 3339, whole seconds). */
  public record Owned(FieldSet fields, String time) {}

  public Ownership {
    byManager = Collections.unmodifiableSortedMap(byManager);
  }

  FieldSet of(Manager manager) {
    var owned = byManager.get(manager);
    return owned == null ? FieldSet.EMPTY : owned.fields;
  }

  /** With the manager's set replaced; its time stays where the set is the same. */
  Ownership with(Manager manager, FieldSet fields, String now) {
    var changed = new TreeMap<>(byManager);
    var before = changed.getOrDefault(manager, new Owned(FieldSet.EMPTY, ""));
    // an equal key may have another apiVersion, and put would keep it
    changed.remove(manager);
    if (!fields.isEmpty()) {
      changed.put(manager, new Owned(fields, before.fields.equals(fields) ? before.time : now));
    }
    return new Ownership(changed);
  }

  /** With these fields taken from all managers but one. */
  Ownership without(FieldSet fields, Manager but) {
    var changed = new TreeMap<Manager, Owned>();
    byManager.forEach(
        (manager, owned) -> {
          var left = manager.compareTo(but) == 0 ? owned.fields : owned.fields.minus(fields);
          if (!left.isEmpty()) {
            changed.put(manager, new Owned(left, owned.time));
          }
        });
    return new Ownership(changed);
  }

  FieldSet everything() {
    return byManager.values().stream().map(Owned::fields).reduce(FieldSet.EMPTY, FieldSet::union);
  }

  /** The value of {@code metadata.managedFields}. */
  public ArrayNode toJson() {
    var list = JsonNodeFactory.instance.arrayNode();
    byManager.forEach(
        (manager, owned) -> {
          var entry = list.addObject();
          entry.put("manager", manager.name).put("operation", manager.operation.text());
          entry.put("apiVersion", manager.apiVersion).put("time", owned.time);
          entry.put("fieldsType", "FieldsV1").set("fieldsV1", owned.fields.toJson());
          if (!manager.subresource.isEmpty()) {
            entry.put("subresource", manager.subresource);
          }
        });
    return list;
  }

  /**
   * Reads that value.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Ownership fromJson(JsonNode managedFields) {
    var all = new TreeMap<Manager, Owned>();
    for (var entry : managedFields) {
      var operation =
          switch (entry.path("operation").asText()) {
            case "Apply" -> Operation.APPLY;
            case "Update" -> Operation.UPDATE;
            default -> throw new IllegalArgumentException("no operation in managedFields");
          };
      var manager =
          new Manager(
              entry.path("manager").asText(),
              operation,
              entry.path("apiVersion").asText(),
              entry.path("subresource").asText());
      var fields = FieldSet.fromJson(entry.path("fieldsV1"));
      if (!fields.isEmpty()) {
        all.put(manager, new Owned(fields, entry.path("time").asText()));
      }
    }
    return new Ownership(all);
  }
}
