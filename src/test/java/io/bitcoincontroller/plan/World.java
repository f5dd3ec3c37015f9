package io.bitcoincontroller.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.api.BitcoinNetwork.Reading;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.bitcoind.NodeInfo;
import io.bitcoincontroller.bitcoind.RpcAuth;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.mesh.Links.Dial;
import io.bitcoincontroller.yaml.Yaml;
import io.bitcoincontroller.yaml.YamlException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A network and what is seen of it, for tests: begins with everything as wanted and nothing linked.
 */
public final class World {
  public static final Credentials CREDENTIALS = new Credentials("user", "geheim");

  public BitcoinNetwork network;
  public Child service;
  public Optional<Child> oldConfigMap = Optional.empty();
  public Child statefulSet;
  public Optional<Observation.Budget> budget = Optional.empty();
  public SecretState secret = new SecretState.Usable(CREDENTIALS);
  public final Map<Integer, Pod> pods = new HashMap<>();
  public final Map<Integer, NodeView> views = new HashMap<>();
  public final Set<Integer> resting = new HashSet<>();
  public final Map<Integer, Long> told = new HashMap<>();
  public final Map<Integer, Unseen> unseen = new TreeMap<>();
  public final Set<Integer> stalled = new HashSet<>();
  public Optional<String> refused = Optional.empty();
  public final Set<Integer> leaveTaller = new HashSet<>();
  public final Map<Integer, String> judged = new HashMap<>();
  public final Set<Integer> unheard = new HashSet<>();
  public final List<Reorg> reorgs = new ArrayList<>();
  public final Set<Integer> begun = new TreeSet<>();
  public final Set<Integer> late = new TreeSet<>();
  public final Map<Integer, Set<String>> listedAnyway = new HashMap<>();
  public int round;
  public Optional<AsRendered> asRendered = Optional.empty();

  public World(String spec) {
    network = network(spec);
    var children =
        Children.of(
            network,
            RpcAuth.line(CREDENTIALS, network.metadata().uid()),
            network.spec().storage(),
            network.spec().nodes(),
            network.spec().nodes());
    service = stored(children.service(), "uid-svc");
    statefulSet = stored(children.statefulSet(), "uid-sts");
    for (var ordinal = 0; ordinal < network.spec().nodes(); ordinal++) {
      var pod = pod(ordinal, "10.0.0." + ordinal, true);
      pods.put(ordinal, network.spec().storage().isPresent() ? claiming(pod) : pod);
      views.put(ordinal, node(List.of(), List.of(), 0));
    }
  }

  public static BitcoinNetwork network(String spec) {
    var reading =
        BitcoinNetwork.read(
            Json.convert(
                yaml(
                    "metadata: {namespace: default, name: net, uid: uid-1, generation: 7}\nspec: {"
                        + spec
                        + "}"),
                StoredObject.class));
    return ((Reading.Valid) reading).network();
  }

