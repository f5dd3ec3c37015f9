package io.bitcoincontroller.local.api.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.api.fields.Ownership.Manager;
import io.bitcoincontroller.local.api.schema.Schema;
import java.util.ArrayList;
import java.util.List;

/**
 * Computes what an apply, or another write, makes of an object and of the ownership of its fields.
 * Objects come and go without {@code managedFields}.
 *
 * @param schema of the kind, metadata included
 * @param now RFC 3339, whole seconds
 */
public record ServerSideApply(Schema schema, String now) {
  /** How an apply ended. */
  public sealed interface Outcome {
    record Applied(ObjectNode object, Ownership ownership) implements Outcome {}

    /** Other managers own some of the fields, with other values, and the apply did not force. */
    record Conflicts(List<Conflict> conflicts) implements Outcome {
      /** Kubernetes' sentence. */
      public String message() {
        var text = new StringBuilder("Apply failed with " + conflicts.size() + " conflict");
        if (conflicts.size() == 1) {
          return text.append(": ")
              .append(conflicts.getFirst().message())
              .append(": ")
              .append(conflicts.getFirst().field())
              .toString();
        }
        text.append('s');
        var last = "";
        for (var conflict : conflicts) {
          if (!conflict.message().equals(last)) {
            last = conflict.message();
            text.append(": ").append(last.replaceFirst("conflict", "conflicts")).append(':');
          }
          text.append("\n- ").append(conflict.field());
        }
        return text.toString();
      }
    }
  }

  /** One field that another manager owns with another value. */
  public record Conflict(String message, String field) {}

  /**
   * Applies {@code config}. Its fields get its values, and the manager owns them. A field goes if
   * the manager's last apply had it, this one does not, and nobody else owns it.
   *
   * @param live empty object if there is none yet
   * @throws TypedException if {@code config} or {@code live} doesn't fit the schema
   */
  public Outcome apply(
      ObjectNode live, ObjectNode config, Ownership before, Manager manager, boolean force) {
    var applied = withoutMeta(Typed.fieldSet(schema, config));
    var merged = Typed.merge(schema, live, config);
    var claims = before.with(manager, applied, now);
    var wanted = prune(merged, before.of(manager), claims);
    var compared = Typed.compare(schema, live, wanted);
    var touched = compared.added().union(compared.modified());
    var conflicts = conflicts(claims, manager, touched);
    if (!conflicts.isEmpty() && !force) {
      return new Outcome.Conflicts(conflicts);
    }
    var after = claims.without(touched.union(compared.removed()), manager);
    return new Outcome.Applied((ObjectNode) wanted, after);
  }

  /**
   * Removes from {@code merged} what only the last apply of this manager held. In two steps, as
   * structured-merge-diff does: what any manager owns stays, and what was not in the last apply
   * (such as what another wrote below an item) stays too.
   */
  private JsonNode prune(JsonNode merged, FieldSet last, Ownership claims) {
    if (last.isEmpty()) {
      return merged;
    }
    var all = named(Typed.fieldSet(schema, merged));
    var pruned = Typed.remove(schema, merged, last);
    var ownedLost =
        all.minus(named(Typed.fieldSet(schema, pruned))).minus(named(claims.everything()));
    pruned = Typed.remove(schema, merged, ownedLost);
    var dangling = all.minus(named(Typed.fieldSet(schema, pruned))).intersection(named(last));
    return Typed.remove(schema, merged, dangling);
  }

  private FieldSet named(FieldSet set) {
    return Typed.withNamedFields(schema, set);
  }

  private static List<Conflict> conflicts(Ownership claims, Manager manager, FieldSet touched) {
    var conflicts = new ArrayList<Conflict>();
    claims
        .byManager()
        .forEach(
            (other, owned) -> {
              if (other.compareTo(manager) != 0) {
                owned
                    .fields()
                    .intersection(touched)
                    .paths()
                    .forEach(
                        path -> conflicts.add(new Conflict("conflict with " + other.text(), path)));
              }
            });
    return conflicts;
  }

  /** Any other write: the manager owns what it changed, and nobody owns what it removed. */
  public Ownership update(ObjectNode live, ObjectNode changed, Ownership before, Manager manager) {
    var compared = Typed.compare(schema, live, changed);
    if (compared.same()) {
      return before;
    }
    var touched = compared.added().union(compared.modified());
    var others = before.without(touched.union(compared.removed()), manager);
    var mine = others.of(manager).union(touched).minus(compared.removed());
    return others.with(manager, withoutMeta(mine), now);
  }

  /** Nobody owns the fields that name the object, nor those that the server writes. */
  private static FieldSet withoutMeta(FieldSet set) {
    var metadata = set.child("f:metadata");
    for (var field :
        List.of(
            "clusterName",
            "creationTimestamp",
            "deletionGracePeriodSeconds",
            "deletionTimestamp",
            "generation",
            "managedFields",
            "name",
            "namespace",
            "resourceVersion",
            "selfLink",
            "uid")) {
      metadata = metadata.with("f:" + field, FieldSet.EMPTY);
    }
    if (metadata.children().isEmpty()) {
      metadata = FieldSet.EMPTY;
    } else if (metadata.member()) {
      metadata = new FieldSet(false, metadata.children());
    }
    return set.with("f:apiVersion", FieldSet.EMPTY)
        .with("f:kind", FieldSet.EMPTY)
        .with("f:metadata", metadata);
  }
}
