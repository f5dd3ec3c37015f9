package io.bitcoincontroller.local.api;

import io.bitcoincontroller.kube.ObjectKey;
import java.util.Set;

/**
 * One kind of object that the local API server stores.
 *
 * @param group empty for the core group
 * @param namespaced false for Namespaces, CustomResourceDefinitions and the like
 */
public record Kind(String group, String version, String kind, String plural, boolean namespaced) {
  public static final Kind NAMESPACES = new Kind("", "v1", "Namespace", "namespaces", false);
  public static final Kind PODS = new Kind("", "v1", "Pod", "pods", true);
  public static final Kind SERVICES = new Kind("", "v1", "Service", "services", true);
  public static final Kind CONFIG_MAPS = new Kind("", "v1", "ConfigMap", "configmaps", true);
  public static final Kind SECRETS = new Kind("", "v1", "Secret", "secrets", true);

  /** Also served as {@code events.k8s.io/v1}: one object, two views. */
  public static final Kind EVENTS = new Kind("", "v1", "Event", "events", true);

  public static final Kind STATEFUL_SETS =
      new Kind("apps", "v1", "StatefulSet", "statefulsets", true);
  public static final Kind CUSTOM_RESOURCE_DEFINITIONS =
      new Kind(
          "apiextensions.k8s.io",
          "v1",
          "CustomResourceDefinition",
          "customresourcedefinitions",
          false);

  /** Groups whose objects carry no {@code metadata.generation}. */
  private static final Set<String> WITHOUT_GENERATION =
      Set.of("", "events.k8s.io", "rbac.authorization.k8s.io", "coordination.k8s.io");

  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** Whether {@code metadata.generation} counts the changes of what users write. */
  public boolean hasGeneration() {
    return !WITHOUT_GENERATION.contains(group);
  }

  /** As messages name a kind: {@code statefulsets.apps}, {@code pods}. */
  String resource() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  /** The key of an object of this kind: cluster-wide kinds have no namespace. */
  public ObjectKey key(String namespace, String name) {
    return new ObjectKey(namespaced ? namespace : "", name);
  }
}
