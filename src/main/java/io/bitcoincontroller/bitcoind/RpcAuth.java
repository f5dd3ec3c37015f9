package io.bitcoincontroller.bitcoind;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The value of {@code -rpcauth}: lets a user in without holding the password. The format is that of
 * Bitcoin Core's {@code share/rpcauth}.
 */
public final class RpcAuth {
  private RpcAuth() {}

  /**
   * {@code user:salt$hmac}.
   *
   * @param saltSource what the salt is derived from; the same source gives the same line, so that a
   *     pass over an unchanged network changes no argument
   */
  public static String line(Credentials credentials, String saltSource) {
    var salt = hex(hmac("bitcoin-controller rpcauth salt", saltSource)).substring(0, 32);
    // bitcoind takes the salt's text, not the bytes it spells, as the key
    var proof = hex(hmac(salt, credentials.password()));
    return credentials.user() + ":" + salt + "$" + proof;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] hmac(String key, String message) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return mac.doFinal(message.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
