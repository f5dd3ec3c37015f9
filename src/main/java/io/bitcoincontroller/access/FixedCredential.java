package io.bitcoincontroller.access;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** A credential in the kubeconfig itself: a refusal does not change it. */
record FixedCredential(Optional<String> authorization) implements Credential {
  /** RFC 6750. {@link BearerToken#check} has passed the token. */
  static Credential bearer(String token) {
    return new FixedCredential(Optional.of("Bearer " + token));
  }

  /** RFC 7617. */
  static Credential basic(String user, String password) {
    var pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return new FixedCredential(Optional.of("Basic " + Base64.getEncoder().encodeToString(pair)));
  }

  @Override
  public void refused(String sent) {}

  @Override
  public String toString() {
    return authorization.isPresent() ? "FixedCredential[secret]" : "FixedCredential[none]";
  }
}
