package io.bitcoincontroller.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.tls.PemSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A named entry of a kubeconfig, or a part of one. It reads its fields by type. Its errors name the
 * file, the entry and the field, but never a value.
 *
 * @param where as {@code user "bob"}
 */
record KubeconfigEntry(Path file, String where, ObjectNode fields) {

  ConfigurationException error(String field, String what) {
    return new ConfigurationException(origin(field) + " " + what);
  }

  String origin(String field) {
    return "kubeconfig " + file + ": " + where + ": " + field;
  }

  boolean has(String field) {
    var value = fields.path(field);
    return !value.isMissingNode()
        && !value.isNull()
        && !(value.isTextual() && value.textValue().isEmpty())
        && !(value.isContainerNode() && value.isEmpty());
  }

  /** Empty where the field is absent. */
  String text(String field) throws ConfigurationException {
    if (!has(field)) {
      return "";
    }
    var value = fields.get(field);
    if (!value.isTextual()) {
      throw error(field, "must be text: put it in quotes");
    }
    return value.textValue();
  }

  boolean flag(String field) throws ConfigurationException {
    var value = fields.path(field);
    if (has(field) && !value.isBoolean()) {
      throw error(field, "must be true or false");
    }
    return value.booleanValue();
  }

  /** The items of a list; none where the field is absent. */
  List<JsonNode> list(String field) throws ConfigurationException {
    var value = fields.path(field);
    if (has(field) && !value.isArray()) {
      throw error(field, "must be a list");
    }
    var items = new ArrayList<JsonNode>();
    value.forEach(items::add);
    return items;
  }

  KubeconfigEntry called(String newWhere) {
    return new KubeconfigEntry(file, newWhere, fields);
  }

  /** A part of this entry, empty where the field is absent. */
  KubeconfigEntry part(String field) throws ConfigurationException {
    var value = has(field) ? fields.get(field) : fields.objectNode();
    if (value instanceof ObjectNode object) {
      return new KubeconfigEntry(file, where + ": " + field, object);
    }
    throw error(field, "must be a mapping");
  }

  /** A file, relative to the folder of the kubeconfig, as in kubectl. */
  Optional<Path> path(String field) throws ConfigurationException {
    var path = text(field);
    return path.isEmpty() ? Optional.empty() : Optional.of(file.resolveSibling(path));
  }

  /**
   * A certificate or key: {@code <field>-data} holds it in base64, or {@code field} names a file.
   */
  Optional<PemSource> pem(String field) throws ConfigurationException {
    var dataField = field + "-data";
    if (has(field) && has(dataField)) {
      throw error(field, "and " + dataField + " are both given: remove one");
    }
    if (!has(dataField)) {
      return path(field).map(found -> new PemSource.InFile(origin(field), found));
    }
    try {
      var bytes = Base64.getDecoder().decode(text(dataField).replaceAll("\\s", ""));
      var pem = new String(bytes, StandardCharsets.US_ASCII);
      return Optional.of(new PemSource.Given(origin(dataField), pem));
    } catch (IllegalArgumentException e) {
      throw error(dataField, "is not base64: copy it anew");
    }
  }

  /** The login may depend on a field that we don't know: it can't be passed over. */
  void refuseAllBut(Set<String> known) throws ConfigurationException {
    for (var field : fields.properties()) {
      if (!known.contains(field.getKey()) && has(field.getKey())) {
        throw error(field.getKey(), "is not supported: remove it, or use another context");
      }
    }
  }
}