  public static JsonNode yaml(String text) {
    try {
      return Yaml.readOne(text);
    } catch (YamlException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** As the API server stores what was applied. */
  public static Child.Ours stored(ObjectNode rendered, String uid) {
    var copy = rendered.deepCopy();
    copy.withObject("/metadata").put("uid", uid).put("resourceVersion", "1");
    return new Child.Ours(Json.convert(copy, StoredObject.class));
  }

  /** Its container waits for this. */
  public static Pod waiting(int ordinal, String reason) {
    return Json.convert(
        yaml(
            "metadata: {namespace: default, name: net-sts-"
                + ordinal
                + "}\nstatus: {phase: Pending, containerStatuses: [{state: {running: {}}}, "
                + "{state: {waiting: {reason: "
                + reason
                + "}}}]}"),
        Pod.class);
  }

  /** The same pod, of this revision. */
  public static Pod of(String revision, Pod pod) {
    ObjectNode changed = Json.MAPPER.valueToTree(pod);
    changed.withObject("/metadata/labels").put("controller-revision-hash", revision);
    return Json.convert(changed, Pod.class);
  }

  /** The same pod with its blocks on a claim. */
  public static Pod claiming(Pod pod) {
    ObjectNode claiming = Json.MAPPER.valueToTree(pod);
    claiming
        .putObject("spec")
        .putArray("volumes")
        .addObject()
        .put("name", "data")
        .putObject("persistentVolumeClaim");
    return Json.convert(claiming, Pod.class);
  }

  /** Ready or running at least; with its blocks in it. */
  public static Pod pod(int ordinal, String ip, boolean ready) {
    return Json.convert(
        yaml(
            "metadata: {namespace: default, name: net-sts-"
                + ordinal
                + ", uid: pod-"
                + ip
                + "}\nstatus: {phase: Running, podIP: "
                + ip
                + ", conditions: [{type: Ready, status: '"
                + (ready ? "True" : "False")
                + "'}]}"),
        Pod.class);
  }

  public static NodeView node(List<String> added, List<String> dialled, long height) {
    var peers =
        dialled.stream()
            .map(
                address ->
                    new NodeInfo.Peer(address.hashCode(), address + ":18444", false, 70016, true))
            .toList();
    return new NodeView.Answered(new NodeInfo(added, peers, height, "hash-" + height, false));
  }

  /** The same, in initial block download. */
  public static NodeView downloading(NodeInfo info) {
    return new NodeView.Answered(
        new NodeInfo(info.addedNodes(), info.peers(), info.height(), info.bestBlockHash(), true));
  }

  /** Its status has an entry of each node, as any but that of a new network; no heights. */
  public World reported() {
    var entries = new ArrayList<String>();
    for (var i = 0; i < network.spec().nodes(); i++) {
      entries.add("{ordinal: " + i + "}");
    }
    var status = yaml("{nodes: " + entries + "}");
    network = new BitcoinNetwork(network.metadata(), network.spec(), status);
    return this;
  }

  /** All lists complete, all links up. */
  public World meshed() {
    for (var i = 0; i < network.spec().nodes(); i++) {
      var others = new ArrayList<String>();
      for (var j = 0; j < network.spec().nodes(); j++) {
        if (i != j) {
          others.add("10.0.0." + j);
        }
      }
      views.put(i, node(others, others, 101));
    }
    return this;
  }

  /** Somebody says that no blocks are to be waited for. */
  public void atOnce() {
    ObjectNode metadata = Json.MAPPER.valueToTree(network.metadata());
    metadata.withObject("/annotations").put(Names.annotation("roll-out"), "at-once");
    network =
        new BitcoinNetwork(Json.convert(metadata, Meta.class), network.spec(), network.status());
  }

  /** Somebody deletes the network, and a finalizer holds it. */
  public World deleting() {
    ObjectNode metadata = Json.MAPPER.valueToTree(network.metadata());
    metadata.put("deletionTimestamp", "2026-01-01T00:00:00Z");
    network =
        new BitcoinNetwork(Json.convert(metadata, Meta.class), network.spec(), network.status());
    return this;
  }

  /** What the nodes say, or said last. */
  private Map<Integer, Long> heights() {
    var all = new HashMap<>(told);
    all.putAll(NodeView.heights(views));
    all.keySet().removeIf(ordinal -> !pods.containsKey(ordinal) && !unseen.containsKey(ordinal));
    return all;
  }

  private Map<Integer, Optional<String>> judgements() {
    var judgements = new HashMap<Integer, Optional<String>>();
    stalled.forEach(each -> judgements.put(each, Optional.empty()));
    judged.forEach((each, block) -> judgements.put(each, Optional.of(block)));
    judgements.keySet().removeAll(unheard);
    return judgements;
  }

  /** The cache leaves it out. */
  public void hide(int ordinal) {
    pods.remove(ordinal);
    unseen.put(ordinal, new Unseen("can't be read (no room for it)", ""));
    views.put(ordinal, new NodeView.Silent("its pod can't be read (no room for it)"));
  }

  private Set<Dial> restingDials() {
    var dials = new HashSet<Dial>();
    resting.forEach(to -> pods.keySet().forEach(from -> dials.add(new Dial(from, to))));
    return dials;
  }

  public Observation seen() {
    var chain = Chain.of(network, statefulSet, pods, unseen, views, heights());
    var held = Held.of(network, statefulSet, chain);
    return new Observation(
        network,
        service,
        statefulSet,
        oldConfigMap,
        budget,
        secret,
        pods,
        held,
        new TreeMap<>(views).headMap(held.nodes()),
        chain,
        stalled,
        refused,
        leaveTaller,
        judgements(),
        reorgs,
        listedAnyway,
        new Rounds.Seen(begun, late),
        restingDials(),
        Set.of(),
        round,
        asRendered);
  }
}
