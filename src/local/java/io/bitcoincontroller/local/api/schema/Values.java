package io.bitcoincontroller.local.api.schema;

import com.fasterxml.jackson.databind.JsonNode;

/** Equality as Kubernetes has it. */
public final class Values {
  private Values() {}

  /** 1 and 1.0 are the same number, and 1 read as int the same as 1 read as long. */
  public static boolean same(JsonNode a, JsonNode b) {
    return a.equals(Values::compare, b);
  }

  private static int compare(JsonNode a, JsonNode b) {
    if (a.isNumber() && b.isNumber()) {
      return a.decimalValue().compareTo(b.decimalValue());
    }
    return a.equals(b) ? 0 : 1;
  }
}
