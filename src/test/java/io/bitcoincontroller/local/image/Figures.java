package io.bitcoincontroller.local.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What a controller costs: {@code Figures MANIFESTS SERVICE-ACCOUNT COMMAND... -- COMMAND...}. The
 * first command starts the controller of the image, the second the same program plainly. Prints
 * lines of a name, a tab and a value.
 *
 * <p>Starts are measured in turns, so that what else the machine does falls on both.
 */
public final class Figures {
  private static final int STARTS = 20;
  private static final int NETWORKS = 100;
  private static final Duration SETTLING = Duration.ofSeconds(60);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Path manifests;
  private final Path serviceAccount;

  private Figures(Path manifests, Path serviceAccount) {
    this.manifests = manifests;
    this.serviceAccount = serviceAccount;
  }

  public static void main(String[] args) throws Exception {
    var all = Arrays.asList(args);
    var between = all.indexOf("--");
    if (between < 3 || between + 1 == all.size()) {
      System.err.println("usage: Figures MANIFESTS SERVICE-ACCOUNT COMMAND... -- COMMAND...");
      System.exit(2);
    }
    var figures = new Figures(Path.of(args[0]), Path.of(args[1]));
    figures.starts(all.subList(2, between), all.subList(between + 1, all.size()));
    figures.life(all.subList(2, between));
    System.exit(0);
  }

  private Playground playground() throws IOException, InterruptedException {
    var folder = Files.createTempDirectory("figures");
    return new Playground(Playground.simulated(folder), manifests);
  }

  private void starts(List<String> image, List<String> plain)
      throws IOException, InterruptedException {
    var images = new ArrayList<Duration>();
    var plains = new ArrayList<Duration>();
    try (var playground = playground()) {
      // the first of each reads its files from the disk
      start(playground, image);
      start(playground, plain);
      for (var turn = 0; turn < STARTS; turn++) {
        images.add(start(playground, image));
        plains.add(start(playground, plain));
      }
    }
    var fast = median(images);
    var slow = median(plains);
    print("start to caches synced, ms", "" + fast.toMillis());
    print("start of a plain JDK, ms", "" + slow.toMillis());
    print("ratio", "%.2f".formatted((double) fast.toNanos() / slow.toNanos()));
  }

  private Duration start(Playground playground, List<String> command)
      throws IOException, InterruptedException {
    var environment = playground.serviceAccount(serviceAccount);
    try (var controller = Started.start(command, environment)) {
      var took = controller.untilSaid("caches synced");
      var code = controller.end();
      if (code != 0) {
        throw new IOException("it ended with " + code + ":\n" + controller.lastWords());
      }
      return took;
    }
  }

  private static Duration median(List<Duration> times) {
    Collections.sort(times);
    return times.get(times.size() / 2);
  }

  private void life(List<String> command) throws IOException, InterruptedException {
    try (var playground = playground()) {
      var environment = playground.serviceAccount(serviceAccount);
      try (var controller = Started.start(command, environment)) {
        controller.untilSaid("caches synced");
        var usage = new Usage(controller.controller());
        pass(SETTLING);
        print("resident when idle, MiB", mebibytes(usage));
        print("CPU in an idle minute, s", idleMinute(usage));
        for (var network = 0; network < NETWORKS; network++) {
          playground.awaitWell(playground.create("network-" + network, "{nodes: 3}"), controller);
        }
        print("resident with 100 networks, MiB", mebibytes(usage));
        pass(SETTLING);
        print("resident a minute later, MiB", mebibytes(usage));
        print("CPU in a minute with 100 networks, s", idleMinute(usage));
        var code = controller.end();
        if (code != 0) {
          throw new IOException("it ended with " + code + ":\n" + controller.lastWords());
        }
      }
    }
  }

  private static String mebibytes(Usage usage) throws IOException {
    return "%.1f".formatted(usage.residentBytes() / 1048576.0);
  }

  private static String idleMinute(Usage usage) throws InterruptedException {
    var before = usage.cpu();
    pass(MINUTE);
    return "%.2f".formatted(usage.cpu().minus(before).toNanos() / 1e9);
  }

  private static void pass(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }

  private static void print(String name, String value) {
    System.out.println(String.format(Locale.ROOT, "%s\t%s", name, value));
  }
}
