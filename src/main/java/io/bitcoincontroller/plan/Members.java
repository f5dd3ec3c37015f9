package io.bitcoincontroller.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.api.NodeStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Remembers the members of a network, as people see them: a pod joins when it is ready at an
 * address, and leaves when it is gone from there. Between these, its readiness is no news.
 */
public final class Members {
  /** Address of each pod that has joined, by its name; empty before the first look. */
  private Optional<Map<String, String>> known = Optional.empty();

  /**
   * Reports the pods that joined or left since the last call.
   *
   * @param before the stored status: another process has reported these members already
   * @param nodes as they are now
   */
  public List<Note> news(JsonNode before, List<NodeStatus> nodes) {
    var members = known.orElseGet(() -> stored(before));
    known = Optional.of(members);
    var joined = new ArrayList<String>();
    var left = new ArrayList<String>();
    var names = new HashSet<String>();
    for (var node : nodes) {
      names.add(node.nodeName());
      var address = members.getOrDefault(node.nodeName(), "");
      if (!address.isEmpty() && !address.equals(node.ip())) {
        left.add(node.nodeName() + " (" + address + ")");
        members.remove(node.nodeName());
      }
      if (node.ready() && !members.containsKey(node.nodeName())) {
        joined.add(node.nodeName() + " (" + node.ip() + ")");
        members.put(node.nodeName(), node.ip());
      }
    }
    members.forEach(
        (name, address) -> {
          if (!names.contains(name)) {
            left.add(name + " (" + address + ")");
          }
        });
    members.keySet().retainAll(names);
    var news = new ArrayList<Note>();
    if (!left.isEmpty()) {
      news.add(new Note(false, "NodeLeft", String.join(", ", left)));
    }
    if (!joined.isEmpty()) {
      news.add(new Note(false, Note.JOINED, String.join(", ", joined)));
    }
    return news;
  }

  private static Map<String, String> stored(JsonNode status) {
    var members = new TreeMap<String, String>();
    for (var node : status.path("nodes")) {
      if (node.path("ready").asBoolean()) {
        members.put(node.path("nodeName").asText(), node.path("ip").asText());
      }
    }
    return members;
  }
}
