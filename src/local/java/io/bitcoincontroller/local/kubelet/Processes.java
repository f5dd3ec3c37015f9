package io.bitcoincontroller.local.kubelet;

import io.bitcoincontroller.observe.Log;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The processes of one cluster, none of which outlives it.
 *
 * <p>Each process makes a file named by its pid in {@code pids/} and then becomes the program
 * (exec), so the pid is the program's own. A watchdog, a shell that waits for the end of a pipe
 * whose other end this JVM holds, outlives the JVM however that ends: it renames {@code pids/}
 * (from then on nothing can start), kills what it finds there, and removes the cluster's folder.
 *
 * <p>What became a daemon has left its parent, its session and its pid; its environment it has
 * kept, in which the cluster and the container are named. Where the system shows that, in {@code
 * /proc}, such are found and killed too.
 */
final class Processes implements AutoCloseable {
  private static final String WATCHDOG =
      """
      trap "" INT TERM HUP
      cat > /dev/null
      mv "$0/pids" "$0/orphans"
      for file in "$0"/orphans/*; do kill -KILL "${file##*/}" 2> /dev/null; done
      for round in 1 2 3 4 5; do
        daemons=$(grep -lzxF "LOCAL_CLUSTER=$0" /proc/[0-9]*/environ 2> /dev/null | cut -d / -f 3)
        [ -n "$daemons" ] || break
        kill -KILL $daemons 2> /dev/null
      done
      for second in 1 2 3 4 5; do rm -rf "$0" 2> /dev/null && break; sleep 1; done
      """;

  private static final String RECORD_AND_BECOME = ": > \"$0/$$\" && exec \"$@\"";

  /** Names the cluster in the environment of all its processes; the watchdog looks for it. */
  private static final String CLUSTER = "LOCAL_CLUSTER";

  /** Names the life of a container in the environment of all its processes. */
  static final String CONTAINER = "LOCAL_CONTAINER";

  private static final Path PROC = Path.of("/proc");

  /** Longest output of a command that is kept, in bytes. */
  private static final int LONGEST_OUTPUT = 16 * 1024 * 1024;

  /** A killed process ends at once, unless the kernel holds it; then nobody can end it. */
  private static final Duration KILL_WAIT = Duration.ofSeconds(10);

  private static final Duration CLOSE_WAIT = Duration.ofSeconds(30);

  private final Path folder;
  private final Path programs;
  private final Path pids;
  private final Path outputs;
  private final Process watchdog;
  private final Log log;

