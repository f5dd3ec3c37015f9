package io.bitcoincontroller.network;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.api.MiningStatus;
import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.StoredObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Writes {@code status.mining}, if the object is still the one that was looked at: of two
 * controllers that have decided on the same one, the second is refused.
 */
record MiningWriter(ApiSender api, Store<StoredObject> networks) {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** Part of the status, and owner of that part. */
  static final String PART = "mining";

  /**
   * Compares and sets.
   *
   * @param version of the object that was looked at
   * @return its version now; empty if it was another one, or is gone
   * @throws IOException if nobody knows whether it is written, or if it is not kept as it was
   *     written: then blocks could be mined again and again
   */
  Optional<String> write(Meta network, String version, MiningStatus status)
      throws IOException, InterruptedException {
    var object = JsonNodeFactory.instance.objectNode();
    object.put("apiVersion", BitcoinNetwork.RESOURCE.apiVersion());
    object.put("kind", BitcoinNetwork.RESOURCE.kind());
    object
        .putObject("metadata")
        .put("namespace", network.namespace())
        .put("name", network.name())
        .put("uid", network.uid())
        .put("resourceVersion", version);
    var part = object.putObject("status");
    status.json().ifPresent(mining -> part.set(PART, mining));
    var request = Requests.applyStatusPart(BitcoinNetwork.RESOURCE, network.key(), object, PART);
    var reply = api.send(request, DEADLINE);
    if (reply.missed()) {
      networks.doubt(network);
    }
    return switch (reply) {
      case Reply.Success(_, var body) -> {
        if (!MiningStatus.read(body.path("status").path(PART)).equals(status)) {
          throw new IOException(
              "nothing is mined, since the API server does not keep status.mining as it is written:"
                  + " kubectl apply -f manifests/crd.yaml");
        }
        var now = body.path("metadata").path("resourceVersion").asText();
        networks.expect(network.key(), now);
        yield Optional.of(now);
      }
      case Reply.Failure _ when reply.missed() -> Optional.empty();
      case Reply.Failure failure ->
          throw new IOException("status.mining can't be written: " + failure.text());
    };
  }
}
