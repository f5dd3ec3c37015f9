package io.bitcoincontroller.local.user;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The controller, run as its users run it: a process of its own, with a kubeconfig. */
public final class ControllerProgram implements AutoCloseable {
  /** The controller's own bound for an orderly end is 20 s. */
  private static final Duration TERM_WAIT = Duration.ofSeconds(25);

  private static final Duration KILL_WAIT = Duration.ofSeconds(10);
  private static final Duration PROBE_DEADLINE = Duration.ofSeconds(10);
  private static final int LAST_WORDS = 25;
  private static final Pattern HTTP_ADDRESS = Pattern.compile("INFO +started .* http=(\\S+)");

  private final Process process;
  private final Path log;

  private ControllerProgram(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** The arguments of java for the shipped program. */
  public static List<String> jar(Path jar) {
    return List.of("-jar", jar.toString());
  }

  /**
   * The whole command.
   *
   * @param program such as {@link #jar}
   */
  public static List<String> command(List<String> program, List<String> flags) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(program);
    command.addAll(flags);
    return command;
  }

  /**
   * Starts the controller, with an HTTP port of its own if no flag says another.
   *
   * @param log what it prints is added to this file
   * @param more flags
   */
  public static ControllerProgram start(
      List<String> program, Path kubeconfig, Path log, String... more) throws IOException {
    var flags = new ArrayList<String>();
    Collections.addAll(flags, "--kubeconfig", kubeconfig.toString());
    Collections.addAll(flags, more);
    if (!flags.contains("--bind-address")) {
      Collections.addAll(flags, "--bind-address", "127.0.0.1:0");
    }
    var builder = new ProcessBuilder(command(program, flags));
    builder.redirectInput(Path.of("/dev/null").toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return new ControllerProgram(builder.start(), log);
  }

  public long pid() {
    return process.pid();
  }

  public boolean alive() {
    return process.isAlive();
  }

  /** The lines of its log, with those of earlier programs. */
  public List<String> lines() throws IOException {
    return Files.readAllLines(log);
  }

  /** The end of its log, to say why a test failed. */
  public String lastWords() {
    try {
      var lines = lines();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_WORDS), lines.size()));
    } catch (IOException e) {
      return "its log can't be read: " + e;
    }
  }

  /**
   * Asks its HTTP port.
   *
   * @throws IOException if it does not listen yet, or not any more
   */
  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var uri = URI.create("http://" + httpAddress() + path);
      var request = HttpRequest.newBuilder(uri).timeout(PROBE_DEADLINE).build();
      return client.send(request, BodyHandlers.ofString());
    }
  }

  /**
   * Host and port of its probes and metrics.
   *
   * @throws IOException if it has not said them yet
   */
  public String httpAddress() throws IOException {
    return lines().reversed().stream()
        .map(HTTP_ADDRESS::matcher)
        .filter(Matcher::find)
        .map(match -> match.group(1))
        .findFirst()
        .orElseThrow(() -> new IOException("the controller has not said where it listens"));
  }

  /** SIGSTOP: it keeps its connections, and does nothing. */
  public void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Undoes {@link #pause}. */
  public void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  /** Returns when the signal is sent, whatever comes of it. */
  public void signal(String name) throws IOException, InterruptedException {
    var kill = new ProcessBuilder("/bin/sh", "-c", "kill -\"$0\" \"$1\"", name, "" + pid()).start();
    if (kill.waitFor() != 0) {
      throw new IOException("no signal " + name + " to pid " + pid() + ": it has ended");
    }
  }

  /** The exit code of a program that ends by itself; empty if it does not within the bound. */
  public OptionalInt exitCode(Duration bound) throws InterruptedException {
    return process.waitFor(bound) ? OptionalInt.of(process.exitValue()) : OptionalInt.empty();
  }

  /** As {@code kill -9}; returns when it is gone. */
  public void kill() throws IOException, InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(KILL_WAIT)) {
      throw new IOException("the controller (pid " + pid() + ") does not end, although killed");
    }
  }

  /**
   * As {@code kill}: lets it end in order.
   *
   * @return its exit code; 137 if it did not, and was killed
   */
  public int end() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(TERM_WAIT)) {
      kill();
    }
    return process.exitValue();
  }

  /** As {@link #end}, or at once if this thread is interrupted. */
  @Override
  public void close() throws IOException {
    try {
      end();
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
