package io.bitcoincontroller.kube;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The part of {@code metadata} that the controller reads.
 *
 * @param resourceVersion opaque: compared for equality only, except by {@code cache}, which says
 *     why
 * @param deletionTimestamp empty while nobody asked for deletion
 */
public record Meta(
    String namespace,
    String name,
    String uid,
    String resourceVersion,
    long generation,
    String deletionTimestamp,
    Map<String, String> labels,
    Map<String, String> annotations,
    List<OwnerReference> ownerReferences) {
  public Meta {
    namespace = Objects.requireNonNullElse(namespace, "");
    name = Objects.requireNonNullElse(name, "");
    uid = Objects.requireNonNullElse(uid, "");
    resourceVersion = Objects.requireNonNullElse(resourceVersion, "");
    deletionTimestamp = Objects.requireNonNullElse(deletionTimestamp, "");
    labels = labels == null ? Map.of() : Map.copyOf(labels);
    annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
    ownerReferences = ownerReferences == null ? List.of() : List.copyOf(ownerReferences);
  }

  /** Of an object of which hardly more is known than its name. */
  public static Meta of(ObjectKey key, String uid) {
    return new Meta(key.namespace(), key.name(), uid, "", 0, "", Map.of(), Map.of(), List.of());
  }

  /** Longer than any that Kubernetes takes for a name, and that only a stranger's owner has. */
  private static final int LONGEST_NAME = 253;

  /**
   * With some of the labels and annotations, and of the owners only the one that manages the
   * object: as much as can be kept of any object at all.
   */
  public Meta only(Predicate<String> labelNames, Predicate<String> annotationNames) {
    return new Meta(
        namespace,
        name,
        uid,
        resourceVersion,
        generation,
        deletionTimestamp,
        some(labels, labelNames),
        some(annotations, annotationNames),
        controllerOwner().map(owner -> List.of(owner.cut(LONGEST_NAME))).orElse(List.of()));
  }

  private static Map<String, String> some(Map<String, String> all, Predicate<String> names) {
    var some = new HashMap<>(all);
    some.keySet().removeIf(names.negate());
    return some;
  }

  /** Bytes of memory, roughly, as measured; short texts are mostly shared with other objects. */
  int weight() {
    var weight = 300 + 2 * (namespace.length() + name.length());
    for (var texts : List.of(labels, annotations)) {
      for (var text : texts.entrySet()) {
        weight += 60 + unshared(text.getKey()) + unshared(text.getValue());
      }
    }
    for (var owner : ownerReferences) {
      weight += 60 + unshared(owner.apiVersion()) + unshared(owner.kind()) + unshared(owner.name());
    }
    return weight;
  }

  private static int unshared(String text) {
    return text.length() > SharedStrings.LONGEST ? text.length() : 0;
  }

  public ObjectKey key() {
    return new ObjectKey(namespace, name);
  }

  public boolean deleting() {
    return !deletionTimestamp.isEmpty();
  }

  /** The owner that manages this object; Kubernetes allows at most one. */
  public Optional<OwnerReference> controllerOwner() {
    return ownerReferences.stream().filter(OwnerReference::controller).findFirst();
  }

  public boolean ownedBy(String ownerUid) {
    return controllerOwner().map(owner -> owner.uid().equals(ownerUid)).orElse(false);
  }
}
