package io.bitcoincontroller.kube;

import java.util.Set;

/**
 * Fields of an object that nobody here reads: their bytes go by, and nothing is kept of them. They
 * are most of what comes, and can be of any size and shape.
 *
 * @param ofObject beside {@code metadata}
 * @param ofMetadata within it
 */
record LeftOut(Set<String> ofObject, Set<String> ofMetadata) {
  static final LeftOut NOTHING = new LeftOut(Set.of(), Set.of());

  private static final LeftOut OF_POD =
      new LeftOut(Set.of("spec"), Set.of("managedFields", "annotations"));

  private static final LeftOut OF_STORED = new LeftOut(Set.of(), Set.of("managedFields"));

  static LeftOut of(Class<?> type) {
    return type == Pod.class ? OF_POD : OF_STORED;
  }
}
