package io.bitcoincontroller.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.api.Spec;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import java.util.Map;
import java.util.Optional;

/**
 * The objects that make a network, each with just the fields that are ours.
 *
 * @param service headless: gives every pod a name
 */
public record Children(ObjectNode service, ObjectNode statefulSet) {
  private static final String GENERATION = Names.annotation("network-generation");
  private static final String TEMPLATE_HASH = Names.annotation("template-hash");

  /**
   * Renders both.
   *
   * @param rpcAuth value of {@code -rpcauth}
   * @param storage the volumes that the StatefulSet has: for one that exists, those it was created
   *     with, since they can't be changed
   * @param replicas how many pods there shall be now
   * @param partition pods with a lower ordinal are not replaced
   */
  public static Children of(
      BitcoinNetwork network,
      String rpcAuth,
      Optional<Spec.Storage> storage,
      int replicas,
      int partition) {
    var name = network.metadata().name();
    var conf = BitcoinConf.of(network.spec().config());
    var service = object(network, Resource.SERVICES, Names.service(name));
    serviceSpec(service.putObject("spec"), name);
    var statefulSet = object(network, Resource.STATEFUL_SETS, Names.statefulSet(name));
    // of two controllers the one that knows an older spec must not scale the other's work down
    statefulSet
        .withObject("/metadata/annotations")
        .put(GENERATION, String.valueOf(network.metadata().generation()));
    var spec = statefulSet.putObject("spec");
    spec.put("replicas", replicas);
    spec.putObject("updateStrategy")
        .put("type", "RollingUpdate")
        .putObject("rollingUpdate")
        .put("partition", partition);
    StatefulSetSpec.render(spec, name, network.spec(), conf, rpcAuth, storage);
    statefulSet
        .withObject("/metadata/annotations")
        .put(TEMPLATE_HASH, Drift.hash(statefulSet.at("/spec/template").toString()));
    return new Children(Drift.stamped(service), Drift.stamped(statefulSet));
  }

  /**
   * Drains of the cluster's nodes take one pod at a time: each next one waits until the pod before
   * is ready again elsewhere.
   *
   * @param alwaysAllow the API server knows the field by which pods that are not ready may always
   *     be evicted; else a node that never starts could block a drain
   */
  public static ObjectNode disruptionBudget(BitcoinNetwork network, boolean alwaysAllow) {
    var name = network.metadata().name();
    var budget = object(network, Resource.POD_DISRUPTION_BUDGETS, Names.disruptionBudget(name));
    var spec = budget.putObject("spec").put("maxUnavailable", 1);
    put(spec.putObject("selector").putObject("matchLabels"), Names.selectorLabels(name));
    if (alwaysAllow) {
      spec.put("unhealthyPodEvictionPolicy", "AlwaysAllow");
    }
    return Drift.stamped(budget);
  }

  /** The Secret that the controller makes where the spec names none; made once, never applied. */
  public static ObjectNode generatedSecret(BitcoinNetwork network, String user, String password) {
    var name = Names.generatedSecret(network.metadata().name());
    var secret = object(network, Resource.SECRETS, name);
    secret.put("type", "Opaque");
    secret.putObject("stringData").put("BC_RPC_USER", user).put("BC_RPC_PASSWORD", password);
    return secret;
  }

  /**
   * The volumes that a stored StatefulSet was created with. Those of other names hold no chain: a
   * webhook may have added them.
   */
  public static Optional<Spec.Storage> storage(JsonNode statefulSet) {
    for (var claim : statefulSet.path("spec").path("volumeClaimTemplates")) {
      if (claim.at("/metadata/name").asText().equals(StatefulSetSpec.VOLUME)) {
        return Optional.of(
            new Spec.Storage(
                claim.at("/spec/resources/requests/storage").asText(),
                claim.at("/spec/storageClassName").asText()));
      }
    }
    return Optional.empty();
  }

  /** The generation of the network's spec that a stored StatefulSet was rendered from. */
  public static long generation(StoredObject statefulSet) {
    var text = statefulSet.metadata().annotations().getOrDefault(GENERATION, "");
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }

  /**
   * Whether this template differs from the one that was applied last. A webhook or somebody else
   * may have changed that one since: it is no new wish of ours.
   */
  public boolean changesTemplate(StoredObject stored) {
    return !templateHash(stored.content()).equals(templateHash(statefulSet));
  }

  private static String templateHash(JsonNode statefulSet) {
    return statefulSet.at("/metadata/annotations").path(TEMPLATE_HASH).asText();
  }

  /** How many pods a stored StatefulSet wants. */
  public static int replicas(StoredObject statefulSet) {
    return statefulSet.content().path("spec").path("replicas").asInt(1);
  }

  /** Whether what is in the pods outlives those that a smaller size takes away. */
  public static boolean keepsVolumes(StoredObject statefulSet) {
    var policy = statefulSet.content().at("/spec/persistentVolumeClaimRetentionPolicy/whenScaled");
    return storage(statefulSet.content()).isPresent() && !policy.asText().equals("Delete");
  }

  /** Pods with a lower ordinal are not replaced: of a stored StatefulSet. */
  public static int partition(StoredObject statefulSet) {
    return statefulSet.content().at("/spec/updateStrategy/rollingUpdate/partition").asInt();
  }

  private static ObjectNode object(BitcoinNetwork network, Resource<?> resource, String name) {
    var object = JsonNodeFactory.instance.objectNode();
    object.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
    var metadata = object.putObject("metadata");
    metadata.put("namespace", network.metadata().namespace()).put("name", name);
    put(metadata.putObject("labels"), Names.labels(network.metadata().name()));
    metadata
        .putArray("ownerReferences")
        .addObject()
        .put("apiVersion", BitcoinNetwork.RESOURCE.apiVersion())
        .put("kind", BitcoinNetwork.RESOURCE.kind())
        .put("name", network.metadata().name())
        .put("uid", network.metadata().uid())
        .put("controller", true)
        .put("blockOwnerDeletion", true);
    return object;
  }

  private static void serviceSpec(ObjectNode spec, String name) {
    spec.put("type", "ClusterIP").put("clusterIP", "None");
    put(spec.putObject("selector"), Names.selectorLabels(name));
    var ports = spec.putArray("ports");
    port(ports.addObject(), "rpc", 18443);
    port(ports.addObject(), "p2p", 18444);
  }

  /** Apply needs the protocol, since it is part of the list's key. */
  private static void port(ObjectNode port, String name, int number) {
    port.put("name", name).put("port", number).put("targetPort", number).put("protocol", "TCP");
  }

  static void put(ObjectNode object, Map<String, String> entries) {
    entries.forEach(object::put);
  }
}
