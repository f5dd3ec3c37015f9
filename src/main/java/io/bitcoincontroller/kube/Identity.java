package io.bitcoincontroller.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;

/**
 * The fields that say which object this is, and in which version. They are read while the object's
 * bytes go by, also those of an object that can't be read. A field that did not come is empty.
 */
record Identity(String namespace, String name, String uid, String resourceVersion) {
  static final Identity NONE = new Identity("", "", "", "");

  /** With this field of the object's metadata; unchanged if it is another than these four. */
  Identity with(String field, String value) {
    return switch (field) {
      case "namespace" -> new Identity(value, name, uid, resourceVersion);
      case "name" -> new Identity(namespace, value, uid, resourceVersion);
      case "uid" -> new Identity(namespace, name, value, resourceVersion);
      case "resourceVersion" -> new Identity(namespace, name, uid, value);
      default -> this;
    };
  }

  Optional<ObjectKey> key() {
    return name.isEmpty() ? Optional.empty() : Optional.of(new ObjectKey(namespace, name));
  }

  /** An object with nothing but this. */
  JsonNode tree() {
    var object = JsonNodeFactory.instance.objectNode();
    object
        .putObject("metadata")
        .put("namespace", namespace)
        .put("name", name)
        .put("uid", uid)
        .put("resourceVersion", resourceVersion);
    return object;
  }
}
