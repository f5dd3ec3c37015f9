package io.bitcoincontroller.access;

import io.bitcoincontroller.tls.Tls;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * Where the API server is and how to be believed there: read from a kubeconfig, or from the service
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

  /** With a client certificate that never changes, or none. */
  public ClusterAccess(
      URI server, SSLContext tls, Credential credential, Optional<URI> proxy, String namespace) {
    this(server, () -> tls, credential, proxy, namespace);
  }

  /**
   * Finds the cluster as other controllers do: the {@code --kubeconfig} flag, else {@code
   * KUBECONFIG}, else the service account of the pod that we are in, else {@code ~/.kube/config}.
   *
   * @param kubeconfig the flag, if it was given
   * @param context of a kubeconfig, if the flag was given
   * @param env the process's environment
   * @param complaints hears once of each file that can't be read again later; what was read before
   *     goes on being used
   * @throws ConfigurationException if what is found can't be used, or nothing is found
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
   * The server answered 401.
   *
   * @param authorization what the request had of {@link Credential#authorization}
   * @param used what its connection had of {@link Tls#context}
   */
  public void refused(Optional<String> authorization, SSLContext used) {
    authorization.ifPresent(credential::refused);
    tls.refused(used);
  }

  /** The server only: a credential must not reach a log by accident. */
  @Override
  public String toString() {
    return "ClusterAccess[" + server + "]";
  }
}
