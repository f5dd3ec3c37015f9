package io.bitcoincontroller.local.image;

import io.bitcoincontroller.local.api.LocalApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Measures what a controller costs: {@code Figures MANIFESTS SERVICE-ACCOUNT COMMAND... against
 * COMMAND...}. The first command starts the controller of the image, the second the same program
 * plainly; each says {@link Started#EXEC} just before it becomes the JVM. Each line that it prints
 * is a name, a value and, if there is one, the goal that the value must stay below, with tabs
 * between.
 *
 * <p>Starts are measured in turns, so that what else the machine does falls on both.
 */
public final class Figures {
  private static final int STARTS = 20;
  private static final int NETWORKS = 100;
  private static final Duration SETTLING = Duration.ofSeconds(60);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String SYNCED = "caches synced";

  private final Path manifests;
  private final Path serviceAccount;

  private Figures(Path manifests, Path serviceAccount) {
    this.manifests = manifests;
    this.serviceAccount = serviceAccount;
  }

  public static void main(String[] args) throws Exception {
    var all = Arrays.asList(args);
    var between = all.indexOf("against");
    if (between < 3 || between + 1 == all.size()) {
      System.err.println("usage: Figures MANIFESTS SERVICE-ACCOUNT COMMAND... against COMMAND...");
      System.exit(2);
    }
    var figures = new Figures(Path.of(args[0]), Path.of(args[1]));
    figures.starts(all.subList(2, between), all.subList(between + 1, all.size()));
    figures.life(all.subList(2, between));
    System.exit(0);
  }

  private Playground playground() throws IOException, InterruptedException {
    var folder = Files.createTempDirectory("figures");
    return Playground.simulated(folder, LocalApiServer.Options.ordinary(), manifests);
  }

  private record Start(Duration time, Duration cpu) {}

  private void starts(List<String> image, List<String> plain)
      throws IOException, InterruptedException {
    var images = new ArrayList<Start>();
    var plains = new ArrayList<Start>();
    try (var playground = playground()) {
      // the first of each reads its files from the disk
      start(playground, image);
      start(playground, plain);
      for (var turn = 0; turn < STARTS; turn++) {
        images.add(start(playground, image));
        plains.add(start(playground, plain));
      }
    }
    print("exec to caches synced, ms", median(images, Start::time) * 1e3);
    print("the same jar on a plain JDK, ms", median(plains, Start::time) * 1e3);
    print("ratio", median(images, Start::time) / median(plains, Start::time), "0.35");
    print(
        "ratio of the CPU time until then",
        median(images, Start::cpu) / median(plains, Start::cpu));
  }

  private Start start(Playground playground, List<String> command)
      throws IOException, InterruptedException {
    var environment = playground.serviceAccount(serviceAccount);
    try (var controller = Started.start(command, environment)) {
      var time = controller.between(Started.EXEC, SYNCED);
      var cpu = new Usage(controller.controller()).cpu();
      end(controller);
      return new Start(time, cpu);
    }
  }

  private static void end(Started controller) throws IOException, InterruptedException {
    var code = controller.end();
    if (code != 0) {
      throw new IOException("it ended with " + code + ":\n" + controller.lastWords());
    }
  }

  /** In seconds. */
  private static double median(List<Start> starts, Function<Start, Duration> of) {
    var sorted = starts.stream().map(of).sorted().toList();
    var middle = sorted.size() / 2;
    return sorted.get(middle - 1).plus(sorted.get(middle)).toNanos() / 2e9;
  }

  private void life(List<String> command) throws IOException, InterruptedException {
    try (var playground = playground()) {
      var environment = playground.serviceAccount(serviceAccount);
      try (var controller = Started.start(command, environment)) {
        controller.untilSaid(SYNCED);
        var usage = new Usage(controller.controller());
        pass(SETTLING);
        print("resident after 60 idle seconds, MiB", mebibytes(usage), "75");
        print("CPU in the next minute, s", minute(usage), "0.3");
        for (var network = 0; network < NETWORKS; network++) {
          playground.awaitWell(playground.create("network-" + network, "{nodes: 3}"), controller);
        }
        print("resident with 100 networks of 3, MiB", mebibytes(usage), "100");
        pass(SETTLING);
        print("resident a minute later, MiB", mebibytes(usage), "100");
        print("CPU in the next minute, s", minute(usage));
        end(controller);
      }
    }
  }

  private static double mebibytes(Usage usage) throws IOException {
    return usage.residentBytes() / 1048576.0;
  }

  /** CPU seconds of a minute that begins now. */
  private static double minute(Usage usage) throws InterruptedException {
    var before = usage.cpu();
    pass(MINUTE);
    return usage.cpu().minus(before).toNanos() / 1e9;
  }

  private static void pass(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }

  private static void print(String name, double value) {
    print(name, value, "");
  }

  private static void print(String name, double value, String below) {
    var rounded = String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
    System.out.println(name + "\t" + rounded + "\t" + below);
  }
}
