package io.bitcoincontroller.access;

import io.bitcoincontroller.tls.PemSource;
import io.bitcoincontroller.tls.ServerName;
import io.bitcoincontroller.tls.ServerTrust;
import io.bitcoincontroller.tls.SmallFile;
import io.bitcoincontroller.tls.Tls;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The API server as a pod sees it: its address in two environment variables, and a folder in which
 * the kubelet keeps the CA, a token and the namespace fresh.
 *
 * @see <a href="https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/">Accessing
 *     the API from a Pod</a>
 */
public final class InCluster {
  /** Every pod has it here, unless its author opts out. */
  public static final Path SERVICE_ACCOUNT =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private static final String HOST = "KUBERNETES_SERVICE_HOST";
  private static final String PORT = "KUBERNETES_SERVICE_PORT";

  private InCluster() {}

  /** Are we in a pod? */
  public static boolean detected(Map<String, String> env) {
    return !env.getOrDefault(HOST, "").isEmpty();
  }

  /**
   * Reads the service account. Its token and CA are read again later: their rotation needs no
   * restart.
   *
   * @param serviceAccount the folder with {@code token}, {@code ca.crt} and {@code namespace}
   * @param complaints see {@link ClusterAccess#find}
   * @throws ConfigurationException if a file is missing or broken; the pod's author mends it
   */
  public static ClusterAccess load(
      Map<String, String> env, Path serviceAccount, Consumer<String> complaints)
      throws ConfigurationException {
    var server = server(env.getOrDefault(HOST, ""), env.getOrDefault(PORT, ""));
    try {
      var token =
          new TokenFile(
              "service account token",
              serviceAccount.resolve("token"),
              System::nanoTime,
              complaints);
      token.authorization();
      var ca = new PemSource.InFile("service account CA", serviceAccount.resolve("ca.crt"));
      var tls = Tls.of(ServerTrust.in(ca, complaints), Optional.empty(), Optional.empty());
      var namespace =
          SmallFile.read("service account namespace", serviceAccount.resolve("namespace"));
      return new ClusterAccess(server, tls, token, Optional.empty(), namespace.strip());
    } catch (IOException e) {
      throw new ConfigurationException(
          e.getMessage()
              + " (does the pod have automountServiceAccountToken: false? outside of a cluster"
              + " give --kubeconfig)");
    }
  }

  private static URI server(String host, String port) throws ConfigurationException {
    if (host.isEmpty() || !port.matches("[0-9]{1,5}")) {
      throw new ConfigurationException(
          HOST + " or " + PORT + " is not set, as it is in every pod: give --kubeconfig");
    }
    try {
      var url = new URI("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
      if (ServerName.isHost(url)) {
        return url;
      }
    } catch (URISyntaxException _) {
      // as good as one without a host
    }
    throw new ConfigurationException(
        HOST + " and " + PORT + " are no address: unset them, or give --kubeconfig");
  }
}
