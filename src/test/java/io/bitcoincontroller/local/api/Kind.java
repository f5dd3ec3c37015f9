package io.bitcoincontroller.local.api;

/**
 * One kind of object that the local API server stores.
 *
 * @param group empty for the core group
 * @param namespaced false for Namespaces, CustomResourceDefinitions and the like
 */
public record Kind(String group, String version, String kind, String plural, boolean namespaced) {
  public static final Kind PODS = new Kind("", "v1", "Pod", "pods", true);
  public static final Kind STATEFUL_SETS =
      new Kind("apps", "v1", "StatefulSet", "statefulsets", true);

  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }
}
