package io.bitcoincontroller.kube;

import java.util.Set;

/**
 * Fields of an object that nobody here reads: their bytes go by, and nothing is kept of them. They
 * are most of what comes, and can be of any size and shape.
 *
 * @param ofMetadata within {@code metadata}
 * @param keptOfSpec all that is read within {@code spec}; empty if all of it is
 */
record LeftOut(Set<String> ofMetadata, Set<String> keptOfSpec) {
  static final LeftOut NOTHING = new LeftOut(Set.of(), Set.of());

  private static final LeftOut OF_POD =
      new LeftOut(Set.of("managedFields", "annotations"), Set.of("volumes"));

  private static final LeftOut OF_STORED = new LeftOut(Set.of("managedFields"), Set.of());

  static LeftOut of(Class<?> type) {
    return type == Pod.class ? OF_POD : OF_STORED;
  }

  /** Whether this field goes by, in the object of that name; the outermost one has none. */
  boolean has(String field, String inside) {
    return switch (inside) {
      case "metadata" -> ofMetadata.contains(field);
      case "spec" -> !keptOfSpec.contains(field);
      default -> false;
    };
  }

  /** Whether something in the object of this name may go by, or has to be seen on the way. */
  boolean looksInto(String field) {
    return field.equals("metadata") || (field.equals("spec") && !keptOfSpec.isEmpty());
  }
}
