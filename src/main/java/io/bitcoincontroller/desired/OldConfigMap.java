package io.bitcoincontroller.desired;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.StoredObject;

/**
 * The ConfigMap from which the pods of an older version of this controller mount bitcoin.conf. No
 * watch shows it: the StatefulSet says that there may be one, by its template or, when that is a
 * newer one, by an annotation. It has to stay as long as a pod mounts it, or one may be made that
 * would.
 */
public final class OldConfigMap {
  private static final String LEFT = Names.annotation("old-config-map");

  private OldConfigMap() {}

  /** The StatefulSet, with the annotation, and with the hash of that. */
  public static ObjectNode named(ObjectNode statefulSet, String configMap) {
    var naming = statefulSet.deepCopy();
    naming.withObject("/metadata/annotations").put(LEFT, configMap);
    return Drift.stamped(naming);
  }

  /** Whether there may be one. */
  public static boolean mayBeThere(StoredObject statefulSet) {
    return isMountedByNewPods(statefulSet)
        || statefulSet.metadata().annotations().containsKey(LEFT);
  }

  /** Whether the present template still mounts it. */
  public static boolean isMountedByNewPods(StoredObject statefulSet) {
    for (var volume : statefulSet.content().at("/spec/template/spec/volumes")) {
      // a webhook may have added other volumes of this kind
      if (volume.path("name").asText().equals("config") && volume.has("configMap")) {
        return true;
      }
    }
    return false;
  }
}
