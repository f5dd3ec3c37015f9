package io.bitcoincontroller.local.kubelet;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Does for processes without namespaces what a container's namespaces would do, and nothing else.
 *
 * <table>
 * <caption>The whole of the translation</caption>
 * <tr><th>In the pod's template</th><th>Here</th><th>Stands for</th></tr>
 * <tr><td>a mount path ({@code /data}, {@code /bitcoin.conf}, …) or what lies below it, in
 *     commands, arguments, probes, values of environment variables, and text of mounted
 *     ConfigMaps and fields of the pod</td><td>the pod's own folder or file</td><td>mount namespace</td></tr>
 * <tr><td>{@code -rpcbind=127.0.0.1} or {@code -rpcbind=::1}, with or without port, as an argument
 *     of bitcoind</td><td>dropped: 127.0.0.1 belongs to all pods here, and bitcoind ends if one
 *     rpcbind fails</td><td>network namespace</td></tr>
 * <tr><td>{@code bitcoin-cli …}</td><td>{@code bitcoin-cli -rpcconnect=<pod address> …}; an
 *     {@code -rpcconnect} that is there comes later and wins</td><td>network namespace</td></tr>
 * </table>
 *
 * Not done: words inside a shell script other than mount paths.
 */
final class Translation {
  private static final Pattern RPCBIND_LOOPBACK =
      Pattern.compile("--?rpcbind=(127\\.0\\.0\\.1(:\\d+)?|::1|\\[::1](:\\d+)?)");

  private final Map<String, Path> mounts;
  private final String podAddress;
  private final Pattern mountPaths;

  /**
   * @param mounts from mount path in the container to the file or folder that takes its place
   */
  Translation(Map<String, Path> mounts, String podAddress) {
    this.mounts = Map.copyOf(mounts);
    this.podAddress = podAddress;
    var longestFirst =
        mounts.keySet().stream()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    this.mountPaths =
        Pattern.compile(
            mounts.isEmpty() ? "(?!)" : "(?<![\\w./-])(?:" + longestFirst + ")(?![\\w.-])");
  }

  List<String> command(List<String> command) {
    var program = Path.of(command.getFirst()).getFileName();
    var name = program == null ? "" : program.toString();
    var translated = new ArrayList<String>();
    for (var word : command) {
      if (!(name.equals("bitcoind") && RPCBIND_LOOPBACK.matcher(word).matches())) {
        translated.add(paths(word));
      }
    }
    if (name.equals("bitcoin-cli")) {
      translated.add(1, "-rpcconnect=" + podAddress);
    }
    return List.copyOf(translated);
  }

  /** The text with every mount path in it replaced. */
  String paths(String text) {
    return mountPaths
        .matcher(text)
        .replaceAll(path -> Matcher.quoteReplacement(String.valueOf(mounts.get(path.group()))));
  }
}
