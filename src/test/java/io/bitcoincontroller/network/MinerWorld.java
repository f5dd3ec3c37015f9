package io.bitcoincontroller.network;

import io.bitcoincontroller.api.Batch.Purpose;
import io.bitcoincontroller.api.MiningStatus;
import io.bitcoincontroller.blocks.Address;
import io.bitcoincontroller.blocks.Block;
import io.bitcoincontroller.blocks.Template;
import io.bitcoincontroller.nodes.Proposal;
import io.bitcoincontroller.plan.Note;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Nodes, and the object with the status, for controllers that mine: whatever can go wrong with a
 * call goes wrong at random. A node that hangs carries out its calls when it wakes up.
 */
final class MinerWorld {
  static final Address NOBODY = ((Address.Reading.Valid) Address.read(Address.NOBODYS)).address();
  private static final String GENESIS = "00".repeat(32);

  /** The controller dies in the middle of its work. */
  static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private record Made(String parent, long height) {}

  /** A batch as it was counted, and those of its blocks that were in the chain then. */
  private record Counted(Purpose purpose, List<String> hashes, List<String> inChain) {}

  final class Node {
    final Set<String> known = new HashSet<>(Set.of(GENESIS));
    final List<Block> waiting = new ArrayList<>();
    String tip = GENESIS;
    boolean hangs;

    long height() {
      return heightOf(tip);
    }

    boolean isInChain(String hash) {
      for (var at = tip; !at.equals(GENESIS); at = made(at).parent()) {
        if (at.equals(hash)) {
          return true;
        }
      }
      return false;
    }

    /** As bitcoind: the first of two chains of one height stays. */
    boolean take(String hash) {
      known.add(hash);
      if (heightOf(hash) > height()) {
        tip = hash;
      }
      return tip.equals(hash);
    }
  }

  final Random random;
  final List<Node> nodes = new ArrayList<>();
  private final Map<String, Made> all = new HashMap<>();
  private final Map<String, Purpose> purposes = new HashMap<>();
  private final Set<String> byHand = new HashSet<>();
  private final List<Counted> counted = new ArrayList<>();
  MiningStatus recorded = MiningStatus.NONE;
  int version = 1;
  int writes;

  /** One of so many calls goes wrong; 0: none. */
  int trouble;

  /** Calls that went wrong. */
  int troubles;

  /** Another controller, in the moments in which nobody knows which one leads. */
  Optional<Runnable> other = Optional.empty();

  MinerWorld(Random random, int count) {
    this.random = random;
    for (var i = 0; i < count; i++) {
      nodes.add(new Node());
    }
  }

  private long heightOf(String hash) {
    return hash.equals(GENESIS) ? 0 : made(hash).height();
  }

  private Made made(String hash) {
    return Optional.ofNullable(all.get(hash)).orElseThrow();
  }

  /** What is said travels at once, but not to and from nodes that hang. */
  void spread() {
    for (var from : nodes) {
      for (var to : nodes) {
        if (!from.hangs && !to.hangs && from.height() > to.height()) {
          for (var at = from.tip; !at.equals(GENESIS); at = made(at).parent()) {
            to.known.add(at);
          }
          to.tip = from.tip;
        }
      }
    }
  }

  /** Somebody mines by hand. */
  void mineByHand(Node node) {
    var template = new Template(node.tip, node.height() + 1, 1_700_000_000, List.of());
    var block = Block.chain(template, 1, NOBODY, random.nextLong()).getFirst();
    byHand.add(block.hash());
    take(node, block);
    spread();
  }

  private boolean take(Node node, Block block) {
    var shown = HexFormat.of().parseHex(block.hex().substring(8, 72));
    var parent = new StringBuilder();
    for (var i = shown.length - 1; i >= 0; i--) {
      parent.append(HexFormat.of().toHexDigits(shown[i]));
    }
    var of = parent.toString();
    all.putIfAbsent(block.hash(), new Made(of, heightOf(of) + 1));
    var isNew = !node.known.contains(block.hash());
    return isNew && node.known.contains(of) && node.take(block.hash());
  }

  void wake(Node node) {
    node.hangs = false;
    if (random.nextBoolean()) {
      spread(); // it hears of the others first
    }
    node.waiting.forEach(block -> take(node, block));
    node.waiting.clear();
    spread();
  }

  private Node tallest() {
    var tallest = nodes.getFirst();
    for (var node : nodes) {
      tallest = node.height() > tallest.height() ? node : tallest;
    }
    return tallest;
  }

  /** How many blocks of each purpose the tallest chain has. */
  Map<Purpose, Integer> mined() {
    var mined = new EnumMap<Purpose, Integer>(Purpose.class);
    for (var at = tallest().tip; !at.equals(GENESIS); at = made(at).parent()) {
      Optional.ofNullable(purposes.get(at)).ifPresent(p -> mined.merge(p, 1, Integer::sum));
    }
    return mined;
  }

