package io.bitcoincontroller.local.doubles;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Lets users in by {@code -rpcauth}, as bitcoind's {@code httprpc.cpp} does. */
final class BasicAuth {
  private static final String PREFIX = "Basic ";

  private BasicAuth() {}

  /** The user whose password the header has; empty if there is none. */
  static Optional<String> user(String header, List<String> rpcAuth) {
    if (!header.startsWith(PREFIX)) {
      return Optional.empty();
    }
    var decoded = Base64.getDecoder().decode(header.substring(PREFIX.length()));
    var pair = new String(decoded, StandardCharsets.UTF_8);
    var user = pair.substring(0, Math.max(0, pair.indexOf(':')));
    var password = pair.substring(pair.indexOf(':') + 1);
    return rpcAuth.stream().anyMatch(line -> letsIn(line, user, password))
        ? Optional.of(user)
        : Optional.empty();
  }

  private static boolean letsIn(String line, String user, String password) {
    var colon = line.indexOf(':');
    var dollar = line.indexOf('$', colon);
    return line.substring(0, colon).equals(user)
        && line.substring(dollar + 1).equals(proof(line.substring(colon + 1, dollar), password));
  }

  private static String proof(String salt, String password) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(salt.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(password.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
