package io.bitcoincontroller.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An object kept whole (but for {@code managedFields}, and what names its kind), because all of
 * what we wrote is compared with what is stored: Services and StatefulSets; and networks, whose
 * status is compared.
 *
 * <p>At rest it is JSON text, a fifth of the size of its tree. A reader gets a tree, which the next
 * ones share until the garbage collector comes by.
 */
public final class StoredObject implements KubeObject {
  /** The object itself, its key, and its places in the maps of a cache. */
  private static final int ENTRY = 200;

  private static final byte[] NOTHING = {'{', '}'};

  private final Meta metadata;
  private final byte[] json;
  private volatile WeakReference<JsonNode> tree;

  private StoredObject(Meta metadata, byte[] json, JsonNode tree) {
    this.metadata = metadata;
    this.json = json;
    this.tree = new WeakReference<>(tree);
  }

  static StoredObject of(ObjectNode object) throws JsonProcessingException {
    if (object.path("metadata") instanceof ObjectNode metadata) {
      metadata.remove("managedFields");
    }
    // lists name them once, watches with every object
    object.remove(List.of("apiVersion", "kind"));
    var metadata = Json.convert(object.path("metadata"), Meta.class);
    return new StoredObject(metadata, Json.MAPPER.writeValueAsBytes(object), object);
  }

  @Override
  public Meta metadata() {
    return metadata;
  }

  @Override
  public int weight() {
    return ENTRY + json.length + metadata.weight();
  }

  @Override
  public int hashOfRest() {
    if (json.length == NOTHING.length) {
      return 0;
    }
    ObjectNode rest = content().deepCopy();
    rest.remove("status");
    rest.withObject("/metadata").remove("resourceVersion");
    return rest.hashCode();
  }

  /** All that is kept of an object that is somebody else's. */
  public StoredObject only(Meta known) {
    return new StoredObject(known, NOTHING, JsonNodeFactory.instance.objectNode());
  }

  /** The object as the API server sent it; never to be changed. */
  public JsonNode content() {
    return Optional.ofNullable(tree.get()).orElseGet(this::parsed);
  }

  private JsonNode parsed() {
    try {
      var fresh = Json.written(json);
      tree = new WeakReference<>(fresh);
      return fresh;
    } catch (IOException e) {
      throw new IllegalStateException("what Jackson wrote, it reads", e);
    }
  }

  /** By the metadata as well: of somebody else's object there is nothing besides. */
  @Override
  public boolean equals(Object other) {
    return other instanceof StoredObject that
        && metadata.equals(that.metadata)
        && Arrays.equals(json, that.json);
  }

  @Override
  public int hashCode() {
    return metadata.hashCode();
  }
}