  /**
   * How many blocks of each purpose were counted, and lost to a chain that somebody mined by hand
   * beside them. Nothing can be done about that: such is a reorganisation.
   */
  Map<Purpose, Integer> lostToAPerson() {
    var tallest = tallest();
    var lost = new EnumMap<Purpose, Integer>(Purpose.class);
    for (var batch : counted) {
      var left = batch.hashes().stream().filter(tallest::isInChain).count();
      var missing = batch.inChain().stream().filter(hash -> !tallest.isInChain(hash)).toList();
      if (left < batch.inChain().size() && missing.stream().allMatch(this::lostToAPerson)) {
        lost.merge(batch.purpose(), (int) (batch.inChain().size() - left), Integer::sum);
      }
    }
    return lost;
  }

  /** Where the tallest chain leaves this block's, it goes on with a block that was made by hand. */
  private boolean lostToAPerson(String hash) {
    var tallest = tallest();
    var fork = hash;
    while (!fork.equals(GENESIS) && !tallest.isInChain(fork)) {
      fork = made(fork).parent();
    }
    var next = tallest.tip;
    while (!made(next).parent().equals(fork)) {
      next = made(next).parent();
    }
    return byHand.contains(next);
  }

  /** A batch that was begun, and is counted from now on: a node has all of its blocks. */
  private void count(MiningStatus before, MiningStatus after) {
    for (var batch : before.batches()) {
      if (!batch.done() && count(batch.purpose(), after) > count(batch.purpose(), before)) {
        nodes.stream()
            .map(node -> batch.hashes().stream().filter(node::isInChain).toList())
            .filter(inChain -> inChain.size() == batch.count())
            .findFirst()
            .ifPresent(
                inChain -> counted.add(new Counted(batch.purpose(), batch.hashes(), inChain)));
      }
    }
  }

  private static long count(Purpose purpose, MiningStatus status) {
    return switch (purpose) {
      case INITIAL -> status.initialBlocks();
      case REQUEST -> status.request().map(MiningStatus.Request::mined).orElse(0L);
      case INTERVAL -> 0;
    };
  }

  private boolean strikes() {
    var strikes = trouble > 0 && random.nextInt(trouble) == 0;
    troubles += strikes ? 1 : 0;
    return strikes;
  }

  /** Before or after a call is carried out. */
  private void perhapsFail(String what) throws IOException {
    if (strikes()) {
      switch (random.nextInt(3)) {
        case 0 -> throw new Crash();
        case 1 -> throw new IOException(what);
        default -> {
          var another = other;
          other = Optional.empty();
          another.ifPresent(Runnable::run);
        }
      }
    }
  }

  /** That were not given back yet. */
  int proposals;

  final Miner.Calls calls =
      new Miner.Calls() {
        private Node awake(int node) throws IOException {
          perhapsFail("not sent");
          if (nodes.get(node).hangs) {
            throw new IOException("no answer in time");
          }
          return nodes.get(node);
        }

        @Override
        public Map<String, Boolean> find(int node, List<String> hashes) throws IOException {
          var from = awake(node);
          var found = new HashMap<String, Boolean>();
          hashes.forEach(hash -> found.put(hash, from.isInChain(hash)));
          perhapsFail("no answer");
          return found;
        }

        @Override
        public Proposal template(int node) throws IOException {
          var from = awake(node);
          var template = new Template(from.tip, from.height() + 1, 1_700_000_000, List.of());
          perhapsFail("no answer");
          proposals++;
          return new Proposal(template, () -> proposals--);
        }

        @Override
        public List<String> submit(int node, List<Block> blocks) throws IOException {
          var taken = new ArrayList<String>();
          if (proposals == 0) {
            throw new IllegalStateException("a block is sent whose template was given back");
          }
          for (var block : blocks) {
            perhapsFail("not sent");
            var to = nodes.get(node);
            to.hangs |= strikes();
            if (to.hangs) {
              to.waiting.add(block);
              throw new IOException("no answer in time");
            }
            var isTip = take(to, block);
            spread();
            perhapsFail("no answer");
            if (!isTip) {
              return taken;
            }
            taken.add(block.hash());
          }
          return taken;
        }

        @Override
        public void tell(Note news) {}

        @Override
        public Optional<String> record(String on, MiningStatus status) throws IOException {
          perhapsFail("not written");
          if (!on.equals("" + version)) {
            return Optional.empty();
          }
          version++;
          writes++;
          count(recorded, status);
          recorded = status.json().map(MiningStatus::read).orElse(MiningStatus.NONE);
          for (var batch : status.batches()) {
            batch.hashes().forEach(hash -> purposes.put(hash, batch.purpose()));
          }
          var now = version;
          perhapsFail("no answer");
          return Optional.of("" + now);
        }
      };
}
