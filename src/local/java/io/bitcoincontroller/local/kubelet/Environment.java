package io.bitcoincontroller.local.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.api.Storage;
import io.bitcoincontroller.local.kubelet.ContainerSpec.FieldRef;
import io.bitcoincontroller.local.kubelet.ContainerSpec.KeyRef;
import io.bitcoincontroller.local.kubelet.ContainerSpec.Literal;
import io.bitcoincontroller.local.kubelet.ContainerSpec.Variable;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The values of a container's environment variables, looked up afresh for each start.
 *
 * <p>Its values hold secrets: never log one.
 */
record Environment(Storage storage, JsonNode podMetadata, String podAddress) {

  private static final Pattern MAP_ENTRY =
      Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)']");

  /** In the order of the spec, as a later value may refer to an earlier name. */
  Map<String, String> values(List<Variable> variables) throws NotStartable {
    var values = new LinkedHashMap<String, String>();
    for (var variable : variables) {
      switch (variable) {
        case Literal(var name, var value) -> values.put(name, Expansion.expand(value, values));
        case FieldRef(var name, var path) -> values.put(name, field(path));
        case KeyRef ref -> key(ref).ifPresent(value -> values.put(ref.name(), value));
      }
    }
    return values;
  }

  /** The value of a field of the pod, as the downward API names it. */
  String field(String path) throws NotStartable {
    var entry = MAP_ENTRY.matcher(path);
    if (entry.matches()) {
      return podMetadata.path(entry.group(1)).path(entry.group(2)).asText();
    }
    return switch (path) {
      case "metadata.name", "metadata.namespace", "metadata.uid" ->
          podMetadata.path(path.substring("metadata.".length())).asText();
      case "status.podIP", "status.podIPs" -> podAddress;
      case "status.hostIP" -> "127.0.0.1";
      case "spec.nodeName" -> Kubelet.NODE_NAME;
      default -> throw configError("field label not supported: " + path);
    };
  }

  private Optional<String> key(KeyRef ref) throws NotStartable {
    var kind = ref.secret() ? Kind.SECRETS : Kind.CONFIG_MAPS;
    var word = ref.secret() ? "secret" : "configmap";
    var key = new ObjectKey(podMetadata.path("namespace").asText(), ref.object());
    var object = storage.get(kind, key);
    if (object.isEmpty() && !ref.optional()) {
      throw configError(word + " \"" + ref.object() + "\" not found");
    }
    var value = object.map(o -> o.path("data").path(ref.key())).filter(JsonNode::isTextual);
    if (value.isEmpty() && !ref.optional()) {
      throw configError("couldn't find key " + ref.key() + " in " + word + " " + key);
    }
    return value.map(
        v -> ref.secret() ? new String(decode(v), StandardCharsets.UTF_8) : v.asText());
  }

  /** A Secret's value; the API server has refused what is not base64. */
  static byte[] decode(JsonNode value) {
    return Base64.getDecoder().decode(value.asText());
  }

  private static NotStartable configError(String message) {
    return new NotStartable(NotStartable.Reason.ENVIRONMENT, message);
  }
}
