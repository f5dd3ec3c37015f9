package io.bitcoincontroller.local.realcluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.yaml.Yaml;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** An account as pods have it: known by a token in a file, allowed what RBAC says. */
public final class ServiceAccount {
  private final RealCluster cluster;
  private final RealNamespace admin;
  private final ObjectKey account;
  private final Path token;

  /**
   * An account that exists.
   *
   * @param token where its token shall be; {@link #renew} writes it
   */
  public ServiceAccount(RealCluster cluster, RealNamespace admin, ObjectKey account, Path token) {
    this.cluster = cluster;
    this.admin = admin;
    this.account = account;
    this.token = token;
  }

  /** As audit and RBAC name it. */
  public String user() {
    return "system:serviceaccount:" + account.namespace() + ":" + account.name();
  }

  /** Puts a fresh token in the place of the last one, as the kubelet does. */
  public void renew() throws IOException, InterruptedException {
    write("");
  }

  /**
   * As {@link #renew}, with a token that ends when this Secret of the account's namespace does: ten
   * minutes are the least that a token lives by itself.
   */
  public void renewBoundTo(String secret) throws IOException, InterruptedException {
    var key = new ObjectKey(account.namespace(), secret);
    var uid = admin.get(Resource.SECRETS.path(key)).at("/metadata/uid").asText();
    write(
        ", boundObjectRef: {kind: Secret, apiVersion: v1, name: %s, uid: %s}"
            .formatted(secret, uid));
  }

  private void write(String bound) throws IOException, InterruptedException {
    var accounts =
        new Resource<>("", "v1", "ServiceAccount", "serviceaccounts", StoredObject.class);
    var request =
        "{apiVersion: authentication.k8s.io/v1, kind: TokenRequest, spec: {expirationSeconds: 600"
            + bound
            + "}}";
    var answer = admin.post(accounts.path(account) + "/token", request);
    var fresh = token.resolveSibling(token.getFileName() + ".new");
    Files.writeString(fresh, answer.at("/status/token").asText());
    Files.move(fresh, token, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Writes a kubeconfig for it, with the server at this address, beside the token. */
  public Path kubeconfig(URI server) throws IOException {
    var admins = Yaml.readOne(Files.readString(cluster.kubeconfig()));
    var config = Json.MAPPER.createObjectNode();
    config.put("apiVersion", "v1").put("kind", "Config").put("current-context", "c");
    var entry = config.putArray("clusters").addObject().put("name", "c").putObject("cluster");
    entry.put("server", server.toString());
    entry.set("certificate-authority-data", caOf(admins));
    config
        .putArray("users")
        .addObject()
        .put("name", "u")
        .putObject("user")
        .put("tokenFile", "" + token);
    var context = config.putArray("contexts").addObject().put("name", "c").putObject("context");
    context.put("cluster", "c").put("user", "u").put("namespace", account.namespace());
    return Files.writeString(token.resolveSibling("kubeconfig"), config.toString());
  }

  private static JsonNode caOf(JsonNode kubeconfig) {
    return kubeconfig.at("/clusters/0/cluster/certificate-authority-data");
  }
}
