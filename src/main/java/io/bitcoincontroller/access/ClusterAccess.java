package io.bitcoincontroller.access;

import io.bitcoincontroller.tls.Tls;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where the API server is, and how we log in there: read from a kubeconfig, or from the service
 * account of a pod.
 *
 * @param server {@code https://host:port}, perhaps with a path prefix, with no slash at its end
 * @param tls trusts the cluster's CA, presents the client certificate if there is one, and checks
 *     the server's name
 * @param proxy an HTTP proxy to reach the server by, with its port
 * @param namespace the one to use where none is named
 */
public record ClusterAccess(
    URI server, Tls tls, Credential credential, Optional<URI> proxy, String namespace) {

  /**
   * Finds the cluster as other controllers do: the {@code --kubeconfig} flag, else {@code
   * KUBECONFIG}, else the service account of our pod, else {@code ~/.kube/config}.
   *
   * @param kubeconfig the flag, if it was given
   * @param context of a kubeconfig, if the flag was given
   * @param env the process's environment
   * @param complaints hears once of each file that can't be read again later; its last good reading
   *     stays in use
   * @throws ConfigurationException if nothing is found, or what is found can't be used
   */
  public static ClusterAccess find(
      Optional<Path> kubeconfig,
      Optional<String> context,
      Map<String, String> env,
      Consumer<String> complaints)
      throws ConfigurationException {
    var named =
        kubeconfig.isPresent()
            || context.isPresent()
            || !env.getOrDefault("KUBECONFIG", "").isEmpty();
    return !named && InCluster.detected(env)
        ? InCluster.load(env, InCluster.SERVICE_ACCOUNT, complaints)
        : Kubeconfig.load(kubeconfig, context, env, complaints);
  }

  /**
   * The {@code Authorization} header of a request.
   *
   * @throws IOException if the client certificate has run out, or the credential can't be had; the
   *     message is for the user
   */
  public Optional<String> authorization() throws IOException, InterruptedException {
    if (tls.identity().isPresent()) {
      tls.identity().get().requireCurrent(Instant.now());
    }
    return credential.authorization();
  }

  /** The server only: a credential must not reach a log by accident. */
  @Override
  public String toString() {
    return "ClusterAccess[" + server + "]";
  }
}
