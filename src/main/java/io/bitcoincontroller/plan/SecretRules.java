package io.bitcoincontroller.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.bitcoind.Credentials;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** How RPC credentials are read out of a Secret, and how long what was read counts. */
public final class SecretRules {
  static final String USER_KEY = "BC_RPC_USER";
  static final String PASSWORD_KEY = "BC_RPC_PASSWORD";

  /** Bytes. bitcoind refuses a request with a head of more than 8 KiB, and both are in the head. */
  private static final int LONGEST = 1000;

  /**
   * Controls, characters without a shape (also those that Unicode calls letters, marks or symbols),
   * and all spaces but a plain one between two other characters.
   */
  private static final Pattern UNSEEN =
      Pattern.compile(
          "[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]|[\\p{Zs}&&[^ ]]|^ | $"
              + "|[\\u034F\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F\\u2800\\u3164\\uFE00-\\uFE0F\\uFFA0]"
              + "|[\\x{E0100}-\\x{E01EF}]");

  /**
   * While known credentials are used in place of a Secret that can't be had: an API server that
   * does not answer must not hold up every pass, and one that refuses mostly refuses for many
   * networks.
   */
  public static final Duration ASKED_AGAIN_AFTER = Duration.ofSeconds(30);

  private SecretRules() {}

  /** The Secret that the spec names does not exist. */
  public static SecretState missing(String name, String namespace) {
    return unavailable(
        "SecretMissing",
        name,
        "does not exist; make it: kubectl create secret generic "
            + name
            + " -n "
            + namespace
            + " --from-literal="
            + USER_KEY
            + "=… --from-literal="
            + PASSWORD_KEY
            + "=…, or remove spec.secret to have one made");
  }

  /**
   * Reads a Secret.
   *
   * @param data its {@code data} field
   * @return {@code Usable} or {@code Unavailable}
   */
  public static SecretState read(String name, String namespace, JsonNode data) {
    for (var key : new String[] {USER_KEY, PASSWORD_KEY}) {
      if (data.path(key).asText().isEmpty()) {
        return unavailable(
            "SecretIncomplete",
            name,
            "lacks the key "
                + key
                + "; add it: kubectl patch secret "
                + name
                + " -n "
                + namespace
                + " --type=merge -p '{\"stringData\":{\""
                + key
                + "\":\"…\"}}'");
      }
    }
    var user = text(data.path(USER_KEY));
    var password = text(data.path(PASSWORD_KEY));
    if (user.isEmpty() || password.isEmpty()) {
      return unavailable("SecretUnusable", name, "holds bytes that are no UTF-8 text; use letters");
    }
    if (user.get().contains(":")) {
      return unavailable(
          "SecretUnusable",
          name,
          "has a " + USER_KEY + " with a colon, which bitcoind takes for the user's end");
    }
    return wrong(USER_KEY, user.get())
        .or(() -> wrong(PASSWORD_KEY, password.get()))
        .map(why -> unavailable("SecretUnusable", name, why))
        .orElseGet(() -> new SecretState.Usable(new Credentials(user.get(), password.get())));
  }

  /**
   * A character that nobody sees is mostly a mistake: bitcoind would take it as it is, and refuse
   * everybody who leaves it out.
   */
  private static Optional<String> wrong(String key, String text) {
    if (UNSEEN.matcher(text).find()) {
      return Optional.of(
          "has a "
              + key
              + " with a line break, a space at an end, or another character that nobody sees; a"
              + " line break often comes from echo: use printf or --from-literal");
    }
    return text.getBytes(StandardCharsets.UTF_8).length > LONGEST
        ? Optional.of("has a " + key + " of more than " + LONGEST + " bytes; make it shorter")
        : Optional.empty();
  }

  private static SecretState unavailable(String reason, String name, String what) {
    return new SecretState.Unavailable(new Trouble(reason, "Secret " + name + " " + what));
  }

  private static Optional<String> text(JsonNode base64) {
    try {
      var bytes = Base64.getDecoder().decode(base64.asText());
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return Optional.of(text);
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
