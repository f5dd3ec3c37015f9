package io.bitcoincontroller.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * An object kept whole (but for {@code managedFields}), because all of what we wrote is compared
 * with what is stored: Services, ConfigMaps and StatefulSets; and networks, whose status is
 * compared.
 *
 * @param content never changed after decoding
 */
public record StoredObject(Meta metadata, JsonNode content) implements KubeObject {
  static StoredObject of(ObjectNode object) {
    if (object.path("metadata") instanceof ObjectNode metadata) {
      metadata.remove("managedFields");
    }
    return new StoredObject(Json.convert(object.path("metadata"), Meta.class), object);
  }
}
