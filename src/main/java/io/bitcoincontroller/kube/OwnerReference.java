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
        cut(apiVersion, longest),
        cut(kind, longest),
        cut(name, longest),
        cut(uid, longest),
        controller);
  }

  private static String cut(String text, int longest) {
    return text.length() > longest ? text.substring(0, longest) : text;
  }
}
