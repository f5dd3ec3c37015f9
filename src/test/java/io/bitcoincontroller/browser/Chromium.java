package io.bitcoincontroller.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.Waiting;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A Chromium without a window, with a profile of its own. It reaches nothing but loopback. */
public final class Chromium implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");
  private static final Duration END_WAIT = Duration.ofSeconds(10);

  private static final List<String> FLAGS =
      List.of(
          "--headless=new",
          "--remote-debugging-port=0",
          "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
          "--no-first-run",
          "--disable-gpu",
          "--disable-dev-shm-usage",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-extensions",
          "--disable-sync",
          "--hide-scrollbars");

  private final Process process;
  private final Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final String address;

  private Chromium(Process process, Path folder) throws InterruptedException {
    this.process = process;
    this.folder = folder;
    this.address = Waiting.until("chromium listens", this::lastWords, this::port);
  }

  /**
   * Starts one: {@code $CHROMIUM}, or the one on PATH. Skips the test if there is none.
   *
   * @param folder absent or empty; for its profile and its log
   */
  public static Chromium need(Path folder) throws IOException, InterruptedException {
    var program = program();
    assumeTrue(
        program.isPresent(),
        "chromium is not on PATH (scripts/get-chromium.sh fetches it): the page was not tried in a"
            + " browser");
    var command = new ArrayList<>(List.of(program.get().toString()));
    command.addAll(FLAGS);
    command.add("--user-data-dir=" + Files.createDirectories(folder.resolve("profile")));
    if (System.getProperty("user.name").equals("root")) {
      command.add("--no-sandbox"); // root has none
    }
    var builder = new ProcessBuilder(command);
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("TMPDIR", folder.toString());
    builder.redirectInput(Path.of("/dev/null").toFile()).redirectErrorStream(true);
    var process = builder.redirectOutput(folder.resolve("chromium.log").toFile()).start();
    try {
      return new Chromium(process, folder);
    } catch (InterruptedException | AssertionError e) {
      end(process);
      throw e;
    }
  }

  private static Optional<Path> program() {
    var named = Optional.ofNullable(System.getenv("CHROMIUM")).filter(path -> !path.isEmpty());
    var places = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1);
    var onPath =
        NAMES.stream().flatMap(name -> Stream.of(places).map(place -> Path.of(place, name)));
    return named.map(Path::of).or(() -> onPath.filter(Files::isExecutable).findFirst());
  }

  /** It writes the port into a file once it listens. */
  private Seen port() throws IOException {
    if (!process.isAlive()) {
      throw new AssertionError("chromium has ended by itself\n" + lastWords());
    }
    var lines = Files.readAllLines(folder.resolve("profile/DevToolsActivePort"));
    return lines.size() < 2
        ? new Seen.NotYet("a port and a path", "" + lines)
        : new Seen.Good("127.0.0.1:" + lines.getFirst());
  }

  private String lastWords() {
    try {
      return Files.readString(folder.resolve("chromium.log"));
    } catch (IOException e) {
      return "its log can't be read: " + e;
    }
  }

  /** Opens an empty tab. */
  public Tab tab() throws IOException, InterruptedException {
    var uri = URI.create("http://" + address + "/json/new?about:blank");
    var request = HttpRequest.newBuilder(uri).PUT(BodyPublishers.noBody()).build();
    var answer = client.send(request, BodyHandlers.ofString()).body();
    var target = new ObjectMapper().readTree(answer).path("webSocketDebuggerUrl").asText();
    return new Tab(client, URI.create(target));
  }

  @Override
  public void close() {
    client.shutdownNow();
    end(process);
  }

  private static void end(Process process) {
    var children = process.descendants().toList();
    process.destroy();
    try {
      var _ = process.waitFor(END_WAIT);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
      children.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
