package io.bitcoincontroller.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.bitcoincontroller.tls.Identity;
import io.bitcoincontroller.tls.Material;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * What an exec credential plugin printed.
 *
 * @param authorization value of the header of that name; empty where there is a certificate only
 * @param expiration until then it need not be asked again; empty for ever
 */
record ExecReply(
    Optional<String> authorization, Optional<Identity> identity, Optional<Instant> expiration) {
  private static final JsonMapper JSON = new JsonMapper();

  boolean expired(Instant now) {
    return expiration.isPresent() && !now.isBefore(expiration.get());
  }

  /**
   * Reads an {@code ExecCredential}.
   *
   * @param name of the plugin, at the head of messages
   * @throws IOException if it is none; the message has nothing of the text, nor is there a cause
   *     that has
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
    var certificate = status.path("clientCertificateData").asText();
    var key = status.path("clientKeyData").asText();
    if (certificate.isEmpty() != key.isEmpty()) {
      throw new IOException(name + " printed only one of clientCertificateData and clientKeyData");
    }
    if (token.isEmpty() && key.isEmpty()) {
      throw new IOException(name + " printed neither a token nor a client certificate");
    }
    return new ExecReply(
        token.isEmpty()
            ? Optional.empty()
            : Optional.of("Bearer " + BearerToken.check(name + " status.token", token)),
        key.isEmpty() ? Optional.empty() : Optional.of(identity(name, certificate, key)),
        expiration(name, status.path("expirationTimestamp").asText()));
  }

  private static JsonNode tree(String name, String text) throws IOException {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IOException(name + " did not print JSON: run it by hand to see what it prints");
    }
  }

  private static Identity identity(String name, String certificate, String key) throws IOException {
    return Identity.of(
        new Material.Given(name + " status.clientCertificateData", certificate),
        new Material.Given(name + " status.clientKeyData", key));
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
