package io.bitcoincontroller.access;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The {@code exec} of a kubeconfig's user: which credential plugin is run, and how. */
final class KubeconfigExec {
  private static final Set<String> KNOWN =
      Set.of(
          "apiVersion",
          "command",
          "args",
          "env",
          "installHint",
          "interactiveMode",
          "provideClusterInfo");

  private static final String V1 = "client.authentication.k8s.io/v1";
  private static final String V1BETA1 = "client.authentication.k8s.io/v1beta1";

  /** Names to the plugin the version of its answer, and the cluster. */
  private static final String INFO_VARIABLE = "KUBERNETES_EXEC_INFO";

  /** Plugins ask servers on the Internet, and a person may be waiting. */
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private KubeconfigExec() {}

  static ExecPlugin read(KubeconfigEntry exec, KubeconfigCluster cluster, Map<String, String> env)
      throws ConfigurationException {
    exec.refuseAllBut(KNOWN);
    var apiVersion = exec.text("apiVersion");
    if (!apiVersion.equals(V1) && !apiVersion.equals(V1BETA1)) {
      throw exec.error("apiVersion", "must be " + V1 + " or " + V1BETA1);
    }
    checkInteractiveMode(exec, apiVersion);
    var environment = new HashMap<>(env);
    environment.putAll(environment(exec));
    environment.put(INFO_VARIABLE, info(exec, apiVersion, cluster));
    var settings =
        new ExecPlugin.Settings(
            "kubeconfig " + exec.file() + ": " + exec.where(),
            apiVersion,
            command(exec, env),
            arguments(exec),
            environment,
            TIMEOUT,
            hint(exec));
    return new ExecPlugin(settings, InstantSource.system(), System::nanoTime);
  }

  /** A controller has no terminal. */
  private static void checkInteractiveMode(KubeconfigEntry exec, String apiVersion)
      throws ConfigurationException {
    var mode = exec.text("interactiveMode");
    if (mode.equals("Always")) {
      throw exec.error(
          "interactiveMode", "is Always: a controller has no terminal, use another plugin");
    }
    if (!Set.of("Never", "IfAvailable").contains(mode)
        && !(mode.isEmpty() && apiVersion.equals(V1BETA1))) {
      throw exec.error("interactiveMode", "must be Never or IfAvailable");
    }
  }

  /** A name without a slash is on the PATH; a path is relative to the kubeconfig. */
  private static String command(KubeconfigEntry exec, Map<String, String> env)
      throws ConfigurationException {
    var command = exec.text("command");
    if (command.isEmpty()) {
      throw exec.error("command", "is missing: name the plugin");
    }
    var found =
        command.contains(File.separator)
            ? Stream.of(exec.file().resolveSibling(command))
            : Stream.of(env.getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, command));
    return found
        .filter(file -> Files.isExecutable(file) && !Files.isDirectory(file))
        .map(Path::toString)
        .findFirst()
        .orElseThrow(
            () ->
                exec.error(
                    "command",
                    "'" + command + "' is no program that can be run: install it. " + hint(exec)));
  }

  private static List<String> arguments(KubeconfigEntry exec) throws ConfigurationException {
    var arguments = new ArrayList<String>();
    for (var item : exec.list("args")) {
      if (!item.isTextual()) {
        throw exec.error("args", "must be a list of texts: put each in quotes");
      }
      arguments.add(item.textValue());
    }
    return arguments;
  }

  private static Map<String, String> environment(KubeconfigEntry exec)
      throws ConfigurationException {
    var environment = new HashMap<String, String>();
    for (var item : exec.list("env")) {
      var name = item.path("name");
      var value = item.path("value");
      if (!name.isTextual() || name.textValue().isEmpty() || !value.isTextual()) {
        throw exec.error("env", "must be a list of mappings, each with name and value as text");
      }
      environment.put(name.textValue(), value.textValue());
    }
    return environment;
  }

  private static String info(KubeconfigEntry exec, String apiVersion, KubeconfigCluster cluster)
      throws ConfigurationException {
    var info = JsonNodeFactory.instance.objectNode();
    info.put("kind", "ExecCredential").put("apiVersion", apiVersion);
    var spec = info.putObject("spec").put("interactive", false);
    if (exec.flag("provideClusterInfo")) {
      spec.set("cluster", cluster.execInfo());
    }
    return info.toString();
  }

  /** The kubeconfig's own words, without control characters. */
  private static String hint(KubeconfigEntry exec) {
    return exec.fields().path("installHint").asText().replaceAll("\\p{Cntrl}+", " ").strip();
  }
}
