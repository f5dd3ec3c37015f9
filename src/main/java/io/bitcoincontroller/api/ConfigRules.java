package io.bitcoincontroller.api;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The lines of {@code spec.config} that are refused, and why. They take a node out of the
 * controller's hands, off the network or onto another chain. All others are bitcoind's to judge.
 * The schema in crd.yaml and extras/validation-rules.json hold the same names; a test compares.
 *
 * <p>A setting is refused by its name, whatever its value: so the rule can be read and kept.
 */
final class ConfigRules {
  /**
   * @param names as bitcoind spells them, without a dash
   * @param reason why, and what to do instead
   */
  record Rule(List<String> names, String reason) {}

  static final List<Rule> RULES =
      List.of(
          rule(
              "the controller and the probes reach bitcoind's RPC server by it; take the line out",
              "server",
              "rpcbind",
              "rpcport",
              "rpcallowip",
              "rpcwhitelist",
              "rpcwhitelistdefault",
              "rpcservertimeout"),
          rule(
              "user and password are those of a Secret; name it in spec.secret",
              "rpcuser",
              "rpcpassword",
              "rpcauth",
              "rpcauthfile"),
          rule(
              "the probes, and commands in the pod, get in by the cookie file; take the line out",
              "rpccookiefile",
              "rpccookieperms"),
          rule(
              "the topology says which node knows which; name further addresses in spec.peers",
              "addnode",
              "connect",
              "seednode"),
          rule(
              "a node has its pod's address, and port 18444; take the line out",
              "bind",
              "whitebind",
              "port",
              "externalip"),
          rule(
              "links between the nodes would be missing; take the line out",
              "listen",
              "networkactive",
              "maxconnections",
              "maxsendbuffer",
              "onlynet",
              "proxy",
              "timeout",
              "peertimeout"),
          rule("transactions would not reach the other nodes; take the line out", "blocksonly"),
          rule(
              "all nodes are on regtest, on its tallest chain; take the line out",
              "chain",
              "regtest",
              "signet",
              "testnet",
              "testnet4",
              "minimumchainwork"),
          rule(
              "a node has to give the whole chain to one that starts anew; take the line out",
              "prune",
              "maxuploadtarget"),
          rule(
              "configuration and chain have their places in the pod: write into spec.config what"
                  + " the file would hold, and use spec.storage for a volume",
              "conf",
              "confrw",
              "includeconf",
              "settings",
              "datadir",
              "blocksdir"),
          rule(
              "the pod's process would end, and be started again without end; take the line out",
              "daemon",
              "daemonwait",
              "stopafterblockimport",
              "stopatheight",
              "dbcrashratio"));

  static final String SECTION = "the lines after it would have no effect; take it out";

  /**
   * Read alike by Java, by the API server's schema and by its rules. bitcoind takes white space
   * around a name, {@code no} before it for the contrary, and in some places its chain.
   */
  static final String PATTERN =
      "^[\\s\\x0B]*(\\[|([A-Za-z0-9]+\\.)*(no)*("
          + RULES.stream().flatMap(r -> r.names().stream()).collect(Collectors.joining("|"))
          + ")[\\s\\x0B]*(=|#|$))";

  private static final Pattern REFUSED = Pattern.compile(PATTERN);
  private static final int NAME = 4;

  private ConfigRules() {}

  private static Rule rule(String reason, String... names) {
    return new Rule(List.of(names), reason);
  }

  /**
   * Why this line is refused.
   *
   * @return names the setting, but not its value, which may be a password
   */
  static Optional<String> refusal(String line) {
    var refused = REFUSED.matcher(line);
    if (!refused.find()) {
      return Optional.empty();
    }
    var name = refused.group(NAME);
    return Optional.of(
        name == null
            ? "a section header is refused: " + SECTION
            : name + " is refused: " + reason(name));
  }

  private static String reason(String name) {
    return RULES.stream().filter(r -> r.names().contains(name)).findFirst().orElseThrow().reason();
  }
}
