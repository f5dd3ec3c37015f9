package io.bitcoincontroller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.bitcoind.RpcAuth;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.yaml.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The objects of a network as an older version applied them: bitcoin.conf was a ConfigMap. */
final class OlderVersion {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/my-network-before.yaml");
  private static final Credentials CREDENTIALS = new Credentials("user", "password");
  private static final List<Resource<?>> RESOURCES =
      List.of(Resource.SERVICES, Resource.CONFIG_MAPS, Resource.STATEFUL_SETS);

  private OlderVersion() {}

  /** Applies them, as the field manager that the controller still is. */
  static void apply(ApiServer api, ObjectKey network, String uid, int nodes)
      throws IOException, InterruptedException {
    var auth = RpcAuth.line(CREDENTIALS, uid).replace("$", "$$");
    var text =
        Files.readString(GOLDEN)
            .replace("us$$$$er:5a17$$0f00", auth)
            .replace("namespace: default", "namespace: " + network.namespace())
            .replace("my-network", network.name())
            .replace("uid-1", uid);
    var objects = Yaml.readAll(text);
    for (var i = 0; i < objects.size(); i++) {
      var object = (ObjectNode) Json.MAPPER.readTree(objects.get(i).toString());
      if (RESOURCES.get(i).equals(Resource.STATEFUL_SETS)) {
        object.withObject("/spec").put("replicas", nodes);
        object.withObject("/spec/updateStrategy/rollingUpdate").put("partition", nodes);
      }
      var name = object.at("/metadata/name").asText();
      var key = new ObjectKey(network.namespace(), name);
      var reply = api.send(Requests.apply(RESOURCES.get(i), key, object), Duration.ofSeconds(30));
      if (reply.code() != 200 && reply.code() != 201) {
        throw new IOException(name + ": " + reply);
      }
    }
  }
}
