package io.bitcoincontroller.kube;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

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
    String creationTimestamp,
    String deletionTimestamp,
    Map<String, String> labels,
    Map<String, String> annotations,
    List<OwnerReference> ownerReferences) {
  public Meta {
    namespace = Objects.requireNonNullElse(namespace, "");
    name = Objects.requireNonNullElse(name, "");
    uid = Objects.requireNonNullElse(uid, "");
    resourceVersion = Objects.requireNonNullElse(resourceVersion, "");
    creationTimestamp = Objects.requireNonNullElse(creationTimestamp, "");
    deletionTimestamp = Objects.requireNonNullElse(deletionTimestamp, "");
    labels = labels == null ? Map.of() : Map.copyOf(labels);
    annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
    ownerReferences = ownerReferences == null ? List.of() : List.copyOf(ownerReferences);
  }

  Meta withoutAnnotations() {
    return annotations.isEmpty()
        ? this
        : new Meta(
            namespace,
            name,
            uid,
            resourceVersion,
            generation,
            creationTimestamp,
            deletionTimestamp,
            labels,
            Map.of(),
            ownerReferences);
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
