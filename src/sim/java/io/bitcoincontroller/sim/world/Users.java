package io.bitcoincontroller.sim.world;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.bitcoind.RpcAuth;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.sim.world.Etcd.ObjectId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The people of the cluster: they write networks and Secrets, and mine. */
public final class Users {
  public static final String NAMESPACE = "default";

  /** Marks what is nobody's of ours. */
  public static final String FOREIGN = "somebody-elses";

  /** The network that can't be read, once somebody has made it. */
  public static final ObjectId UNREADABLE = network("unreadable");

  /** So often a pod is deleted, a minute apart, before a person gives up its blocks. */
  private static final int PATIENT_DELETIONS = 3;

  private final World world;

  /** The spec of each network that shall be there. */
  private final Map<String, ObjectNode> wanted = new TreeMap<>();

  private int passwords;

  /** By pod. */
  private final Map<String, Integer> deletions = new TreeMap<>();

  /** Networks whose blocks a person has given up. */
  private final Set<String> givenUp = new HashSet<>();

  Users(World world) {
    this.world = world;
  }

  public static ObjectId network(String name) {
    return ObjectId.of(Etcd.NETWORKS, NAMESPACE, name);
  }

  private ObjectNode spec(String name) {
    return Objects.requireNonNull(wanted.get(name));
  }

  /** The networks that shall be there. */
  public List<String> networks() {
    return List.copyOf(wanted.keySet());
  }

  /** Every second network has a Secret of its user's. */
  public void make(String name, int nodes) {
    var spec = JsonNodeFactory.instance.objectNode().put("nodes", nodes);
    if (name.hashCode() % 2 == 0) {
      spec.put("secret", "credentials");
      makeSecret();
    }
    wanted.put(name, spec);
    create(name);
  }

  private void create(String name) {
    if (world.etcd.get(network(name)).isEmpty()) {
      var object = object("bitcoincontroller.christianb93.github.com/v1", "BitcoinNetwork", name);
      object.set("spec", spec(name).deepCopy());
      world.etcd.create(Etcd.NETWORKS, object);
      say("makes network " + name + ": " + spec(name));
    }
  }

  private static ObjectNode object(String apiVersion, String kind, String name) {
    var object = JsonNodeFactory.instance.objectNode();
    object.put("apiVersion", apiVersion).put("kind", kind);
    object.putObject("metadata").put("namespace", NAMESPACE).put("name", name);
    return object;
  }

  private void say(String what) {
    world.trace.say("user", () -> what);
  }

  private void makeSecret() {
    var id = ObjectId.of(Etcd.SECRETS, NAMESPACE, "credentials");
    if (world.etcd.get(id).isEmpty()) {
      var secret = object("v1", "Secret", "credentials");
      data(secret);
      world.etcd.create(Etcd.SECRETS, secret);
      say("makes Secret credentials");
    }
  }

  private void data(ObjectNode secret) {
    secret
        .putObject("data")
        .put("BC_RPC_USER", Api.base64("user"))
        .put("BC_RPC_PASSWORD", Api.base64("password " + passwords));
  }

  void changePassword() {
    passwords++;
    writePassword();
  }

  private void writePassword() {
    var id = ObjectId.of(Etcd.SECRETS, NAMESPACE, "credentials");
    if (world.etcd.get(id).isPresent()) {
      world.etcd.update(
          id,
          secret -> {
            data(secret);
            return secret;
          });
      say("writes password " + passwords + " into Secret credentials");
    }
  }

  void loseSecret(long nanos) {
    world.etcd.delete(ObjectId.of(Etcd.SECRETS, NAMESPACE, "credentials"));
    say("deletes Secret credentials");
    world.after(nanos, this::secretBack);
  }

  private void secretBack() {
    if (wanted.values().stream().anyMatch(spec -> spec.has("secret"))) {
      makeSecret();
    }
  }

  public void change(String name, String what, Consumer<ObjectNode> change) {
    change.accept(spec(name));
    say("changes " + name + ": " + what);
    if (world.etcd.get(network(name)).isPresent()) {
      world.etcd.update(
          network(name),
          network -> {
            network.set("spec", spec(name).deepCopy());
            return network;
          });
    }
  }

  public void scale(String name, int nodes) {
    change(name, nodes + " nodes", spec -> spec.put("nodes", nodes));
  }

  public int nodes(String name) {
    return spec(name).path("nodes").asInt();
  }

  public boolean sparse(String name) {
    return spec(name).path("topology").asText().equals("Sparse");
  }

  /** Whether a node has the user and the password of today, if they are its user's. */
  boolean letsIn(String name, Bitcoind node) {
    var today = new Credentials("user", "password " + passwords);
    return !spec(name).has("secret") || node.auth.equals(RpcAuth.line(today, node.networkUid));
  }

  /** As above, where the controller made the Secret: perhaps anew, since the backup had none. */
  private boolean letsInByGenerated(String name, Bitcoind node) {
    return world
        .etcd
        .get(ObjectId.of(Etcd.SECRETS, NAMESPACE, name + "-rpc"))
        .map(secret -> new Credentials(text(secret, "USER"), text(secret, "PASSWORD")))
        .map(made -> node.auth.equals(RpcAuth.line(made, node.networkUid)))
        .orElse(true);
  }

