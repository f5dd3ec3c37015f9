package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.Served.Column;
import io.bitcoincontroller.local.api.Served.Scale;
import io.bitcoincontroller.local.api.schema.BuiltinTypes;
import io.bitcoincontroller.local.api.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The kinds that are served: Kubernetes' own, and those of the stored CustomResourceDefinitions.
 */
final class Registry {
  private static final Column AGE = Column.of("Age", "date", ".metadata.creationTimestamp");
  private static final String RBAC = "rbac.authorization.k8s.io";

  /** The second view of {@link Kind#EVENTS}. */
  static final Kind NEW_EVENTS = new Kind("events.k8s.io", "v1", "Event", "events", true);

  private static final List<Served> BUILT_IN = builtIn();

  private final MemoryStorage storage;

  /** By uid and resourceVersion of the definition, so that no entry is ever wrong. */
  private final Map<String, Served> compiled = new ConcurrentHashMap<>();

  Registry(MemoryStorage storage) {
    this.storage = storage;
  }

  /** The kind at a path. */
  Optional<Served> find(String group, String version, String plural) {
    for (var served : BUILT_IN) {
      var kind = served.kind();
      if (kind.group().equals(group)
          && kind.version().equals(version)
          && kind.plural().equals(plural)) {
        return Optional.of(served);
      }
    }
    if (group.isEmpty()) {
      return Optional.empty();
    }
    var definition = new ObjectKey("", plural + "." + group);
    return storage
        .get(Kind.CUSTOM_RESOURCE_DEFINITIONS, definition)
        .map(this::compile)
        .filter(served -> served.kind().version().equals(version));
  }

  /** All kinds, for discovery and for those who look at everything. */
  List<Served> all() {
    var all = new ArrayList<>(BUILT_IN);
    storage.snapshot(Kind.CUSTOM_RESOURCE_DEFINITIONS).objects().forEach(d -> all.add(compile(d)));
    return all;
  }

  Served compile(ObjectNode definition) {
    var metadata = definition.path("metadata");
    return compiled.computeIfAbsent(
        metadata.path("uid").asText() + "/" + metadata.path("resourceVersion").asText(),
        _ -> CustomResources.served(definition));
  }

  private static List<Served> builtIn() {
    return List.of(
        served(Kind.NAMESPACES, true, List.of("ns"), namespaceColumns()),
        served(Kind.PODS, true, List.of("po"), List.of()),
        served(Kind.SERVICES, true, List.of("svc"), List.of()),
        served(Kind.CONFIG_MAPS, false, List.of("cm"), List.of()),
        served(Kind.SECRETS, false, List.of(), List.of()),
        served(core("ServiceAccount", "serviceaccounts"), false, List.of("sa"), List.of()),
        served(
            core("PersistentVolumeClaim", "persistentvolumeclaims"),
            true,
            List.of("pvc"),
            List.of(Column.of("Status", "string", ".status.phase"), AGE)),
        served(Kind.EVENTS, false, List.of("ev"), List.of()),
        served(NEW_EVENTS, false, List.of("ev"), List.of()),
        scaled(served(Kind.STATEFUL_SETS, true, List.of("sts"), List.of())),
        scaled(served(apps("Deployment", "deployments"), true, List.of("deploy"), List.of())),
        served(rbac("Role", "roles", true), false, List.of(), List.of(AGE)),
        served(rbac("RoleBinding", "rolebindings", true), false, List.of(), List.of(AGE)),
        served(rbac("ClusterRole", "clusterroles", false), false, List.of(), List.of(AGE)),
        served(
            rbac("ClusterRoleBinding", "clusterrolebindings", false),
            false,
            List.of(),
            List.of(AGE)),
        served(
            new Kind("coordination.k8s.io", "v1", "Lease", "leases", true),
            false,
            List.of(),
            List.of(Column.of("Holder", "string", ".spec.holderIdentity"), AGE)),
        served(
            new Kind("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", true),
            true,
            List.of("pdb"),
            List.of(AGE)),
        served(
            new Kind("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", true),
            true,
            List.of("netpol"),
            List.of(AGE)),
        served(Kind.CUSTOM_RESOURCE_DEFINITIONS, true, List.of("crd", "crds"), List.of()));
  }

  private static Kind core(String kind, String plural) {
    return new Kind("", "v1", kind, plural, true);
  }

  private static Kind apps(String kind, String plural) {
    return new Kind("apps", "v1", kind, plural, true);
  }

  private static Kind rbac(String kind, String plural, boolean namespaced) {
    return new Kind(RBAC, "v1", kind, plural, namespaced);
  }

  private static List<Column> namespaceColumns() {
    return List.of(Column.of("Status", "string", ".status.phase"), AGE);
  }

  private static Served served(
      Kind kind, boolean status, List<String> shortNames, List<Column> columns) {
    var categories =
        List.of("pods", "services", "statefulsets", "deployments").contains(kind.plural())
            ? List.of("all")
            : List.<String>of();
    return new Served(
        kind,
        kind.kind().toLowerCase(Locale.ROOT),
        shortNames,
        categories,
        kind.kind() + "List",
        BuiltinTypes.of(kind.kind()),
        Schema.ANY,
        status,
        Optional.empty(),
        columns,
        false);
  }

  private static Served scaled(Served served) {
    return new Served(
        served.kind(),
        served.singular(),
        served.shortNames(),
        served.categories(),
        served.listKind(),
        served.schema(),
        served.nameSchema(),
        served.status(),
        Optional.of(new Scale(".spec.replicas", ".status.replicas", ".spec.selector")),
        served.columns(),
        false);
  }
}
