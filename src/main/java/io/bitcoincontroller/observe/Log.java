package io.bitcoincontroller.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * One line per thing that changed: a time, a level, what happened, and pairs of key and value; the
 * last pair is the number of the pass to which the line belongs, if it belongs to one.
 *
 * <p>Callers pass no credential and no request or response body: nothing here could recognise one.
 */
public final class Log {
  /** Ordered: a level shows itself and all that come after it. */
  public enum Level {
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  public enum Format {
    /** {@code 2026-01-31T12:00:00.123Z INFO node joined network=default/my-network}. */
    TEXT,
    /** One JSON object a line, for collectors. */
    JSON
  }

  /** A value longer than this is cut: a log line is read by people. */
  private static final int LONGEST_VALUE = 1000;

  /** Key of a stack trace: on lines of its own where the format is text. */
  private static final String TRACE = "trace";

  /** Key of the number of a pass. */
  private static final String PASS = "pass";

  /** Whole, but for an endless recursion's: of that the two ends. */
  private static final int LONGEST_TRACE = 16 * 1024;

  private static final JsonMapper JSON = new JsonMapper();

  private final Level level;
  private final Format format;
  private final PrintStream out;
  private final Supplier<Instant> wallClock;
  private final BooleanSupplier stillMatters;

  public Log(Level level, Format format, PrintStream out, Supplier<Instant> wallClock) {
    this(level, format, out, wallClock, () -> true);
  }

  private Log(
      Level level,
      Format format,
      PrintStream out,
      Supplier<Instant> wallClock,
      BooleanSupplier stillMatters) {
    this.stillMatters = stillMatters;
    this.level = level;
    this.format = format;
    this.out = out;
    this.wallClock = wallClock;
  }

  /**
   * The same log, but below ERROR it says something only while this holds: for work whose failures
   * mean nothing any more once it was told to end.
   */
  public Log onlyWhile(BooleanSupplier condition) {
    return new Log(level, format, out, wallClock, condition);
  }

  /**
   * For those who look for a fault: hidden unless asked for.
   *
   * @param what what happened, in a few constant words
   * @param keysAndValues key, value, key, value, …
   */
  public void debug(String what, Object... keysAndValues) {
    write(Level.DEBUG, what, keysAndValues);
  }

  /** As {@link #debug}, for what an operator wants to see every day. */
  public void info(String what, Object... keysAndValues) {
    write(Level.INFO, what, keysAndValues);
  }

  /** As {@link #debug}, for what a person should look at, although the controller goes on. */
  public void warn(String what, Object... keysAndValues) {
    write(Level.WARN, what, keysAndValues);
  }

  /** A bug of ours: the only case in which a stack trace is worth its lines. */
  public void bug(String what, Throwable bug, Object... keysAndValues) {
    var trace = new StringWriter();
    bug.printStackTrace(new PrintWriter(trace));
    var all = Arrays.copyOf(keysAndValues, keysAndValues.length + 2);
    all[keysAndValues.length] = TRACE;
    all[keysAndValues.length + 1] = trace;
    write(Level.ERROR, what + ": this is a bug, please report it", all);
  }

  private void write(Level at, String what, Object... keysAndValues) {
    if (at.compareTo(level) < 0 || (at != Level.ERROR && !stillMatters.getAsBoolean())) {
      return;
    }
    if (keysAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("a key without a value after: " + what);
    }
    var line =
        format == Format.TEXT ? text(at, what, keysAndValues) : json(at, what, keysAndValues);
    synchronized (out) {
      out.println(line);
    }
  }

  private String text(Level at, String what, Object... keysAndValues) {
    var line = new StringBuilder(160);
    line.append(now()).append(' ').append(String.format(Locale.ROOT, "%-5s", at)).append(' ');
    line.append(what);
    for (var i = 0; i < keysAndValues.length; i += 2) {
      if (!keysAndValues[i].equals(TRACE)) {
        line.append(' ')
            .append(keysAndValues[i])
            .append('=')
            .append(quoted(cut(keysAndValues[i + 1])));
      }
    }
    PassNumber.current().ifPresent(pass -> line.append(' ').append(PASS).append('=').append(pass));
    for (var i = 0; i < keysAndValues.length; i += 2) {
      if (keysAndValues[i].equals(TRACE)) {
        line.append(lines(ends(keysAndValues[i + 1])));
      }
    }
    return line.toString();
  }

  /** Indented: a message in it can't be taken for a line of the log. */
  private static String lines(String trace) {
    return trace
        .replaceAll("[\\p{Cntrl}&&[^\n\t]]", "")
        .lines()
        .map(line -> System.lineSeparator() + "    " + line)
        .collect(Collectors.joining());
  }

  private static String quoted(String value) {
    var plain =
        !value.isEmpty() && value.chars().allMatch(c -> c > ' ' && c != '"' && c != '=' && c < 127);
    return plain ? value : encode(value);
  }

  private static String encode(String value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private String json(Level at, String what, Object... keysAndValues) {
    var node = JSON.createObjectNode();
    node.put("time", now()).put("level", at.name()).put("msg", what);
    for (var i = 0; i < keysAndValues.length; i += 2) {
      var value = keysAndValues[i + 1];
      node.put(
          String.valueOf(keysAndValues[i]),
          keysAndValues[i].equals(TRACE) ? ends(value) : cut(value));
    }
    PassNumber.current().ifPresent(pass -> node.put(PASS, pass));
    return node.toString();
  }

  private String now() {
    return wallClock.get().truncatedTo(ChronoUnit.MILLIS).toString();
  }

  private static String cut(Object value) {
    var text = String.valueOf(value);
    return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "…";
  }

  /** Where it happened stands at the beginning, and the cause of it all at the end. */
  private static String ends(Object value) {
    var text = String.valueOf(value);
    var half = LONGEST_TRACE / 2;
    return text.length() <= LONGEST_TRACE
        ? text
        : text.substring(0, half) + "\n…\n" + text.substring(text.length() - half);
  }
}
