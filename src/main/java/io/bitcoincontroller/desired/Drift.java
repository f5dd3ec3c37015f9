package io.bitcoincontroller.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Quantity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a stored object is still as it was rendered. Every field that we render is compared,
 * since anyone may have changed it; and the hash of the whole rendering, kept as an annotation,
 * tells of fields that were rendered once and are not any more.
 *
 * <p>What others add stays: labels, annotations, sidecars, volumes, environment, resources, a place
 * to run at. Webhooks and people do that on purpose, and it harms no network. {@link #surplus} is
 * what harms.
 */
public final class Drift {
  private static final String APPLIED_HASH = Names.annotation("applied-hash");

  /** The fields that name an entry of a list; the first of these that it has counts. */
  private static final List<String> KEYS = List.of("uid", "mountPath", "name");

  /** Maps in which a key of somebody else's does harm. The entries of a list share its path. */
  private static final Set<String> EXACT =
      Set.of(
          // of a Service or a PodDisruptionBudget: a further label selects fewer pods, or none
          "/spec/selector",
          // a capability that is added is one that was to be dropped
          "/spec/template/spec/containers/securityContext/capabilities");

  /** Fields that are none of ours because they must not be there. */
  private static final Set<String> FORBIDDEN =
      Set.of(
          // the pods would get other numbers
          "/spec/ordinals");

  private Drift() {}

  /** Puts the hash of an object into its annotations. */
  static ObjectNode stamped(ObjectNode object) {
    var hash = hash(object.toString());
    object.withObject("/metadata/annotations").put(APPLIED_HASH, hash);
    return object;
  }

  /**
   * As {@link #differs}, of whole objects. Their apiVersion and kind are known by whoever has them:
   * the items of a list name neither.
   */
  public static boolean objectDiffers(ObjectNode rendered, JsonNode stored) {
    return rendered
        .propertyStream()
        .filter(field -> !field.getKey().equals("apiVersion") && !field.getKey().equals("kind"))
        .anyMatch(field -> differs(field.getValue(), stored.path(field.getKey())));
  }

  /**
   * The fields that others added to an object and that have to go. An apply does not remove them:
   * where a map is merged key by key, each key stays as long as its own manager has it.
   *
   * @return a strategic merge patch; empty if nothing has to go
   */
  public static Optional<ObjectNode> surplus(ObjectNode rendered, JsonNode stored) {
    return Optional.of(surplus(rendered, stored, "", false)).filter(patch -> !patch.isEmpty());
  }

  private static ObjectNode surplus(
      JsonNode rendered, JsonNode stored, String path, boolean isExact) {
    var patch = JsonNodeFactory.instance.objectNode();
    for (var field : stored.properties()) {
      var name = field.getKey();
      var below = path + "/" + name;
      var ours = rendered.path(name);
      if (ours.isMissingNode() && (isExact || FORBIDDEN.contains(below))) {
        patch.putNull(name);
      } else if (ours.isObject()) {
        var part = surplus(ours, field.getValue(), below, isExact || EXACT.contains(below));
        if (!part.isEmpty()) {
          patch.set(name, part);
        }
      } else if (ours.isArray() && ours.path(0).isObject()) {
        var entries = surplusOfEntries(ours, field.getValue(), below);
        if (!entries.isEmpty()) {
          patch.set(name, entries);
        }
      }
    }
    return patch;
  }

  private static ArrayNode surplusOfEntries(JsonNode rendered, JsonNode stored, String path) {
    var patches = JsonNodeFactory.instance.arrayNode();
    for (var entry : rendered) {
      var patch = surplus(entry, sameEntry(entry, stored), path, false);
      var key = KEYS.stream().filter(entry::has).findFirst();
      if (!patch.isEmpty() && key.isPresent()) {
        patches.add(patch.set(key.get(), entry.path(key.get())));
      }
    }
    return patches;
  }

  /** As {@link #objectDiffers}, but for the way in which a StatefulSet's pods are replaced. */
  public static boolean differsInMoreThanRollout(ObjectNode rendered, JsonNode stored) {
    var rest = rendered.deepCopy();
    rest.withObject("/metadata/annotations").remove(APPLIED_HASH);
    rest.withObject("/spec").remove("updateStrategy");
    return objectDiffers(rest, stored) || surplus(rest, stored).isPresent();
  }

  static String hash(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      var bytes = digest.digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(bytes, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * Whether a field of {@code rendered} is absent from {@code stored} or has another value there.
   */
  public static boolean differs(JsonNode rendered, JsonNode stored) {
    if (rendered.isObject()) {
      return !stored.isObject()
          || rendered
              .propertyStream()
              .anyMatch(field -> differs(field.getValue(), stored.path(field.getKey())));
    }
    if (rendered.isArray()) {
      return listDiffers(rendered, stored);
    }
    return !Json.same(rendered, stored) && !Quantity.same(rendered.asText(), stored.asText());
  }

  private static boolean listDiffers(JsonNode rendered, JsonNode stored) {
    if (rendered.isEmpty() || !rendered.path(0).isObject()) {
      return !Json.same(rendered, stored);
    }
    for (var entry : rendered) {
      if (differs(entry, sameEntry(entry, stored))) {
        return true;
      }
    }
    return false;
  }

  private static JsonNode sameEntry(JsonNode entry, JsonNode list) {
    var key = KEYS.stream().filter(entry::has).findFirst();
    for (var candidate : list) {
      if (key.isPresent() && candidate.path(key.get()).equals(entry.path(key.get()))) {
        return candidate;
      }
    }
    return key.isPresent() ? list.path(-1) : list.path(0);
  }
}
