package io.bitcoincontroller.local.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What people see: a line for each step. On a terminal the line of the step that runs is written
 * over as it goes on, and there is colour; elsewhere each line is written once, when it is true.
 */
final class Screen {
  private static final String RED = "\u001b[31m";
  private static final String GREEN = "\u001b[32m";
  private static final String FAINT = "\u001b[2m";
  private static final String PLAIN = "\u001b[0m";
  private static final String START_OF_EMPTY_LINE = "\r\u001b[2K";

  /** A longer line would wrap on a narrow terminal, and then can't be written over. */
  private static final int WIDTH = 79;

  /** More often would only flicker. */
  private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();

  private final PrintStream out;
  private final boolean terminal;
  private long drawn;
  private boolean silent;

  /**
   * @param terminal understands ANSI sequences, and its reader wants them
   */
  Screen(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  synchronized void running(String step, Duration sofar, String seen) {
    var now = System.nanoTime();
    if (terminal && !silent && now - drawn >= REDRAW_NANOS) {
      drawn = now;
      var line = column(sofar) + "  ..    " + step + (seen.isEmpty() ? "" : ": " + seen);
      var shown = line.length() <= WIDTH ? line : line.substring(0, WIDTH - 3) + "...";
      out.print(START_OF_EMPTY_LINE + FAINT + shown + PLAIN);
      out.flush();
    }
  }

  synchronized void passed(String step, Duration took, String note) {
    line(column(took) + "  " + coloured(GREEN, "ok") + "    " + step + faint(note));
  }

  synchronized void failed(String step, Duration took, String expected, String seen) {
    line(column(took) + "  " + coloured(RED, "FAILED") + "  " + step);
    line("  expected  " + expected);
    line("  seen      " + seen);
  }

  synchronized void line(String text) {
    if (!silent) {
      out.println((terminal ? START_OF_EMPTY_LINE : "") + text);
      out.flush();
    }
  }

  /** Columns as wide as their widest cell; the first row is the heading. */
  void table(List<List<String>> rows) {
    for (var row : rows) {
      var text = new StringBuilder();
      for (var column = 0; column < row.size(); column++) {
        var index = column;
        var width = rows.stream().mapToInt(each -> each.get(index).length()).max().orElse(0);
        text.append(row.get(column)).append(" ".repeat(width - row.get(column).length() + 2));
      }
      line("  " + text.toString().stripTrailing());
    }
  }

  /** Nothing more is shown: the demo is being stopped, and what fails now fails because of that. */
  synchronized void silence() {
    if (terminal && !silent) {
      out.print(START_OF_EMPTY_LINE);
      out.flush();
    }
    silent = true;
  }

  private String coloured(String colour, String text) {
    return terminal ? colour + text + PLAIN : text;
  }

  private String faint(String note) {
    return note.isEmpty() ? "" : "  " + coloured(FAINT, "(" + note + ")");
  }

  private static String column(Duration duration) {
    return String.format(Locale.ROOT, "%8s", seconds(duration));
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f s", duration.toNanos() / 1e9);
  }
}
