package io.bitcoincontroller.kube;

import java.net.URI;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Where the API server is and how to be believed there: read from a kubeconfig, or from the service
 * account of a pod.
 *
 * @param server {@code https://host:port}, perhaps with a path prefix, with no slash at its end
 * @param tls trusts the cluster's CA, presents the client certificate if there is one, and checks
 *     the server's name itself (its trust manager is an X509ExtendedTrustManager)
 * @param proxy an HTTP proxy to reach the server by
 * @param namespace the one to use where none is named
 */
public record ClusterAccess(
    URI server, SSLContext tls, Credential credential, Optional<URI> proxy, String namespace) {
  /** The server only: a credential must not reach a log by accident. */
  @Override
  public String toString() {
    return "ClusterAccess[" + server + "]";
  }
}
