package io.bitcoincontroller.kube;

import java.util.Objects;

/** One entry of {@code metadata.ownerReferences}. */
public record OwnerReference(
    String apiVersion, String kind, String name, String uid, boolean controller) {
  public OwnerReference {
    apiVersion = Objects.requireNonNullElse(apiVersion, "");
    kind = Objects.requireNonNullElse(kind, "");
    name = Objects.requireNonNullElse(name, "");
    uid = Objects.requireNonNullElse(uid, "");
  }

  /** No text in it longer than this. */
  OwnerReference cut(int longest) {
    return new OwnerReference(
        Excerpt.beginning(apiVersion, longest),
        Excerpt.beginning(kind, longest),
        Excerpt.beginning(name, longest),
        Excerpt.beginning(uid, longest),
        controller);
  }
}
