package io.bitcoincontroller.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.api.BitcoinNetwork.Reading;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.mesh.Topology;
import io.bitcoincontroller.yaml.Yaml;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BitcoinNetworkTest {
  private static Reading read(String name, String spec) throws Exception {
    var yaml = "metadata: {name: '" + name + "', namespace: default}\nspec: {" + spec + "}\n";
    return BitcoinNetwork.read(Json.convert(Yaml.readOne(yaml), StoredObject.class));
  }

  private static Spec valid(String spec) throws Exception {
    return assertInstanceOf(Reading.Valid.class, read("my-network", spec)).network().spec();
  }

  private static List<String> problems(String spec) throws Exception {
    return assertInstanceOf(Reading.Invalid.class, read("my-network", spec)).problems();
  }

  @Test
  void theOriginalsYamlIsCompletedByDefaults() throws Exception {
    var spec = valid("nodes: 4, secret: bitcoin-default-secret");
    assertEquals(4, spec.nodes());
    assertEquals("bitcoin-default-secret", spec.secret());
    assertEquals("bitcoin/bitcoin:29", spec.image());
    assertEquals(Topology.FULL_MESH, spec.topology());
    assertEquals(List.of(), spec.peers());
    assertTrue(spec.storage().isEmpty());
  }

  private static int dials(String spec) throws Exception {
    return Spec.mostDials(Yaml.readOne("{spec: {" + spec + "}}"));
  }

  @Test
  void dialsAreCountedOfSpecsOfAnyKind() throws Exception {
    assertEquals(0, dials("nodes: 0"));
    assertEquals(3 * 2, Spec.mostDials(Yaml.readOne("{spec: {nodes: 1}, status: {replicas: 3}}")));
    assertEquals(3 * 2, dials("nodes: 3"));
    assertEquals(3 * (2 + 2), dials("nodes: 3, peers: [10.0.0.1, nonsense]"));
    assertEquals(100 * 99, dials("nodes: 100, topology: FullMesh"));
    assertEquals(2 * 3, dials("nodes: 2, topology: Custom, links: ['0-1', '1>2', nonsense]"));
    assertEquals(101 * 8, dials("nodes: 101"), "wired as a sparse one");
    assertEquals(500 * 8, dials("nodes: 5000000000, topology: Sparse"));
    assertEquals(0, dials("nodes: -1, peers: [10.0.0.1]"));
    assertEquals(0, dials("nodes: [1, 2], topology: {}, peers: 10.0.0.1"));
    var many = Collections.nCopies(10_000, "10.0.0.1");
    assertEquals(2 * (1 + 100), dials("nodes: 2, peers: " + many));
  }

  @Test
  void linksAndPartitionsAreRead() throws Exception {
    var spec = valid("nodes: 5, topology: Custom, links: ['0-1', '2>1'], partition: [[0, 1], [4]]");
    assertEquals(List.of(1), spec.topology().listed(0, 5));
    assertEquals(List.of(), spec.wiring().listed(2, 5), "node 1 is on the other side");
    assertEquals(List.of(Set.of(0, 1), Set.of(4)), spec.partition());
    assertEquals(Topology.SPARSE, valid("nodes: 5, topology: Sparse, partition: []").wiring());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "topology: Custom",
        "topology: Custom, links: []",
        "links: ['0-1']",
        "topology: Custom, links: ['0-1', '1-0']",
        "topology: Custom, links: ['0>1', '1>0']",
        "topology: Custom, links: ['1-1']",
        "topology: Custom, links: ['0-500']",
        "topology: Custom, links: ['-1-2']",
        "topology: Custom, links: ['0 - 1']",
        "topology: Custom, links: ['01-2']",
        "topology: Custom, links: [1]",
      })
  void linksThatCanNotBeAreRefusedByName(String spec) throws Exception {
    assertTrue(problems("nodes: 3, " + spec).getFirst().startsWith("spec.links: "), spec);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[[0, 1], [1, 2]]",
        "[[0, 0]]",
        "[[-1]]",
        "[[500]]",
        "[[]]",
        "[[a]]",
        "[[1.5]]",
        "[3]",
        "[[99999999999]]"
      })
  void groupsThatCanNotBeAreRefusedByName(String groups) throws Exception {
    var problems = problems("nodes: 3, partition: " + groups);
    assertTrue(problems.getFirst().startsWith("spec.partition: "), problems::toString);
  }

  @Test
  void nodesThatAreNamedTwiceAreToldTogether() throws Exception {
    assertEquals(
        List.of("spec.partition: named twice: [1, 2]; a node is in one group"),
        problems("nodes: 3, partition: [[0, 1, 2], [1, 2]]"));
  }

  /** Kubernetes takes nulls where the schema must be nullable for the sake of empty texts. */
  @Test
  void aNameThatIsNullIsAnEmptyOne() throws Exception {
    var spec = valid("nodes: 1, secret: null, storage: {size: 1Gi, storageClassName: null}");
    assertEquals("", spec.secret());
    assertEquals("", spec.storage().orElseThrow().storageClassName());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "nodes: -1", "nodes: 501", "nodes: three", "nodes: 2.5", "nodes: 99999999999"})
  void aWrongNumberOfNodesIsRefusedByName(String spec) throws Exception {
    assertTrue(problems(spec).getFirst().startsWith("spec.nodes: "), spec);
  }

  @Test
  void linesThatAreTheControllersToDecideAreRefusedByPlaceAndName() throws Exception {
    assertEquals(
        List.of(
            "spec.config[1]: port is refused: a node has its pod's address, and port 18444; take"
                + " the line out",
            "spec.config[2]: addnode is refused: the topology says which node knows which; name"
                + " further addresses in spec.peers"),
        problems("nodes: 1, config: ['txindex=1', ' port = 1', 'noaddnode=1']"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"txindex=1", "# rpcuser", "rpcthreads=4", "reindex=1", ""})
  void otherLinesAreTheUsers(String line) throws Exception {
    assertEquals(List.of(line), valid("nodes: 1, config: ['" + line + "']").config());
  }

  @Test
  void aLineBreakInALineIsRefused() throws Exception {
    assertTrue(problems("nodes: 1, config: [\"a=1\\nrpcuser=x\"]").getFirst().contains("one line"));
  }

  /** They are an annotation of each pod. */
  @Test
  void moreConfigThanAnObjectHasRoomForIsRefused() throws Exception {
    var line = "\"#" + "\u20ac".repeat(900) + "\"";
    assertEquals(24, valid("nodes: 1, config: [" + lines(line, 24) + "]").config().size());
    assertEquals(
        List.of(
            "spec.config: at most 65536 bytes are possible, and these lines have 67549; take some"
                + " out"),
        problems("nodes: 1, config: [" + lines(line, 25) + "]"));
  }

  private static String lines(String line, int times) {
    return String.join(", ", Collections.nCopies(times, line));
  }

  @Test
  void peersAreReadAndGarbageIsRefused() throws Exception {
    assertEquals(
        List.of("10.1.2.3", "seed.example.org:7"),
        valid("nodes: 1, peers: ['10.1.2.3:18444', 10.1.2.3, 'seed.example.org:7']")
            .peers()
            .stream()
            .map(Object::toString)
            .toList());
    assertTrue(problems("nodes: 1, peers: ['x!y']").getFirst().contains("spec.peers: \"x!y\""));
  }

  @Test
  void allProblemsAreToldAtOnce() throws Exception {
    assertEquals(3, problems("nodes: -1, topology: Ring, storage: {size: much}").size());
  }

  /** They cost who writes them nothing, and we keep and report them. */
  @Test
  void ofManyProblemsTheFirstAreToldAndOfALongOneTheBeginning() throws Exception {
    var lines = Stream.generate(() -> "\"rpcuser=" + "x".repeat(900) + "\"").limit(100);
    var told = problems("nodes: 1, config: [" + lines.collect(Collectors.joining(", ")) + "]");
    assertEquals(11, told.size());
    assertTrue(told.getFirst().startsWith("spec.config[0]: "), told.getFirst());
    assertEquals("and 91 more", told.getLast());
    assertTrue(told.stream().allMatch(problem -> problem.length() <= 500), told::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a.b", "0a", "-a", "a-", "A", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
  void aNameThatGivesInvalidChildrenIsRefused(String name) throws Exception {
    var problems = assertInstanceOf(Reading.Invalid.class, read(name, "nodes: 1")).problems();
    assertTrue(problems.getFirst().startsWith("metadata.name: "), name);
  }
}
