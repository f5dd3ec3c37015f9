package io.bitcoincontroller.sim.lessons;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Predicate;

/** An entry that is looked for. */
record Sought(String description, Predicate<JsonNode> fits) {
  /** An entry of this kind. */
  static Sought kind(String kind) {
    return new Sought(kind, entry -> entry.path("kind").asText().equals(kind));
  }

  /** The first entry that is another one than in the lesson's own recording. */
  static Sought parting() {
    return new Sought("parting", _ -> false);
  }

  boolean isParting() {
    return description.equals("parting");
  }

  /** One that also has this value in a field. */
  Sought with(String field, Object value) {
    return and(
        field + " " + value, entry -> entry.path(field).asText().equals(String.valueOf(value)));
  }

  /** One that also has these words anywhere in its line. */
  Sought saying(String words) {
    return and("saying " + words, entry -> entry.toString().contains(words));
  }

  /** One whose list has so many elements. */
  Sought count(String field, int number) {
    return and(number + " " + field, entry -> entry.path(field).size() == number);
  }

  private Sought and(String what, Predicate<JsonNode> more) {
    return new Sought(description + ", " + what, fits.and(more));
  }
}
