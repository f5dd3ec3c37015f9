package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.api.schema.FieldError;
import io.bitcoincontroller.local.api.schema.Shaping;
import io.bitcoincontroller.local.api.schema.Values;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * What Kubernetes does to its own kinds beyond their schema: the defaults that depend on other
 * fields, and those of its rules that a controller runs into. A real server has many more.
 */
final class BuiltinRules {
  private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final String LABEL_WORDS =
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must"
          + " start and end with an alphanumeric character";
  private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
  private static final String SUBDOMAIN_WORDS =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.',"
          + " and must start and end with an alphanumeric character ";
  private static final String SERVICE = "[a-z]([-a-z0-9]*[a-z0-9])?";
  private static final String SERVICE_WORDS =
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an"
          + " alphabetic character, and end with an alphanumeric character";
  private static final Set<String> MUTABLE_IN_STATEFUL_SETS =
      Set.of(
          "replicas",
          "template",
          "updateStrategy",
          "persistentVolumeClaimRetentionPolicy",
          "minReadySeconds",
          "ordinals",
          "revisionHistoryLimit");

  private BuiltinRules() {}

  /** The status that a new object starts with. */
  static void initialStatus(Kind kind, ObjectNode object) {
    switch (kind.kind()) {
      case "Pod" ->
          object.putObject("status").put("phase", "Pending").put("qosClass", "BestEffort");
      case "Namespace" -> {
        object.putObject("status").put("phase", "Active");
        object.putObject("spec").putArray("finalizers").add("kubernetes");
      }
      case "Service" -> object.putObject("status").putObject("loadBalancer");
      case "StatefulSet" -> object.putObject("status").put("replicas", 0);
      case "Deployment" -> object.putObject("status");
      case "PersistentVolumeClaim" -> object.putObject("status").put("phase", "Pending");
      default -> {}
    }
  }

  /** Defaults that depend on other fields; in place. */
  static void fill(Kind kind, ObjectNode object, long unique) {
    switch (kind.kind()) {
      case "Service" -> service(object, unique);
      case "Secret" -> secret(object);
      case "Pod" -> {
        if (object.path("spec") instanceof ObjectNode spec) {
          pod(spec);
        }
      }
      case "Deployment", "StatefulSet" -> workload(object);
      case "NetworkPolicy" -> {
        if (object.path("spec") instanceof ObjectNode spec && !spec.has("policyTypes")) {
          var types = spec.putArray("policyTypes").add("Ingress");
          if (spec.has("egress")) {
            types.add("Egress");
          }
        }
      }
      default -> {}
    }
  }

  private static void service(ObjectNode object, long unique) {
    if (!(object.path("spec") instanceof ObjectNode spec)) {
      return;
    }
    for (var port : spec.path("ports")) {
      if (port instanceof ObjectNode one
          && (!one.has("targetPort") || one.path("targetPort").asText().equals("0"))) {
        one.set("targetPort", one.path("port"));
      }
    }
    if (!spec.path("type").asText().equals("ExternalName")) {
      if (spec.path("clusterIP").asText().isEmpty()) {
        spec.put("clusterIP", "10.96." + (unique >> 8 & 255) + "." + (unique & 255));
      }
      if (!spec.has("clusterIPs")) {
        spec.putArray("clusterIPs").add(spec.get("clusterIP"));
      }
    }
  }

  private static void secret(ObjectNode object) {
    if (object.remove("stringData") instanceof ObjectNode plain) {
      var data = object.path("data") instanceof ObjectNode there ? there : object.putObject("data");
      plain
          .properties()
          .forEach(
              e ->
                  data.put(
                      e.getKey(),
                      Base64.getEncoder()
                          .encodeToString(e.getValue().asText().getBytes(StandardCharsets.UTF_8))));
    }
  }

  private static void workload(ObjectNode object) {
    if (!(object.path("spec") instanceof ObjectNode spec)) {
      return;
    }
    podSpec(spec.path("template").path("spec"));
    for (var field : List.of("updateStrategy", "strategy")) {
      if (spec.path(field) instanceof ObjectNode strategy
          && strategy.path("type").asText().equals("RollingUpdate")
          && !strategy.has("rollingUpdate")) {
        var rolling = strategy.putObject("rollingUpdate");
        if (field.equals("updateStrategy")) {
          rolling.put("partition", 0);
        } else {
          rolling.put("maxSurge", "25%").put("maxUnavailable", "25%");
        }
      }
    }
    for (var claim : spec.path("volumeClaimTemplates")) {
      if (claim instanceof ObjectNode template) {
        template.put("apiVersion", "v1").put("kind", "PersistentVolumeClaim");
        template.putObject("status").put("phase", "Pending");
      }
    }
  }

  /** What Go's zero values look like in JSON; in place, after validation. */
  static void finish(Kind kind, ObjectNode object) {
    if (!kind.group().equals("apps")) {
      return;
    }
    noTimestamp(object.path("spec").path("template"));
    object.path("spec").path("volumeClaimTemplates").forEach(BuiltinRules::noTimestamp);
  }

  private static void noTimestamp(JsonNode template) {
    if (template instanceof ObjectNode object) {
      var metadata = Admission.metadata(object);
      if (!metadata.has("creationTimestamp")) {
        metadata.putNull("creationTimestamp");
      }
    }
  }

