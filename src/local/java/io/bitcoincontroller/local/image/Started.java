package io.bitcoincontroller.local.image;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A controller that some command has started, and the lines that it has printed since. */
final class Started implements AutoCloseable {
  /** A command that first makes surroundings says this just before it becomes the JVM. */
  static final String EXEC = "exec";

  private static final Pattern HTTP_ADDRESS = Pattern.compile("http\"?[=:]\"?([0-9.]+:[0-9]+)");
  private static final Duration BOUND = Duration.ofSeconds(90);
  private static final Duration TERM_WAIT = Duration.ofSeconds(40);
  private static final int LAST_WORDS = 40;

  private record Line(String text, long nanos) {}

  private final Process process;
  private final long start = System.nanoTime();
  private final Thread reader;

  /** The beginning and the end of what it said; its own lock guards it. */
  private final List<Line> first = new ArrayList<>();

  private final Deque<Line> last = new ArrayDeque<>();
  private boolean ended;

  private Started(Process process) {
    this.process = process;
    this.reader = Thread.ofPlatform().name("its words").daemon().start(this::read);
  }

  /**
   * Starts it.
   *
   * @param environment added to this process's own
   */
  static Started start(List<String> command, Map<String, String> environment) throws IOException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return new Started(builder.start());
  }

  private void read() {
    try (BufferedReader words = process.inputReader()) {
      for (var line = words.readLine(); line != null; line = words.readLine()) {
        said(new Line(line, System.nanoTime()));
      }
    } catch (IOException e) {
      said(new Line("its words can't be read: " + e, System.nanoTime()));
    }
    ended();
  }

  private synchronized void said(Line line) {
    if (first.size() < LAST_WORDS) {
      first.add(line);
    }
    last.add(line);
    if (last.size() > LAST_WORDS) {
      last.remove();
    }
    notifyAll();
  }

  private synchronized void ended() {
    ended = true;
    notifyAll();
  }

  /**
   * Waits for one of its first lines.
   *
   * @throws IOException if it ends without, or does not say it within a minute and a half
   */
  synchronized void untilSaid(String words) throws IOException, InterruptedException {
    await(words);
  }

  /** As {@link #untilSaid}, for a later line after an earlier one: how long it took. */
  synchronized Duration between(String earlier, String later)
      throws IOException, InterruptedException {
    var begin = await(earlier).nanos();
    return Duration.ofNanos(await(later).nanos() - begin);
  }

  private synchronized Line await(String words) throws IOException, InterruptedException {
    while (true) {
      var found = first.stream().filter(line -> line.text().contains(words)).findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      var left = BOUND.minusNanos(System.nanoTime() - start).toMillis();
      if (ended || left <= 0) {
        throw new IOException("the controller did not say \"" + words + "\":\n" + lastWords());
      }
      wait(left);
    }
  }

  synchronized String lastWords() {
    return String.join("\n", last.stream().map(Line::text).toList());
  }

  /** Asks its HTTP port; what it answers must be 200. */
  String get(String path) throws IOException, InterruptedException {
    var address =
        Optional.of(HTTP_ADDRESS.matcher(await("started").text()))
            .filter(Matcher::find)
            .map(match -> match.group(1))
            .orElseThrow(() -> new IOException("the controller does not say where it listens"));
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create("http://" + address + path));
      var answer = client.send(request.timeout(BOUND).build(), BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
      }
      return answer.body();
    }
  }

  /** The controller itself: the command may be what starts it, such as a change of root. */
  ProcessHandle controller() {
    return process
        .descendants()
        .filter(each -> each.children().findAny().isEmpty())
        .findFirst()
        .orElse(process.toHandle());
  }

  /**
   * Sends SIGTERM to the controller.
   *
   * @return the command's exit code
   * @throws IOException if it does not end; it was killed then
   */
  int end() throws IOException, InterruptedException {
    controller().destroy();
    if (!process.waitFor(TERM_WAIT)) {
      close();
      throw new IOException("the controller did not end on SIGTERM:\n" + lastWords());
    }
    reader.join();
    return process.exitValue();
  }

  /** Kills what is left. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
