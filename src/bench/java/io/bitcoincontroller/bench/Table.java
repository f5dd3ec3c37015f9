package io.bitcoincontroller.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The figures of one benchmark, for people, row by row as they are known. The last line says how
 * busy the machine was: without it no figure means anything.
 */
public final class Table implements AutoCloseable {
  private static final Path LOAD = Path.of("/proc/loadavg");

  private final String loadBefore = load();

  public Table(String title) {
    System.out.printf("%n%-52s %12s %12s %12s%n", title, "lowest", "median", "highest");
  }

  /**
   * Prints one measured thing. If it was measured once, there is no lowest and highest.
   *
   * @param decimals of the figures
   */
  public void row(String what, int decimals, Figures figures, Goal goal) {
    var once = figures.rounds().size() == 1;
    var line =
        String.format(
            Locale.ROOT,
            "%-52s %12s %12s %12s   %s",
            what,
            once ? "" : text(decimals, figures.min()),
            text(decimals, figures.median()),
            once ? "" : text(decimals, figures.max()),
            goal.verdict(figures.median()));
    System.out.println(line.stripTrailing());
  }

  private static String text(int decimals, double figure) {
    return String.format(Locale.ROOT, "%,." + decimals + "f", figure);
  }

  /** Prints a sentence below the figures: what they cover, and what they leave out. */
  public void note(String sentence) {
    System.out.println("  " + sentence);
  }

  @Override
  public void close() {
    System.out.printf(
        Locale.ROOT,
        "  Java %s, %d processors for this process; load of the machine %s before, %s after.%n",
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        loadBefore,
        load());
  }

  /** The average of a minute; it counts the benchmark itself. */
  private static String load() {
    try {
      return Files.readString(LOAD).split(" ", 2)[0];
    } catch (IOException e) {
      return "unknown"; // not on Linux
    }
  }
}
