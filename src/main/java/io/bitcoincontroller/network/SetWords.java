package io.bitcoincontroller.network;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** The two numbers by which a StatefulSet is held and let go, in words for the flight recorder. */
final class SetWords {
  /** A number, and where a StatefulSet has it. */
  private enum Field {
    REPLICAS("replicas", "/spec/replicas"),
    PARTITION("partition", "/spec/updateStrategy/rollingUpdate/partition");

    private final String name;
    private final String path;

    Field(String name, String path) {
      this.name = name;
      this.path = path;
    }
  }

  private SetWords() {}

  /** Both numbers, as far as they are there. */
  static String of(JsonNode set) {
    var words = new StringJoiner(", ");
    for (var field : Field.values()) {
      var number = set.at(field.path);
      if (number.isInt()) {
        words.add(field.name + " " + number.asInt());
      }
    }
    return words.toString();
  }

  /** Each number that is another one than before. */
  static List<String> changes(JsonNode before, JsonNode after) {
    var words = new ArrayList<String>();
    for (var field : Field.values()) {
      var old = before.at(field.path);
      var now = after.at(field.path);
      if (old.isInt() && now.isInt() && !old.equals(now)) {
        words.add(field.name + " " + old + " -> " + now);
      }
    }
    return words;
  }
}
