package io.bitcoincontroller.local.user;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The kubectl of this machine: {@code $KUBECTL}, or the one on PATH.
 *
 * @param program its path
 * @param kubeconfig of the cluster to talk to
 * @param folder its working directory and its home, so that it touches no file of the user; {@code
 *     kubectl edit} calls the program {@code editor} there
 */
public record Kubectl(Path program, Path kubeconfig, Path folder) {
  private static final long LONGEST_SECONDS = 120;

  /** How a run ended, and what it printed on both outputs. */
  public record Ran(int code, String output) {}

  /** Empty if this machine has none. */
  public static Optional<Path> find() {
    var named = Optional.ofNullable(System.getenv("KUBECTL")).filter(path -> !path.isEmpty());
    return named
        .map(Path::of)
        .or(
            () ->
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                    .map(entry -> Path.of(entry, "kubectl"))
                    .filter(Files::isExecutable)
                    .findFirst());
  }

  /** Runs it to its end, with nothing on standard input. */
  public Ran run(String... arguments) throws IOException, InterruptedException {
    return run("", List.of(arguments));
  }

  /**
   * Runs it to its end.
   *
   * @throws AssertionError if that takes two minutes
   */
  public Ran run(String input, List<String> arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(program.toString()));
    command.addAll(arguments);
    var output = Files.createTempFile(folder, "kubectl", ".out");
    var given = Files.writeString(Files.createTempFile(folder, "kubectl", ".in"), input);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(output.toFile()).redirectInput(given.toFile());
    builder.directory(folder.toFile());
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("KUBE_EDITOR", folder.resolve("editor").toString());
    var process = builder.start();
    try {
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError(command + " hangs: " + Files.readString(output));
      }
      return new Ran(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    } finally {
      process.destroyForcibly();
      Files.delete(output);
      Files.delete(given);
    }
  }

  /**
   * Runs it, and returns what it prints. It must succeed.
   *
   * @throws AssertionError if it does not
   */
  public String works(String... arguments) throws IOException, InterruptedException {
    return works("", List.of(arguments));
  }

  /** As {@link #works(String...)}, with standard input. */
  public String works(String input, List<String> arguments)
      throws IOException, InterruptedException {
    var ran = run(input, arguments);
    if (ran.code != 0) {
      throw new AssertionError(arguments + " ended with " + ran.code + ": " + ran.output);
    }
    return ran.output;
  }

  /** The number after {@code 1.} in its version. */
  public int minorVersion() throws IOException, InterruptedException {
    JsonNode version = Json.MAPPER.readTree(works("version", "--client", "-o", "json"));
    var minor = version.path("clientVersion").path("minor").asText().replaceAll("[^0-9].*", "");
    return Integer.parseInt(minor);
  }
}
