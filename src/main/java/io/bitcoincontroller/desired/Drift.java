package io.bitcoincontroller.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Quantity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Whether a stored object is still as it was rendered. Every field that we render is compared,
 * since anyone may have changed it; and the hash of the whole rendering, kept as an annotation,
 * tells of fields that were rendered once and are not any more.
 */
public final class Drift {
  private static final String APPLIED_HASH = Names.annotation("applied-hash");

  /** What an entry of a list is known by; the first of these that it has. */
  private static final List<String> KEYS = List.of("uid", "mountPath", "name");

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

  /** As {@link #objectDiffers}, but for the way in which a StatefulSet's pods are replaced. */
  public static boolean differsInMoreThanRollout(ObjectNode rendered, JsonNode stored) {
    var rest = rendered.deepCopy();
    rest.withObject("/metadata/annotations").remove(APPLIED_HASH);
    rest.withObject("/spec").remove("updateStrategy");
    return objectDiffers(rest, stored);
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