  /**
   * @param folder absolute; from now on for its owner only, since it holds secrets; removed with
   *     all that is in it when this is closed, or the JVM dies
   * @param programs the folder searched for programs before the PATH of this process
   */
  Processes(Path folder, Path programs, Log log) throws IOException {
    this.folder = folder;
    this.log = log;
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    this.programs = programs;
    this.pids = Files.createDirectories(folder.resolve("pids"));
    this.outputs = Files.createDirectories(folder.resolve("outputs"));
    this.watchdog =
        new ProcessBuilder("/bin/sh", "-c", WATCHDOG, folder.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
  }

  /** What a command came to. 128 + n is the exit code after signal n. */
  record Result(int exitCode, String stdout, String stderr, boolean timedOut) {}

  /** Where and with what a program runs. */
  record Surroundings(Map<String, String> environment, Path workingFolder) {}

  /**
   * Starts a program; the environment of this JVM is not handed on, but for PATH.
   *
   * @throws NotStartable if no such program is found
   */
  Process start(
      List<String> command,
      Surroundings surroundings,
      ProcessBuilder.Redirect out,
      ProcessBuilder.Redirect err)
      throws NotStartable, IOException {
    var builder = builder(command, surroundings);
    builder.redirectInput(Path.of("/dev/null").toFile());
    return start(builder.redirectOutput(out).redirectError(err));
  }

  /**
   * As {@link #start}, with pipes for input and output.
   *
   * @param merged standard error goes where standard output goes
   */
  Process startWithPipes(List<String> command, Surroundings surroundings, boolean merged)
      throws NotStartable, IOException {
    return start(builder(command, surroundings).redirectErrorStream(merged));
  }

  private Process start(ProcessBuilder builder) throws IOException {
    var process = builder.start();
    var _ = process.onExit().thenAccept(ended -> forget(ended.pid()));
    return process;
  }

  private ProcessBuilder builder(List<String> command, Surroundings surroundings)
      throws NotStartable {
    var words = new ArrayList<>(List.of("/bin/sh", "-c", RECORD_AND_BECOME, pids.toString()));
    words.add(program(command.getFirst()).toString());
    words.addAll(command.subList(1, command.size()));
    var builder = new ProcessBuilder(words);
    builder.environment().clear();
    builder.environment().put("PATH", programs + ":" + path());
    builder.environment().putAll(surroundings.environment());
    builder.environment().put(CLUSTER, folder.toString());
    return builder.directory(surroundings.workingFolder().toFile());
  }

  private void forget(long pid) {
    try {
      Files.deleteIfExists(pids.resolve(Long.toString(pid)));
    } catch (IOException e) {
      log.warn("the watchdog may kill a stranger of this pid", "pid", pid, "because", e);
    }
  }

  private Path program(String name) throws NotStartable {
    var places =
        name.contains("/")
            ? Stream.of(Path.of(name))
            : Stream.concat(Stream.of(programs), Stream.of(path().split(":")).map(Path::of))
                .map(place -> place.resolve(name));
    return places
        .filter(place -> Files.isRegularFile(place) && Files.isExecutable(place))
        .findFirst()
        .orElseThrow(
            () ->
                new NotStartable(
                    NotStartable.Reason.PROGRAM,
                    "exec: \"" + name + "\": executable file not found"));
  }

  private static String path() {
    return Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
  }

  /**
   * Runs a command to its end or to the deadline, whichever comes first; an interrupt ends it.
   *
   * @throws NotStartable if no such program is found
   */
  Result run(List<String> command, Surroundings surroundings, Duration deadline)
      throws NotStartable, IOException, InterruptedException {
    var out = Files.createTempFile(outputs, "", ".out");
    var err = Files.createTempFile(outputs, "", ".err");
    try {
      var process =
          start(
              command,
              surroundings,
              ProcessBuilder.Redirect.to(out.toFile()),
              ProcessBuilder.Redirect.to(err.toFile()));
      try {
        var inTime = process.waitFor(deadline);
        if (!inTime) {
          end(process, Duration.ZERO);
        }
        return new Result(process.exitValue(), text(out), text(err), !inTime);
      } finally {
        process.destroyForcibly();
      }
    } finally {
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    }
  }

  private static String text(Path file) throws IOException {
    return tail(file, LONGEST_OUTPUT);
  }

  /** The last so many bytes of a file as text. */
  static String tail(Path file, int most) throws IOException {
    try (var channel = Files.newByteChannel(file)) {
      channel.position(Math.max(0, channel.size() - most));
      var bytes = Channels.newInputStream(channel).readNBytes(most);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /**
   * TERM, and KILL after the grace; its children, which a container's pid namespace would end with
   * it, are killed too. Afterwards its exit value is known.
   */
  static void end(Process process, Duration grace) throws IOException, InterruptedException {
    var children = process.descendants().toList();
    if (!grace.isZero()) {
      process.destroy();
      process.waitFor(grace);
    }
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    // not by its handle, which may know of the end a moment before the process has its exit value
    if (!process.waitFor(KILL_WAIT)) {
      throw new IOException(notEnding(process.pid()));
    }
    for (var child : children) {
      awaitEnd(child);
    }
  }

  private static void awaitEnd(ProcessHandle process) throws IOException, InterruptedException {
    try {
      process.onExit().get(KILL_WAIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(notEnding(process.pid()), e);
    }
  }

  private static String notEnding(long pid) {
    return "process " + pid + " does not end, although killed";
  }

  /**
   * Kills what is left of a container's life when its first process has ended, as its pid namespace
   * would.
   *
   * @param container as {@link #CONTAINER} names it
   */
  static void endRest(String container) throws IOException, InterruptedException {
    for (var process : killRest(container)) {
      awaitEnd(process);
    }
  }

  /** As {@link #endRest}, without waiting for their end. */
  static List<ProcessHandle> killRest(String container) throws IOException {
    var rest = new ArrayList<ProcessHandle>();
    if (Files.isDirectory(PROC)) {
      try (var processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
        for (var process : processes) {
          if (environment(process).contains(CONTAINER + "=" + container)) {
            ProcessHandle.of(Long.parseLong("" + process.getFileName())).ifPresent(rest::add);
          }
        }
      }
    }
    rest.forEach(ProcessHandle::destroyForcibly);
    return rest;
  }

  private static List<String> environment(Path process) {
    try {
      var text = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
      return List.of(text.split("\0"));
    } catch (IOException _) {
      return List.of(); // another user's, or it has just ended
    }
  }

  /** KILL to a process and its children, without waiting for their end. */
  static void kill(Process process) {
    var children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  /**
   * Sends a signal that the JDK can't.
   *
   * @param name such as STOP or CONT
   */
  static void signal(Process process, String name) throws IOException, InterruptedException {
    var kill =
        new ProcessBuilder("/bin/sh", "-c", "kill -\"$0\" \"$1\"", name, "" + process.pid())
            .redirectErrorStream(true)
            .start();
    var complaint = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (kill.waitFor() != 0) {
      throw new IOException("kill -" + name + " " + process.pid() + ": " + complaint.strip());
    }
  }

  /** SIGSTOP; returns when all threads stand still, where the system shows that. */
  static void freeze(Process process) throws IOException, InterruptedException {
    signal(process, "STOP");
    var threads = Path.of("/proc", "" + process.pid(), "task");
    var end = System.nanoTime() + KILL_WAIT.toNanos();
    while (Files.isDirectory(threads) && !areStopped(threads)) {
      if (System.nanoTime() > end) {
        throw new IOException("process " + process.pid() + " goes on after SIGSTOP");
      }
      Thread.onSpinWait();
    }
  }

  private static boolean areStopped(Path threads) throws IOException {
    try (var folders = Files.newDirectoryStream(threads)) {
      for (var thread : folders) {
        var stat = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
        // after the name, which stands in parentheses
        if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
          return false;
        }
      }
      return true;
    } catch (NoSuchFileException e) {
      return false; // that one has just ended
    }
  }

  /** Lets the watchdog do its work: kill what is left, and remove the folder. */
  @Override
  public void close() throws IOException {
    watchdog.getOutputStream().close();
    try {
      if (!watchdog.waitFor(CLOSE_WAIT)) {
        throw new IOException("the watchdog of " + folder + " does not end");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // the watchdog goes on without us
    }
  }
}
