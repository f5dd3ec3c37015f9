package io.bitcoincontroller;

import io.bitcoincontroller.access.ConfigurationException;
import io.bitcoincontroller.leader.LeaseTimes;
import io.bitcoincontroller.observe.BindAddress;
import io.bitcoincontroller.observe.Log;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;

/**
 * The flags, checked in one place.
 *
 * @param kubeconfig empty: the service account in a pod, else $KUBECONFIG or ~/.kube/config
 * @param context of the kubeconfig; empty: its current one
 * @param namespaces to look after; empty: all
 * @param workers networks that are worked on at a time, 1 to 1000
 * @param leaderElect empty: in a pod yes, elsewhere no
 * @param page whether the page is served, and things are recorded for it
 * @param leaseNamespace where the Lease is; empty: the namespace of the pod or context
 */
record Config(
    Optional<Path> kubeconfig,
    Optional<String> context,
    Set<String> namespaces,
    int workers,
    Optional<Boolean> leaderElect,
    Optional<String> leaseNamespace,
    LeaseTimes leaseTimes,
    String bindAddress,
    boolean page,
    Log.Format logFormat,
    Log.Level logLevel) {

  /** A command line, read. */
  sealed interface CommandLine {
    record Run(Config config) implements CommandLine {}

    record Help() implements CommandLine {}

    record Version() implements CommandLine {}
  }

  static final String HELP =
      """
      Usage: bitcoin-controller [FLAG]...

      Turns the bitcoind pods of every BitcoinNetwork resource into one bitcoin network. In a pod it uses the
      service account; elsewhere a kubeconfig.

        --kubeconfig FILE      kubeconfig to use (default: in a pod the service account, else $KUBECONFIG,
                               else ~/.kube/config)
        --context NAME         context of the kubeconfig (default: its current-context)
        --namespace NAMES      look after the networks of these namespaces only, separated by commas (default: all)
        --workers N            networks worked on at a time, 1 to 1000 (default 10)
        --leader-elect BOOL    true: of several controllers one works, the others stand by with warm caches
                               (default: true in a pod, else false)
        --leader-elect-namespace NAME
                               where its Lease bitcoin-controller lies (default: the pod's namespace)
        --leader-elect-lease-duration, --leader-elect-renew-deadline, --leader-elect-retry-period TIME
                               such as 15s or 500ms (default 15s, 10s and 2s)
        --bind-address ADDR    where /healthz, /readyz, /metrics and the page are served: HOST:PORT, [IPv6]:PORT or
                               :PORT; port 0 takes any free one (default :8080)
        --page BOOL            false: no page at / of that address, and nothing is recorded for it (default true)
        --log-format FORMAT    text or json (default text)
        --log-level LEVEL      debug, info, warn or error (default info)
        --version              print the version and exit
        --help                 print this and exit

      Exit codes: 0 ended in order by SIGTERM, SIGINT or SIGHUP: work in hand was finished, or given up
      after 20 s; 143, 130 or 129 a second such signal ended it at once; 1 could not go on, or lost the
      lease; 2 a flag, kubeconfig or service account can't be used.
      """;

  private static final Set<String> FLAGS =
      Set.of(
          "--kubeconfig",
          "--context",
          "--namespace",
          "--workers",
          "--leader-elect",
          "--leader-elect-namespace",
          "--leader-elect-lease-duration",
          "--leader-elect-renew-deadline",
          "--leader-elect-retry-period",
          "--bind-address",
          "--page",
          "--log-format",
          "--log-level");

  /** Takes {@code --flag value} and {@code --flag=value}. */
  static CommandLine parse(String... args) throws ConfigurationException {
    var given = new HashMap<String, String>();
    var left = new ArrayDeque<>(Arrays.asList(args));
    while (!left.isEmpty()) {
      var flag = left.remove();
      var equals = flag.startsWith("--") ? flag.indexOf('=') : -1;
      if (equals > 0) {
        left.addFirst(flag.substring(equals + 1));
        flag = flag.substring(0, equals);
      }
      switch (flag) {
        case "--help", "-h" -> {
          return new CommandLine.Help();
        }
        case "--version" -> {
          return new CommandLine.Version();
        }
        default -> put(given, flag, left);
      }
    }
    return new CommandLine.Run(
        new Config(
            Optional.ofNullable(given.get("--kubeconfig")).map(Path::of),
            Optional.ofNullable(given.get("--context")),
            namespaces(given.getOrDefault("--namespace", "")),
            workers(given.getOrDefault("--workers", "10")),
            truth(given, "--leader-elect"),
            Optional.ofNullable(given.get("--leader-elect-namespace")),
            leaseTimes(given),
            bindAddress(given.getOrDefault("--bind-address", ":8080")),
            truth(given, "--page").orElse(true),
            choice("--log-format", given.getOrDefault("--log-format", "text"), Log.Format.class),
            choice("--log-level", given.getOrDefault("--log-level", "info"), Log.Level.class)));
  }

  private static void put(Map<String, String> given, String flag, Queue<String> left)
      throws ConfigurationException {
    if (!FLAGS.contains(flag)) {
      throw new ConfigurationException("unknown flag " + flag + ": --help lists what there is");
    }
    var value = left.poll();
    if (value == null || value.isEmpty() || value.startsWith("--")) {
      throw new ConfigurationException(flag + " needs a value: --help says which");
    }
    if (given.put(flag, value) != null) {
      throw new ConfigurationException(flag + " is given twice: give it once");
    }
  }

  private static Set<String> namespaces(String list) throws ConfigurationException {
    if (list.isEmpty()) {
      return Set.of();
    }
    var names = new TreeSet<>(Arrays.asList(list.split(",", -1)));
    for (var name : names) {
      if (!name.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")) {
        throw new ConfigurationException(
            "--namespace: \"" + name + "\" is no name of a namespace; separate several by commas");
      }
    }
    return names;
  }

  private static int workers(String number) throws ConfigurationException {
    if (number.matches("[1-9][0-9]{0,3}") && Integer.parseInt(number) <= 1000) {
      return Integer.parseInt(number);
    }
    throw new ConfigurationException("--workers: a number from 1 to 1000, not " + number);
  }

  private static Optional<Boolean> truth(Map<String, String> given, String flag)
      throws ConfigurationException {
    var value = given.getOrDefault(flag, "");
    if (!value.matches("(true|false)?")) {
      throw new ConfigurationException(flag + ": true or false, not " + value);
    }
    return value.isEmpty() ? Optional.empty() : Optional.of(Boolean.valueOf(value));
  }

  private static LeaseTimes leaseTimes(Map<String, String> given) throws ConfigurationException {
    var normal = LeaseTimes.DEFAULT;
    try {
      return new LeaseTimes(
          duration(given, "--leader-elect-lease-duration", normal.lease()),
          duration(given, "--leader-elect-renew-deadline", normal.renewDeadline()),
          duration(given, "--leader-elect-retry-period", normal.retry()));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("--leader-elect: " + e.getMessage());
    }
  }

  private static Duration duration(Map<String, String> given, String flag, Duration otherwise)
      throws ConfigurationException {
    var value = given.get(flag);
    if (value == null) {
      return otherwise;
    }
    var number = value.replaceFirst("(ms|s|m)$", "");
    if (!number.matches("[0-9]{1,7}") || number.equals(value)) {
      throw new ConfigurationException(flag + ": a time such as 15s or 500ms, not " + value);
    }
    var amount = Long.parseLong(number);
    return value.endsWith("ms")
        ? Duration.ofMillis(amount)
        : value.endsWith("s") ? Duration.ofSeconds(amount) : Duration.ofMinutes(amount);
  }

  private static String bindAddress(String address) throws ConfigurationException {
    try {
      BindAddress.parse(address);
      return address;
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("--bind-address: " + e.getMessage());
    }
  }

  private static <E extends Enum<E>> E choice(String flag, String word, Class<E> choices)
      throws ConfigurationException {
    for (var choice : choices.getEnumConstants()) {
      if (choice.name().toLowerCase(Locale.ROOT).equals(word)) {
        return choice;
      }
    }
    var all = String.join(", ", Arrays.stream(choices.getEnumConstants()).map(Enum::name).toList());
    throw new ConfigurationException(
        flag + ": one of " + all.toLowerCase(Locale.ROOT) + ", not " + word);
  }
}
