package io.bitcoincontroller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.LocalCluster;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.user.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What is stored of a network, as far as it is the same whenever the same story is played. */
final class CrashState {
  /** What differs each time, and what stands for it. */
  private static final Map<Pattern, String> ACCIDENTS =
      Map.of(
          Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "<uid>",
          Pattern.compile("(?<=\"ip\":\")127[^\"]*"), "<address>",
          Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z"), "<time>",
          Pattern.compile("(?<=\"resourceVersion\":\")\\d+"), "<version>",
          // with the salt, which comes of the uid, and with the password
          Pattern.compile("(?<=(applied|template)-hash\":\")[0-9a-f]+"), "<hash>",
          Pattern.compile("(?<=Revision\":\"NAME-sts-)[0-9a-f]+"), "<hash>",
          Pattern.compile("(?<=-rpcauth=bitcoin:)[0-9a-f]+[$]+[0-9a-f]+"), "<salted>",
          Pattern.compile("(?<=\"BC_RPC_PASSWORD\":\")[^\"]+"), "<password>",
          // told up to ten seconds late
          Pattern.compile("(?<=\"peers\":)\\d+"), "<peers>");

  private static final JsonMapper SORTED =
      JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

  private static final int SHOWN = 150;

  private CrashState() {}

  /** All objects that are the network's, or look like it; of pods the names only. */
  static String of(LocalCluster cluster, String name) {
    return objects(cluster, name).stream()
        .map(object -> withoutAccidents(object, name))
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  private static String withoutAccidents(ObjectNode object, String name) {
    var text = object.path("kind").asText().equals("Pod") ? nameOf(object) : sorted(object);
    text = text.replace(name, "NAME");
    for (var accident : ACCIDENTS.entrySet()) {
      text = accident.getKey().matcher(text).replaceAll(accident.getValue());
    }
    return text;
  }

  /** Fields of one owner stand in the order in which it came to own them. */
  private static String sorted(ObjectNode object) {
    try {
      return SORTED.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where two states begin to differ, for people. */
  static Seen compare(String expected, String now) {
    if (expected.equals(now)) {
      return new Seen.Good("");
    }
    var at = 0;
    while (at < Math.min(expected.length(), now.length())
        && expected.charAt(at) == now.charAt(at)) {
      at++;
    }
    return new Seen.NotYet(around(expected, at), around(now, at));
  }

  private static String around(String text, int at) {
    return text.substring(Math.max(0, at - SHOWN), Math.min(text.length(), at + SHOWN));
  }

  private static String nameOf(JsonNode object) {
    return object.at("/metadata/name").asText();
  }

  static List<ObjectNode> objects(LocalCluster cluster, String name) {
    var kinds =
        List.of(
            kind(cluster, "bitcoincontroller.christianb93.github.com", "bitcoinnetworks"),
            Kind.SERVICES,
            Kind.SECRETS,
            Kind.STATEFUL_SETS,
            Kind.PODS);
    var found = new ArrayList<ObjectNode>();
    for (var kind : kinds) {
      for (var object : cluster.storage().list(kind)) {
        if (nameOf(object).equals(name) || nameOf(object).startsWith(name + "-")) {
          found.add(object);
        }
      }
    }
    return found;
  }

  private static Kind kind(LocalCluster cluster, String group, String plural) {
    return cluster.api().storageKind(group, "v1", plural);
  }

  /** How often each reason was told in events about the network. */
  static Map<String, Integer> events(LocalCluster cluster, String name) {
    var told = new TreeMap<String, Integer>();
    for (var event : cluster.storage().list(kind(cluster, "events.k8s.io", "events"))) {
      if (event.at("/regarding/name").asText().equals(name)) {
        var count = event.at("/series/count").asInt(1);
        told.merge(event.path("reason").asText(), count, Integer::sum);
      }
    }
    return told;
  }
}
