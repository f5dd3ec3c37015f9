package io.bitcoincontroller.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.Spec;
import io.bitcoincontroller.kube.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The spec of a network's StatefulSet, and within it that of its pods. */
final class StatefulSetSpec {
  /** nobody in particular; the image's own user may be root. */
  private static final int USER = 1000;

  /** Where the chain is: a claim of this name, or an emptyDir. */
  static final String VOLUME = Pod.BLOCKS;

  /**
   * The annotation of a pod that is its bitcoin.conf: a part of the template, so that another one
   * reaches the pods as any other template does.
   */
  private static final String CONFIG = Names.annotation("bitcoin.conf");

  /**
   * The volume that holds it. An older version had another kind of volume, with the name {@code
   * config}: Kubernetes before 1.22 would make one volume of two kinds of two with one name.
   */
  private static final String CONFIG_VOLUME = "bitcoin-conf";

  private static final List<String> PROBE =
      List.of("bitcoin-cli", "-regtest", "-conf=" + BitcoinConf.PATH, "getnetworkinfo");

  private StatefulSetSpec() {}

  static void render(
      ObjectNode spec,
      String network,
      Spec wanted,
      String conf,
      String rpcAuth,
      Optional<Spec.Storage> storage) {
    spec.put("serviceName", Names.service(network));
    spec.put("podManagementPolicy", "Parallel");
    Children.put(
        spec.putObject("selector").putObject("matchLabels"), Names.selectorLabels(network));
    var template = spec.putObject("template");
    var metadata = template.putObject("metadata");
    Children.put(metadata.putObject("labels"), Names.labels(network));
    metadata.putObject("annotations").put(CONFIG, conf);
    pod(template.putObject("spec"), wanted, rpcAuth, storage.isEmpty());
    storage.ifPresent(volume -> claim(spec, volume));
  }

  private static void pod(ObjectNode pod, Spec wanted, String rpcAuth, boolean emptyDir) {
    pod.put("automountServiceAccountToken", false);
    pod.put("enableServiceLinks", false);
    // bitcoind flushes its databases on SIGTERM
    pod.put("terminationGracePeriodSeconds", 60);
    pod.set("securityContext", podSecurity());
    container(pod.putArray("containers").addObject(), wanted, rpcAuth);
    var volumes = pod.putArray("volumes");
    volumes
        .addObject()
        .put("name", CONFIG_VOLUME)
        .putObject("downwardAPI")
        .putArray("items")
        .addObject()
        .put("path", "bitcoin.conf")
        .putObject("fieldRef")
        .put("fieldPath", "metadata.annotations['" + CONFIG + "']");
    if (emptyDir) {
      volumes.addObject().put("name", VOLUME).putObject("emptyDir");
    }
  }

  private static JsonNode podSecurity() {
    var security = JsonNodeFactory.instance.objectNode();
    security.put("runAsNonRoot", true).put("runAsUser", USER).put("runAsGroup", USER);
    security.put("fsGroup", USER);
    security.putObject("seccompProfile").put("type", "RuntimeDefault");
    return security;
  }

  private static void container(ObjectNode container, Spec wanted, String rpcAuth) {
    container.put("name", "bitcoind").put("image", wanted.image());
    container.putArray("command").add("bitcoind");
    container
        .putArray("args")
        .add("-conf=" + BitcoinConf.PATH)
        .add("-bind=$(POD_IP)")
        .add("-rpcbind=$(POD_IP)")
        .add("-rpcbind=127.0.0.1")
        // Kubernetes expands $(…) and turns $$ into $: what is meant to stay a $ is doubled
        .add("-rpcauth=" + rpcAuth.replace("$", "$$"));
    container
        .putArray("env")
        .addObject()
        .put("name", "POD_IP")
        .putObject("valueFrom")
        .putObject("fieldRef")
        .put("fieldPath", "status.podIP");
    var ports = container.putArray("ports");
    ports.addObject().put("name", "rpc").put("containerPort", 18443).put("protocol", "TCP");
    ports.addObject().put("name", "p2p").put("containerPort", 18444).put("protocol", "TCP");
    for (var kind : List.of("requests", "limits")) {
      // an empty map is not stored, and would be missed in every pass
      if (!wanted.resources().path(kind).isEmpty()) {
        container.withObject("/resources").set(kind, wanted.resources().path(kind));
      }
    }
    // without it, a container that ended shows a number and no words
    container.put("terminationMessagePolicy", "FallbackToLogsOnError");
    // slow probes under load must not flap; readiness must be noticed at once, hence each second,
    // and a bitcoind that reads a long chain must not be killed for it, however long that takes
    probe(container.putObject("startupProbe"), 1, (int) Duration.ofDays(365).toSeconds());
    probe(container.putObject("readinessProbe"), 5, 3);
    var security = container.putObject("securityContext");
    security.put("readOnlyRootFilesystem", true).put("allowPrivilegeEscalation", false);
    security.putObject("capabilities").putArray("drop").add("ALL");
    var mounts = container.putArray("volumeMounts");
    mounts.addObject().put("name", VOLUME).put("mountPath", BitcoinConf.DATA);
    mounts
        .addObject()
        .put("name", CONFIG_VOLUME)
        .put("mountPath", BitcoinConf.PATH)
        // mounted so, a file never changes under a running pod
        .put("subPath", "bitcoin.conf")
        .put("readOnly", true);
  }

  private static void probe(ObjectNode probe, int periodSeconds, int failures) {
    var command = probe.putObject("exec").putArray("command");
    PROBE.forEach(command::add);
    probe.put("periodSeconds", periodSeconds).put("timeoutSeconds", 10);
    probe.put("failureThreshold", failures);
  }

  private static void claim(ObjectNode spec, Spec.Storage storage) {
    var claim = spec.putArray("volumeClaimTemplates").addObject();
    claim.put("apiVersion", "v1").put("kind", "PersistentVolumeClaim");
    claim.putObject("metadata").put("name", VOLUME);
    var wanted = claim.putObject("spec");
    wanted.putArray("accessModes").add("ReadWriteOnce");
    wanted.putObject("resources").putObject("requests").put("storage", storage.size());
    if (!storage.storageClassName().isEmpty()) {
      wanted.put("storageClassName", storage.storageClassName());
    }
  }
}