  private static void podSpec(JsonNode node) {
    if (!(node instanceof ObjectNode spec)) {
      return;
    }
    for (var list : List.of("containers", "initContainers")) {
      for (var container : spec.path(list)) {
        if (container instanceof ObjectNode one) {
          container(one);
        }
      }
    }
    mirror(spec, "serviceAccountName", "serviceAccount");
    for (var volume : spec.path("volumes")) {
      if (volume instanceof ObjectNode one && one.size() == 1) {
        one.putObject("emptyDir");
      }
    }
  }

  private static void mirror(ObjectNode spec, String name, String oldName) {
    if (spec.has(name)) {
      spec.set(oldName, spec.get(name));
    } else if (spec.has(oldName)) {
      spec.set(name, spec.get(oldName));
    }
  }

  private static void container(ObjectNode container) {
    if (!container.has("imagePullPolicy")) {
      var image = container.path("image").asText();
      var tag = image.substring(image.lastIndexOf('/') + 1);
      var latest = !tag.contains("@") && (!tag.contains(":") || tag.endsWith(":latest"));
      container.put("imagePullPolicy", latest ? "Always" : "IfNotPresent");
    }
  }

  /** What only pods get, not the templates that they are made of. */
  private static void pod(ObjectNode spec) {
    podSpec(spec);
    if (!spec.has("enableServiceLinks")) {
      spec.put("enableServiceLinks", true);
    }
    for (var container : spec.path("containers")) {
      if (container.path("resources") instanceof ObjectNode resources
          && resources.path("limits") instanceof ObjectNode limits) {
        var requests = limits.deepCopy();
        if (resources.path("requests") instanceof ObjectNode given) {
          requests.setAll(given);
        }
        resources.set("requests", requests);
      }
    }
  }

  /** What an update that doesn't name it leaves as it was; in place. */
  static void keep(Kind kind, ObjectNode live, ObjectNode updated) {
    if (kind.equals(Kind.SERVICES)
        && updated.path("spec") instanceof ObjectNode spec
        && live.path("spec").has("clusterIP")
        && spec.path("clusterIP").asText().isEmpty()) {
      spec.set("clusterIP", live.path("spec").get("clusterIP"));
      spec.set("clusterIPs", live.path("spec").path("clusterIPs"));
    }
  }

  static List<FieldError> validateName(Served served, ObjectNode object) {
    var name = object.path("metadata").path("name").asText();
    if (name.isEmpty()) {
      return List.of(FieldError.required("metadata.name", "name or generateName is required"));
    }
    return switch (served.kind().kind()) {
      case "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding" -> List.of();
      case "Service" -> name("metadata.name", name, 63, SERVICE, SERVICE_WORDS);
      case "Namespace" -> name("metadata.name", name, 63, LABEL, LABEL_WORDS);
      default -> name("metadata.name", name, 253, SUBDOMAIN, SUBDOMAIN_WORDS);
    };
  }

  private static List<FieldError> name(
      String field, String name, int most, String pattern, String words) {
    if (name.length() > most) {
      return List.of(
          FieldError.invalid(
              field, "\"" + name + "\"", "must be no more than " + most + " characters"));
    }
    return name.matches(pattern)
        ? List.of()
        : List.of(
            FieldError.invalid(
                field,
                "\"" + name + "\"",
                words + "; the regex used for validation is '" + pattern + "'"));
  }

  static List<FieldError> validate(Kind kind, ObjectNode object) {
    var errors = new ArrayList<FieldError>();
    var spec = object.path("spec");
    if (kind.equals(Kind.STATEFUL_SETS)) {
      selectorMatches(spec, errors);
    }
    if (kind.equals(Kind.SERVICES)
        && spec.path("ports").isEmpty()
        && !spec.path("clusterIP").asText().equals("None")
        && !spec.path("type").asText().equals("ExternalName")) {
      errors.add(FieldError.required("spec.ports"));
    }
    return errors;
  }

  private static void selectorMatches(JsonNode spec, List<FieldError> errors) {
    var labels = spec.path("template").path("metadata").path("labels");
    for (var wanted : spec.path("selector").path("matchLabels").properties()) {
      if (!labels.path(wanted.getKey()).equals(wanted.getValue())) {
        errors.add(
            FieldError.invalid(
                "spec.template.metadata.labels",
                labels.toString(),
                "`selector` does not match template `labels`"));
        return;
      }
    }
  }

  static List<FieldError> validateUpdate(Kind kind, ObjectNode live, ObjectNode updated) {
    if (!kind.equals(Kind.STATEFUL_SETS)) {
      return List.of();
    }
    var before = live.path("spec").deepCopy();
    var after = updated.path("spec").deepCopy();
    // those are the server's own
    Shaping.dropNulls(before);
    Shaping.dropNulls(after);
    if (before instanceof ObjectNode a && after instanceof ObjectNode b) {
      a.remove(MUTABLE_IN_STATEFUL_SETS);
      b.remove(MUTABLE_IN_STATEFUL_SETS);
    }
    return Values.same(before, after)
        ? List.of()
        : List.of(
            FieldError.forbidden(
                "spec",
                "updates to statefulset spec for fields other than 'replicas', 'template', and"
                    + " 'updateStrategy' are forbidden"));
  }
}
