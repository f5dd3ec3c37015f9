package io.bitcoincontroller.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.mesh.Partitioned;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.mesh.Wiring;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A network as it shall be; valid and complete, defaults filled in.
 *
 * @param nodes 0 to 500
 * @param secret name of the Secret with the RPC credentials; empty: the controller makes one
 * @param topology with the links of its own, if it has some
 * @param partition groups of ordinals; empty: the network is in one piece
 * @param peers further addresses that every node shall list
 * @param config further lines for bitcoin.conf
 * @param resources as in a container; a missing node where not given
 * @param disruptionBudget drains take one pod at a time
 * @param mining empty: no block comes by itself
 */
public record Spec(
    int nodes,
    String secret,
    String image,
    Wiring topology,
    List<Set<Integer>> partition,
    List<PeerAddress> peers,
    List<String> config,
    JsonNode resources,
    Optional<Storage> storage,
    boolean disruptionBudget,
    Optional<MiningSpec> mining) {
  /**
   * A volume per node.
   *
   * @param size a quantity of Kubernetes
   * @param storageClassName empty for the cluster's default
   */
  public record Storage(String size, String storageClassName) {}

  public static final String DEFAULT_IMAGE = "bitcoin/bitcoin:29";
  public static final int MOST_NODES = 500;
  private static final int MOST_ENTRIES = 100;

  /**
   * A longer one would exhaust the stack of a regular expression; schemas of old let it through.
   */
  private static final int LONGEST_LINE = 1000;

  /**
   * Of all lines in UTF-8: they are an annotation of the StatefulSet's template and of each pod. An
   * object has room for 256 KiB of annotations.
   */
  private static final int MOST_CONFIG_BYTES = 64 * 1024;

  /** A DNS subdomain, as the API server takes names of Secrets. */
  private static final Pattern SECRET =
      Pattern.compile("(?=.{1,253}$)[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

  private static final Pattern QUANTITY =
      Pattern.compile("[0-9]+(\\.[0-9]*)?([KMGTPE]i?|[mk]|[eE][0-9]{1,2})?");

  static Spec read(JsonNode spec, List<String> problems) {
    return new Spec(
        nodes(spec.path("nodes"), problems),
        secret(spec.path("secret").asText(""), problems),
        spec.path("image").asText().isEmpty() ? DEFAULT_IMAGE : spec.path("image").asText(),
        WiringFields.topology(spec.path("topology"), spec.path("links"), problems),
        WiringFields.partition(spec.path("partition"), problems),
        peers(spec.path("peers"), problems),
        config(spec.path("config"), problems),
        spec.path("resources"),
        storage(spec.path("storage"), problems),
        spec.path("disruptionBudget").asBoolean(true),
        MiningSpec.read(spec.path("mining"), problems));
  }

  /**
   * How many dials, at most, may be on record between the nodes of a network, and to its declared
   * peers.
   *
   * @param network as stored, valid or not; nodes that it is to lose may be kept for their blocks
   */
  public static int mostDials(JsonNode network) {
    var spec = network.path("spec");
    var kept = network.at("/status/replicas").asInt();
    var nodes = Math.clamp(Math.max(spec.path("nodes").asInt(), kept), 0, MOST_NODES);
    var peers = Math.min(spec.path("peers").size(), MOST_ENTRIES);
    return nodes * peers + WiringFields.mostDials(spec, nodes);
  }

  /** Who lists whom. */
  public Wiring wiring() {
    return Partitioned.of(topology, partition);
  }

  private static String secret(String name, List<String> problems) {
    if (!name.isEmpty() && !SECRET.matcher(name).matches()) {
      problems.add("spec.secret: \"" + name + "\" is no name of a Secret");
    }
    return name;
  }

  private static int nodes(JsonNode nodes, List<String> problems) {
    if (!nodes.isIntegralNumber()
        || !nodes.canConvertToInt()
        || nodes.asInt() < 0
        || nodes.asInt() > MOST_NODES) {
      problems.add("spec.nodes: a whole number from 0 to " + MOST_NODES + " is needed");
    }
    return nodes.asInt();
  }

  private static List<PeerAddress> peers(JsonNode list, List<String> problems) {
    var peers = new ArrayList<PeerAddress>();
    for (var entry : list) {
      PeerAddress.parse(entry.asText())
          .ifPresentOrElse(
              peers::add,
              () ->
                  problems.add(
                      "spec.peers: \""
                          + entry.asText()
                          + "\" is no address; write 10.1.2.3, 10.1.2.3:18444, [fd00::1]:18444 or a"
                          + " host name"));
    }
    if (peers.size() > MOST_ENTRIES) {
      problems.add("spec.peers: at most " + MOST_ENTRIES + " are possible");
    }
    return peers.stream().distinct().toList();
  }

  private static List<String> config(JsonNode list, List<String> problems) {
    var lines = new ArrayList<String>();
    for (var entry : list) {
      var line = entry.asText();
      var where = "spec.config[" + lines.size() + "]: ";
      if (line.contains("\n") || line.contains("\r")) {
        problems.add(where + "one entry is one line; split it at the line break");
      }
      if (line.length() > LONGEST_LINE) {
        problems.add(where + "at most " + LONGEST_LINE + " characters are possible");
      } else {
        ConfigRules.refusal(line).ifPresent(why -> problems.add(where + why));
      }
      lines.add(line);
    }
    if (lines.size() > MOST_ENTRIES) {
      problems.add("spec.config: at most " + MOST_ENTRIES + " lines are possible");
    }
    var bytes = String.join("\n", lines).getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MOST_CONFIG_BYTES) {
      problems.add(
          "spec.config: at most "
              + MOST_CONFIG_BYTES
              + " bytes are possible, and these lines have "
              + bytes
              + "; take some out");
    }
    return List.copyOf(lines);
  }

  private static Optional<Storage> storage(JsonNode storage, List<String> problems) {
    if (!storage.isObject()) {
      return Optional.empty();
    }
    var size = storage.path("size").asText();
    if (!QUANTITY.matcher(size).matches()) {
      problems.add("spec.storage.size: \"" + size + "\" is no size; write for example 1Gi");
    }
    return Optional.of(new Storage(size, storage.path("storageClassName").asText("")));
  }
}
