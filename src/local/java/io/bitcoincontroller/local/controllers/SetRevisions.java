package io.bitcoincontroller.local.controllers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.api.Metadata;
import io.bitcoincontroller.local.api.Storage;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Set;

/**
 * The templates that a StatefulSet has had, as ControllerRevision objects named {@code
 * <set>-<hash>}: a pod below the partition is made again from the template it came from.
 */
record SetRevisions(Storage storage) {
  static final Kind KIND =
      new Kind("apps", "v1", "ControllerRevision", "controllerrevisions", true);

  /** The name of the revision of a set's present template; its object is made if need be. */
  String present(ObjectNode set) {
    var key = Metadata.key(set);
    var template = set.path("spec").path("template");
    var name = key.name() + "-" + hash(template);
    if (storage.get(KIND, new ObjectKey(key.namespace(), name)).isEmpty()) {
      storage.create(KIND, revision(set, name));
      var current = set.path("status").path("currentRevision").asText();
      if (!current.isEmpty()) {
        // a new set has none to forget, and to find that out would take a look at all there are
        forgetOldest(set, Set.of(name, current));
      }
    }
    return name;
  }

  private void forgetOldest(ObjectNode set, Set<String> inUse) {
    var old =
        storage.list(KIND).stream()
            .filter(revision -> owner(set).equals(revision.at("/metadata/ownerReferences/0")))
            .filter(revision -> !inUse.contains(Metadata.key(revision).name()))
            .sorted(Comparator.comparingLong(revision -> revision.path("revision").asLong()))
            .toList();
    var tooMany = old.size() - set.path("spec").path("revisionHistoryLimit").asInt(10);
    old.stream().limit(Math.max(0, tooMany)).forEach(r -> storage.delete(KIND, Metadata.key(r)));
  }

  /** The template of a revision; that of the set itself if the revision's object is gone. */
  JsonNode template(ObjectNode set, String name) {
    return storage
        .get(KIND, new ObjectKey(Metadata.key(set).namespace(), name))
        .map(revision -> revision.path("data").path("spec").path("template"))
        .orElseGet(() -> set.path("spec").path("template"));
  }

  private static ObjectNode revision(ObjectNode set, String name) {
    var revision = JsonNodeFactory.instance.objectNode();
    revision.put("apiVersion", KIND.apiVersion()).put("kind", KIND.kind());
    var metadata = revision.putObject("metadata").put("name", name);
    metadata.put("namespace", Metadata.key(set).namespace());
    metadata.putArray("ownerReferences").add(owner(set));
    revision.put("revision", set.path("metadata").path("generation").asLong());
    var template = set.path("spec").path("template");
    revision.putObject("data").putObject("spec").set("template", template.deepCopy());
    return revision;
  }

  static ObjectNode owner(ObjectNode set) {
    var owner = JsonNodeFactory.instance.objectNode();
    owner.put("apiVersion", Kind.STATEFUL_SETS.apiVersion());
    owner.put("kind", Kind.STATEFUL_SETS.kind());
    owner.put("name", Metadata.key(set).name()).put("uid", Metadata.uid(set));
    return owner.put("controller", true).put("blockOwnerDeletion", true);
  }

  /** Equal templates have equal hashes, whatever the order of their fields. */
  private static String hash(JsonNode template) {
    try {
      var canonical =
          Json.MAPPER
              .writer(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
              .writeValueAsBytes(Json.convert(template, Object.class));
      var digest = MessageDigest.getInstance("SHA-256").digest(canonical);
      return HexFormat.of().formatHex(digest, 0, 5);
    } catch (NoSuchAlgorithmException | JsonProcessingException e) {
      throw new IllegalStateException("neither can fail: every JDK has SHA-256", e);
    }
  }
}
