package io.bitcoincontroller.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.mesh.CustomLinks;
import io.bitcoincontroller.mesh.CustomLinks.Named;
import io.bitcoincontroller.mesh.Links.Link;
import io.bitcoincontroller.mesh.Topology;
import io.bitcoincontroller.mesh.Wiring;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The fields {@code topology}, {@code links} and {@code partition}: who is linked with whom.
 * Ordinals may be those of nodes that do not exist yet.
 */
final class WiringFields {
  private static final String CUSTOM = "Custom";
  private static final int MOST_LINKS = 4000;

  /** Of crd.yaml: two ordinals, and who dials. */
  private static final Pattern LINK =
      Pattern.compile("(0|[1-9][0-9]?|[1-4][0-9]{2})([->])(0|[1-9][0-9]?|[1-4][0-9]{2})");

  private WiringFields() {}

  static Wiring topology(JsonNode name, JsonNode links, List<String> problems) {
    var wanted = name.asText().isEmpty() ? Topology.FULL_MESH.toString() : name.asText();
    if (wanted.equals(CUSTOM)) {
      return CustomLinks.of(links(links, problems));
    }
    if (!links.isEmpty()) {
      problems.add(
          "spec.links: only topology Custom has links of its own; set spec.topology to Custom, or"
              + " take the links out");
    }
    var found = Arrays.stream(Topology.values()).filter(t -> t.toString().equals(wanted)).findAny();
    if (found.isEmpty()) {
      problems.add("spec.topology: FullMesh, Sparse or Custom, not \"" + wanted + "\"");
    }
    return found.orElse(Topology.FULL_MESH);
  }

  /** Between the nodes: either end of a link may dial it, but for a sparse network. */
  static int mostDials(JsonNode spec, int nodes) {
    var name = spec.path("topology").asText();
    if (name.equals(CUSTOM)) {
      return 2 * Math.min(spec.path("links").size(), MOST_LINKS);
    }
    var isSparse = name.equals(Topology.SPARSE.toString()) || nodes > Topology.LARGEST_FULL_MESH;
    return nodes * (isSparse ? Topology.KEPT_BY_BITCOIND : nodes - 1);
  }

  private static List<Named> links(JsonNode list, List<String> problems) {
    var links = new ArrayList<Named>();
    var pairs = new HashSet<Link>();
    if (list.isEmpty()) {
      problems.add("spec.links: topology Custom needs some, such as \"0-1\"");
    }
    if (list.size() > MOST_LINKS) {
      problems.add("spec.links: at most " + MOST_LINKS + " are possible");
      return links;
    }
    for (var entry : list) {
      var text = entry.asText();
      var matcher = LINK.matcher(text);
      if (!matcher.matches()) {
        problems.add(
            "spec.links: \""
                + text
                + "\" is no link; write \"0-1\" if either node may dial, \"0>1\" if only node 0"
                + " may; ordinals are from 0 to "
                + (Spec.MOST_NODES - 1));
        continue;
      }
      var from = Integer.parseInt(matcher.group(1));
      var to = Integer.parseInt(matcher.group(3));
      if (from == to) {
        problems.add("spec.links: \"" + text + "\" links a node with itself");
      } else if (!pairs.add(Link.of(from, to))) {
        problems.add("spec.links: \"" + text + "\" names a pair that has a link already");
      } else {
        links.add(new Named(from, to, matcher.group(2).equals(">")));
      }
    }
    return links;
  }

  static List<Set<Integer>> partition(JsonNode list, List<String> problems) {
    var groups = new ArrayList<Set<Integer>>();
    var named = new TreeSet<Integer>();
    var twice = new TreeSet<Integer>();
    for (var entry : list) {
      var group = new TreeSet<Integer>();
      if (entry.isEmpty()) {
        problems.add("spec.partition: a group without a node");
      }
      for (var ordinal : entry) {
        if (!ordinal.isIntegralNumber()
            || !ordinal.canConvertToInt()
            || ordinal.asInt() < 0
            || ordinal.asInt() >= Spec.MOST_NODES) {
          problems.add(
              "spec.partition: "
                  + ordinal
                  + " is no ordinal; these are whole numbers from 0 to "
                  + (Spec.MOST_NODES - 1));
        } else if (!named.add(ordinal.asInt())) {
          twice.add(ordinal.asInt());
        } else {
          group.add(ordinal.asInt());
        }
      }
      groups.add(group);
    }
    if (!twice.isEmpty()) {
      problems.add("spec.partition: named twice: " + twice + "; a node is in one group");
    }
    return List.copyOf(groups);
  }
}