  private static String text(Etcd.Version secret, String key) {
    var bytes = Base64.getDecoder().decode(secret.at("/data/BC_RPC_" + key).asText());
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * What the message of a held roll-out asks for: pods that refuse today's password go. If they are
   * made of a template with an old one again and again, the roll-out is told to wait for nothing.
   */
  public void deleteRefusing(String name) {
    for (var node : world.nodes.all()) {
      if (node.network.equals(name) && !(letsIn(name, node) && letsInByGenerated(name, node))) {
        say("deletes pod " + node.pod + ", which refuses today's password");
        world.etcd.delete(ObjectId.of(Etcd.PODS, NAMESPACE, node.pod));
        if (deletions.merge(node.pod, 1, Integer::sum) == PATIENT_DELETIONS) {
          rollOutAtOnce(name);
        }
      }
    }
  }

  /** Whether a person wants the blocks of this network to be kept. */
  boolean wantsBlocks(String name) {
    return !givenUp.contains(name);
  }

  private void rollOutAtOnce(String name) {
    givenUp.add(name);
    say("has " + name + " rolled out at once");
    world.etcd.update(
        network(name),
        network -> {
          network.withObject("/metadata/annotations").put(Names.annotation("roll-out"), "at-once");
          return network;
        });
  }

  /** The declared peers. */
  public List<String> peers(String name) {
    var peers = new ArrayList<String>();
    spec(name).path("peers").forEach(peer -> peers.add(peer.asText()));
    return peers;
  }

  public void peers(String name, List<String> peers) {
    change(
        name,
        "peers " + peers,
        spec -> {
          var list = spec.putArray("peers");
          peers.forEach(list::add);
        });
  }

  public void config(String name, int number) {
    change(
        name,
        "config uacomment=" + number,
        spec -> spec.putArray("config").add("uacomment=" + number));
  }

  /** After a backup was put back: what people have written since is written again. */
  void writeAgain() {
    for (var name : networks()) {
      create(name);
      change(name, "as it was before", _ -> {});
    }
    secretBack();
    writePassword();
    world.etcd.list("/services").stream()
        .filter(Users::foreign)
        .map(object -> Etcd.idOf("/services", object.tree()))
        .forEach(this::removeForeign);
  }

  void turnTopology(String name) {
    var other = sparse(name) ? "FullMesh" : "Sparse";
    change(name, "topology " + other, spec -> spec.put("topology", other));
  }

  void deleteForAWhile(String name, long nanos) {
    world.etcd.delete(network(name));
    say("deletes network " + name);
    world.after(nanos, () -> create(name));
  }

  /** A node of the network that has the tallest chain mines, or any other. */
  public void mine(String name, SplittableRandom random, boolean onTallest) {
    var uid = world.etcd.get(network(name)).map(Etcd.Version::uid).orElse("");
    var nodes =
        world.nodes.all().stream()
            .filter(node -> node.networkUid.equals(uid) && !node.frozen && !node.warmingUp)
            .toList();
    if (!nodes.isEmpty()) {
      var any = nodes.get(random.nextInt(nodes.size()));
      var node = onTallest ? world.nodes.tallest(uid).orElse(any) : any;
      world.nodes.mine(node, 1 + random.nextInt(3));
    }
  }

  /** Nodes keep to the first of two chains of one height, until one of them grows. */
  public void mineIfTied(String name, SplittableRandom random) {
    var uid = world.etcd.get(network(name)).map(Etcd.Version::uid).orElse("");
    if (world.nodes.tied(uid)) {
      mine(name, random, true);
    }
  }

  /** It is not ours, whatever its labels say. */
  public void makeForeign(String network, long nanos) {
    var object = object("v1", "Service", network + "-svc");
    object.withObject("/metadata/annotations").put(FOREIGN, "true");
    object.putObject("spec").put("externalName", "somebody.example.com");
    var id = Etcd.idOf("/services", object);
    if (world.etcd.get(id).isEmpty()) {
      world.etcd.create("/services", object);
      say("makes a Service of their own: " + id);
      world.after(nanos, () -> removeForeign(id));
    }
  }

  private void removeForeign(ObjectId id) {
    if (world.etcd.get(id).filter(Users::foreign).isPresent()) {
      world.etcd.delete(id);
      say("deletes " + id);
    }
  }

  public static boolean foreign(Etcd.Version object) {
    return object.at("/metadata/annotations").has(FOREIGN);
  }

  /** It stays: nobody mends it. */
  public void makeUnreadable() {
    var object =
        object("bitcoincontroller.christianb93.github.com/v1", "BitcoinNetwork", "unreadable");
    object.withObject("/metadata").put("ownerReferences", "none");
    if (world.etcd.get(UNREADABLE).isEmpty()) {
      world.etcd.create(Etcd.NETWORKS, object);
      say("makes a network that can't be read");
    }
  }

  Optional<String> one(SplittableRandom random) {
    var names = networks();
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(names.get(random.nextInt(names.size())));
  }
}
