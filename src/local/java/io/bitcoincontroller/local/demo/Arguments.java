package io.bitcoincontroller.local.demo;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The command line of {@link Demo}.
 *
 * @param controller the jar of the controller
 * @param manifests the folder with crd.yaml and the others
 * @param then a program to run at the end, with the cluster's KUBECONFIG; its exit code counts
 * @param keep leave all running at the end, until a signal comes
 * @param page show the controller's page in the user's browser, and keep all running
 * @param terminal standard output goes to a terminal whose reader wants colours
 */
record Arguments(
    Path controller,
    Path manifests,
    Optional<Path> then,
    boolean keep,
    boolean page,
    boolean terminal) {
  /**
   * @throws IllegalArgumentException with one line for the user
   */
  static Arguments parse(List<String> words) {
    var paths = new HashMap<String, Path>();
    var keep = false;
    var page = false;
    var terminal = false;
    for (var word = words.iterator(); word.hasNext(); ) {
      var option = word.next();
      switch (option) {
        case "--keep" -> keep = true;
        case "--page" -> page = true;
        case "--terminal" -> terminal = true;
        case "--controller", "--manifests", "--then" -> paths.put(option, path(option, word));
        default -> throw new IllegalArgumentException("unknown argument " + option);
      }
    }
    return new Arguments(
        needed(paths, "--controller"),
        needed(paths, "--manifests"),
        Optional.ofNullable(paths.get("--then")),
        keep || page,
        page,
        terminal);
  }

  private static Path path(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(option + " needs a path behind it");
    }
    return Path.of(rest.next()).toAbsolutePath();
  }

  private static Path needed(Map<String, Path> paths, String option) {
    return Optional.ofNullable(paths.get(option))
        .orElseThrow(() -> new IllegalArgumentException(option + " is missing"));
  }
}
