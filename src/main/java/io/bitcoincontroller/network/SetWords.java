package io.bitcoincontroller.network;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The two numbers by which a StatefulSet is held and let go, in words for the flight recorder. */
final class SetWords {
  /** A number, and where a StatefulSet has it. */
  private record Field(String name, JsonPointer path) {}

  private static final List<Field> FIELDS =
      List.of(
          new Field("replicas", JsonPointer.compile("/spec/replicas")),
          new Field(
              "partition", JsonPointer.compile("/spec/updateStrategy/rollingUpdate/partition")));

  private SetWords() {}

  /** Both numbers, as far as they are there. */
  static String of(JsonNode set) {
    var words = new StringBuilder();
    for (var field : FIELDS) {
      var number = set.at(field.path);
      if (number.isInt()) {
        words.append(words.isEmpty() ? "" : ", ");
        words.append(field.name).append(' ').append(number.intValue());
      }
    }
    return words.toString();
  }

  /** Each number that is another one than before. */
  static List<String> changes(JsonNode before, JsonNode after) {
    var words = new ArrayList<String>();
    for (var field : FIELDS) {
      var old = before.at(field.path);
      var now = after.at(field.path);
      if (old.isInt() && now.isInt() && !old.equals(now)) {
        words.add(field.name + " " + old + " -> " + now);
      }
    }
    return words;
  }
}
