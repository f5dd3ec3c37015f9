package io.bitcoincontroller.local.doubles;

import com.fasterxml.jackson.databind.JsonNode;

/** What a double says to one call, before it is on the wire. */
sealed interface Said {
  record Result(JsonNode value) implements Said {}

  record Failure(int code, String message) implements Said {}
}
