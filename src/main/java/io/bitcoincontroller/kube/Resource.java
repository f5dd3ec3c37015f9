package io.bitcoincontroller.kube;

/**
 * One kind of object as the API serves it.
 *
 * @param group empty for the core group
 * @param plural as in paths: {@code statefulsets}
 * @param type what an object is decoded into
 * @param installed how it gets into a cluster, for people whose cluster lacks it; empty for what
 *     every cluster has
 */
public record Resource<T extends KubeObject>(
    String group, String version, String kind, String plural, Class<T> type, String installed) {
  /** Of a kind that every cluster has. */
  public Resource(String group, String version, String kind, String plural, Class<T> type) {
    this(group, version, kind, plural, type, "");
  }

  public static final Resource<Pod> PODS = new Resource<>("", "v1", "Pod", "pods", Pod.class);
  public static final Resource<StoredObject> SERVICES =
      new Resource<>("", "v1", "Service", "services", StoredObject.class);
  public static final Resource<StoredObject> CONFIG_MAPS =
      new Resource<>("", "v1", "ConfigMap", "configmaps", StoredObject.class);
  public static final Resource<StoredObject> SECRETS =
      new Resource<>("", "v1", "Secret", "secrets", StoredObject.class);
  public static final Resource<StoredObject> STATEFUL_SETS =
      new Resource<>("apps", "v1", "StatefulSet", "statefulsets", StoredObject.class);

  /** Served from Kubernetes 1.21 on. */
  public static final Resource<StoredObject> POD_DISRUPTION_BUDGETS =
      new Resource<>(
          "policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", StoredObject.class);

  public static final Resource<StoredObject> EVENTS =
      new Resource<>("events.k8s.io", "v1", "Event", "events", StoredObject.class);

  /** The same objects in their older form, which can be searched by what they are about. */
  public static final Resource<StoredObject> CORE_EVENTS =
      new Resource<>("", "v1", "Event", "events", StoredObject.class);

  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** Path of the collection: of one namespace, or of all where it is empty. */
  public String path(String namespace) {
    var root = (group.isEmpty() ? "/api/" : "/apis/") + apiVersion();
    return namespace.isEmpty()
        ? root + "/" + plural
        : root + "/namespaces/" + namespace + "/" + plural;
  }

  /** Path of one object. */
  public String path(ObjectKey key) {
    return path(key.namespace()) + "/" + key.name();
  }
}
