package io.bitcoincontroller.access;

import io.bitcoincontroller.tls.Identity;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The {@code user} of a kubeconfig: a token, a token file, a name and password, a client
 * certificate, or an exec plugin. A certificate may stand beside each of the first three.
 */
final class KubeconfigUser {
  static final Login ANONYMOUS = new Login(Credential.NONE, Optional.empty());

  private static final Set<String> KNOWN =
      Set.of(
          "client-certificate",
          "client-certificate-data",
          "client-key",
          "client-key-data",
          "token",
          "tokenFile",
          "username",
          "password",
          "exec",
          "extensions");

  private KubeconfigUser() {}

  /** All that we show the server. */
  record Login(Credential credential, Optional<Identity> identity) {}

  /**
   * Reads the entry and its files: a broken one is refused at the start. An exec plugin must exist,
   * and is not run yet.
   */
  static Login read(
      KubeconfigEntry user,
      KubeconfigCluster cluster,
      Map<String, String> env,
      Consumer<String> complaints)
      throws ConfigurationException {
    user.refuseAllBut(KNOWN);
    refuseTwoWays(user);
    if (user.has("exec")) {
      var plugin = KubeconfigExec.read(user.part("exec"), cluster, env);
      return new Login(plugin, Optional.empty());
    }
    try {
      return new Login(credential(user, complaints), identity(user));
    } catch (IOException e) {
      throw new ConfigurationException(e);
    }
  }

  /** Nobody could guess which of two logins is used. */
  private static void refuseTwoWays(KubeconfigEntry user) throws ConfigurationException {
    for (var field : KNOWN) {
      if (user.has("exec")
          && !field.equals("exec")
          && !field.equals("extensions")
          && user.has(field)) {
        throw user.error(field, "and exec are both given: remove one");
      }
    }
    if (user.has("username") && (user.has("token") || user.has("tokenFile"))) {
      throw user.error("username", "and a token are both given: remove one");
    }
  }

  private static Credential credential(KubeconfigEntry user, Consumer<String> complaints)
      throws ConfigurationException, IOException {
    var file = user.path("tokenFile");
    if (file.isPresent()) {
      // before a token beside it, as in kubectl
      var token = new TokenFile(user.origin("tokenFile"), file.get(), System::nanoTime, complaints);
      token.authorization();
      return token;
    }
    if (user.has("token")) {
      return FixedCredential.bearer(BearerToken.check(user.origin("token"), user.text("token")));
    }
    if (user.has("password") && !user.has("username")) {
      throw user.error("password", "needs a username beside it");
    }
    return user.has("username")
        ? FixedCredential.basic(user.text("username"), user.text("password"))
        : Credential.NONE;
  }

  private static Optional<Identity> identity(KubeconfigEntry user)
      throws ConfigurationException, IOException {
    var certificate = user.pem("client-certificate");
    var key = user.pem("client-key");
    if (certificate.isPresent() != key.isPresent()) {
      throw certificate.isPresent()
          ? user.error("client-certificate", "needs a client-key beside it")
          : user.error("client-key", "needs a client-certificate beside it");
    }
    if (certificate.isEmpty()) {
      return Optional.empty();
    }
    var identity = Identity.of(certificate.get(), key.get());
    identity.requireCurrent(Instant.now());
    return Optional.of(identity);
  }
}
