package io.bitcoincontroller.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * The answer of an exec credential plugin.
 *
 * @param authorization value of the header of that name
 * @param expiration the plugin need not run again before this; empty: never
 */
record ExecReply(String authorization, Optional<Instant> expiration) {
  private static final JsonMapper JSON = new JsonMapper();

  boolean expired(Instant now) {
    return expiration.isPresent() && !now.isBefore(expiration.get());
  }

  /**
   * Reads an {@code ExecCredential}.
   *
   * @param name of the plugin, at the head of messages
   * @throws IOException if the text is no ExecCredential, or gives a client certificate: a running
   *     process could not renew it. Neither the message nor a cause repeats the text.
   */
  static ExecReply parse(String name, String apiVersion, String text) throws IOException {
    var credential = tree(name, text);
    if (!credential.path("kind").asText().equals("ExecCredential")
        || !credential.path("apiVersion").asText().equals(apiVersion)) {
      throw new IOException(
          name + " did not print an ExecCredential of " + apiVersion + ": mend exec.apiVersion");
    }
    var status = credential.path("status");
    var token = status.path("token").asText();
    if (status.hasNonNull("clientCertificateData") || status.hasNonNull("clientKeyData")) {
      throw new IOException(
          name
              + " gives a client certificate, which plugins renew and a running controller can't:"
              + " use a plugin that gives tokens, or the service account of a pod");
    }
    if (token.isEmpty()) {
      throw new IOException(name + " printed no token: run it by hand to see what it prints");
    }
    return new ExecReply(
        "Bearer " + BearerToken.check(name + " status.token", token),
        expiration(name, status.path("expirationTimestamp").asText()));
  }

  private static JsonNode tree(String name, String text) throws IOException {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IOException(name + " did not print JSON: run it by hand to see what it prints");
    }
  }

  private static Optional<Instant> expiration(String name, String timestamp) throws IOException {
    try {
      return timestamp.isEmpty()
          ? Optional.empty()
          : Optional.of(OffsetDateTime.parse(timestamp).toInstant());
    } catch (DateTimeException e) {
      throw new IOException(name + " printed an expirationTimestamp that is not in RFC 3339", e);
    }
  }

  @Override
  public String toString() {
    return "ExecReply[until " + expiration.map(Instant::toString).orElse("for ever") + "]";
  }
}
