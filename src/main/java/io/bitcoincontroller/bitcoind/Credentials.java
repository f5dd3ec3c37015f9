package io.bitcoincontroller.bitcoind;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A user of bitcoind's RPC server. */
public record Credentials(String user, String password) {
  /** Value of the {@code Authorization} header (RFC 7617, UTF-8 as bitcoind compares bytes). */
  String basic() {
    var pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  /** The user only. */
  @Override
  public String toString() {
    return "Credentials[" + user + "]";
  }
}
