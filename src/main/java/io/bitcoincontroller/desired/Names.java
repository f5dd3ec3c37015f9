package io.bitcoincontroller.desired;

import io.bitcoincontroller.api.BitcoinNetwork;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Names and labels of what belongs to a network. Selectors can't be changed: these are for ever.
 */
public final class Names {
  public static final String MANAGED_BY = "bitcoin-controller";

  /** Selects what no controller of this kind has made. */
  public static final String NOT_OURS = "app.kubernetes.io/managed-by!=" + MANAGED_BY;

  /** Selects the objects that the controller watches: its own, of all networks. */
  public static final String SELECTOR =
      "app.kubernetes.io/managed-by=" + MANAGED_BY + ",app.kubernetes.io/name=bitcoind";

  static final String INSTANCE_LABEL = "app.kubernetes.io/instance";

  private Names() {}

  public static String service(String network) {
    return network + "-svc";
  }

  public static String statefulSet(String network) {
    return network + "-sts";
  }

  /** See {@link OldConfigMap}. */
  public static String configMap(String network) {
    return network + "-conf";
  }

  public static String disruptionBudget(String network) {
    return network + "-pdb";
  }

  /** The Secret that the controller makes where the spec names none. */
  public static String generatedSecret(String network) {
    return network + "-rpc";
  }

  public static String pod(String network, int ordinal) {
    return statefulSet(network) + "-" + ordinal;
  }

  /**
   * The number behind the last dash of a pod's name; empty for a pod that is not of this network.
   */
  public static Optional<Integer> ordinal(String network, String pod) {
    var prefix = statefulSet(network) + "-";
    return pod.startsWith(prefix) && pod.substring(prefix.length()).matches("0|[1-9][0-9]{0,8}")
        ? Optional.of(Integer.valueOf(pod.substring(prefix.length())))
        : Optional.empty();
  }

  /** The network that an object with our labels belongs to. */
  public static Optional<String> network(Map<String, String> labels) {
    return Optional.ofNullable(labels.get(INSTANCE_LABEL));
  }

  /** The labels by which the StatefulSet and the Service select pods. */
  static Map<String, String> selectorLabels(String network) {
    return new TreeMap<>(
        Map.of(
            "app.kubernetes.io/name",
            "bitcoind",
            INSTANCE_LABEL,
            network,
            "app.kubernetes.io/managed-by",
            MANAGED_BY));
  }

  /** With {@code app}, by which users of the original find their pods. */
  public static Map<String, String> labels(String network) {
    var labels = selectorLabels(network);
    labels.put("app", network);
    return labels;
  }

  /** As {@code status.selector} needs it. */
  public static String podSelector(String network) {
    var text = new StringBuilder();
    selectorLabels(network)
        .forEach((key, value) -> text.append(text.isEmpty() ? "" : ",").append(key + "=" + value));
    return text.toString();
  }

  /** Prefix of our annotations: the API group. */
  public static String annotation(String name) {
    return BitcoinNetwork.RESOURCE.group() + "/" + name;
  }
}
