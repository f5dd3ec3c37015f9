package io.bitcoincontroller.access;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.tls.SmallFile;
import io.bitcoincontroller.yaml.Yaml;
import io.bitcoincontroller.yaml.YamlException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds kubeconfig files, merges them and picks a context, by kubectl's rules. {@link
 * KubeconfigCluster} and {@link KubeconfigUser} read the cluster and the user of the context.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/">Organizing
 *     Cluster Access Using kubeconfig Files</a>
 */
public final class Kubeconfig {
  private static final String VARIABLE = "KUBECONFIG";

  /** Entries of all files by name; where two files have the same name, the first file wins. */
  private final Map<String, KubeconfigEntry> clusters = new LinkedHashMap<>();

  private final Map<String, KubeconfigEntry> users = new LinkedHashMap<>();
  private final Map<String, KubeconfigEntry> contexts = new LinkedHashMap<>();

  /** Of the first file that names one. */
  private String currentContext = "";

  private Kubeconfig() {}

  /**
   * Reads the kubeconfig that kubectl would read: the flag's file alone, else those of {@code
   * KUBECONFIG} (missing ones are passed over), else {@code ~/.kube/config}.
   *
   * @param flag the {@code --kubeconfig} flag
   * @param context the context to use; empty for the files' {@code current-context}
   * @param env the process's environment; exec credential plugins get it too
   * @param complaints see {@link ClusterAccess#find}
   * @throws ConfigurationException if a file can't be used, or an entry that the context names
   */
  public static ClusterAccess load(
      Optional<Path> flag,
      Optional<String> context,
      Map<String, String> env,
      Consumer<String> complaints)
      throws ConfigurationException {
    var files = flag.isPresent() ? List.of(flag.get()) : fromEnvironment(env);
    var kubeconfig = new Kubeconfig();
    for (var file : files) {
      kubeconfig.add(file.toAbsolutePath());
    }
    return kubeconfig.access(files, context, env, complaints);
  }

  private static List<Path> fromEnvironment(Map<String, String> env) throws ConfigurationException {
    var variable = env.getOrDefault(VARIABLE, "");
    var home = env.getOrDefault("HOME", "");
    if (variable.isEmpty() && home.isEmpty()) {
      throw new ConfigurationException("no kubeconfig: give --kubeconfig, or set " + VARIABLE);
    }
    var paths = variable.isEmpty() ? home + "/.kube/config" : variable;
    var found =
        Stream.of(paths.split(File.pathSeparator))
            .filter(path -> !path.isEmpty())
            .map(Path::of)
            .filter(Files::exists)
            .toList();
    if (found.isEmpty()) {
      throw new ConfigurationException(
          "no kubeconfig: there is no " + paths + ": give --kubeconfig, or set " + VARIABLE);
    }
    return found;
  }

  private void add(Path file) throws ConfigurationException {
    var root = new KubeconfigEntry(file, "top level", read(file));
    if (!Set.of("", "Config").contains(root.text("kind"))
        || !Set.of("", "v1").contains(root.text("apiVersion"))) {
      throw root.error("kind", "is not Config of v1: this is no kubeconfig, give another file");
    }
    addAll(root, "clusters", "cluster", clusters);
    addAll(root, "users", "user", users);
    addAll(root, "contexts", "context", contexts);
    if (currentContext.isEmpty()) {
      currentContext = root.text("current-context");
    }
  }

  private static ObjectNode read(Path file) throws ConfigurationException {
    try {
      return switch (Yaml.readOne(SmallFile.read("kubeconfig", file))) {
        case ObjectNode object -> object;
        case NullNode _ -> JsonNodeFactory.instance.objectNode();
        default ->
            throw new ConfigurationException(
                "kubeconfig "
                    + file
                    + ", line 1, column 1: no kubeconfig: it must begin with"
                    + " apiVersion: v1");
      };
    } catch (YamlException e) {
      throw new ConfigurationException("kubeconfig " + file + ", " + e.getMessage());
    } catch (IOException e) {
      throw new ConfigurationException(e);
    }
  }

  private static void addAll(
      KubeconfigEntry root, String list, String kind, Map<String, KubeconfigEntry> all)
      throws ConfigurationException {
    var inThisFile = new LinkedHashMap<String, KubeconfigEntry>();
    for (var item : root.list(list)) {
      if (!(item instanceof ObjectNode fields)) {
        throw root.error(list, "must be a list of mappings, each with name and " + kind);
      }
      var named = new KubeconfigEntry(root.file(), list, fields);
      var where = kind + " \"" + named.text("name") + "\"";
      if (inThisFile.put(named.text("name"), named.part(kind).called(where)) != null) {
        throw root.error(list, "has " + where + " twice: remove one");
      }
    }
    inThisFile.forEach(all::putIfAbsent);
  }

  private ClusterAccess access(
      List<Path> files,
      Optional<String> wanted,
      Map<String, String> env,
      Consumer<String> complaints)
      throws ConfigurationException {
    var origin =
        "kubeconfig " + files.stream().map(Path::toString).collect(Collectors.joining(", ")) + ": ";
    var name = wanted.orElse(currentContext);
    if (name.isEmpty()) {
      throw new ConfigurationException(
          origin + "no current-context: choose one with kubectl config use-context");
    }
    var context = entry(contexts, name, origin + "the context");
    context.refuseAllBut(Set.of("cluster", "user", "namespace", "extensions"));
    var from = origin + "context \"" + name + "\": its ";
    var cluster =
        KubeconfigCluster.read(entry(clusters, context.text("cluster"), from + "cluster"));
    // without a user the requests are anonymous, as kubectl's are
    var login =
        context.has("user")
            ? KubeconfigUser.read(
                entry(users, context.text("user"), from + "user"), cluster, env, complaints)
            : KubeconfigUser.ANONYMOUS;
    var namespace = context.has("namespace") ? context.text("namespace") : "default";
    return cluster.access(login, namespace, env, complaints);
  }

  private static KubeconfigEntry entry(
      Map<String, KubeconfigEntry> entries, String name, String what)
      throws ConfigurationException {
    var entry = entries.get(name);
    if (entry == null) {
      throw new ConfigurationException(
          what
              + " \""
              + name
              + "\" does not exist: choose one of "
              + entries.keySet().stream().limit(20).toList());
    }
    return entry;
  }
}
