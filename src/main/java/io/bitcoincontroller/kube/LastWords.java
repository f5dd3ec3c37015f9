package io.bitcoincontroller.kube;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The one line of a longer text that says why something ended or can't begin; pure. What others
 * wrote is cut here, where it is read.
 */
public final class LastWords {
  static final int LONGEST = 200;

  /** Kubernetes' own limit of such a text; what has more was not written by a kubelet. */
  private static final int MOST_READ = 4096;

  /** bitcoind begins each line of its log with it; the same words twice must be the same text. */
  private static final Pattern TIME = Pattern.compile("^\\d{4}-\\d\\d-\\d\\dT[\\d:.]{8,15}Z ");

  private LastWords() {}

  /**
   * Of what a process wrote at its end: bitcoind's line {@code Error: …}, or else its last one. A
   * line that only points to others is joined with the one it means.
   *
   * @param output its end is what counts
   * @return at most {@link #LONGEST} characters in one line; may be empty
   */
  static String of(String output) {
    var lines =
        output
            .substring(Math.max(output.length() - MOST_READ, 0))
            .lines()
            .map(line -> plain(TIME.matcher(line.strip()).replaceFirst("")))
            .filter(line -> !line.isEmpty())
            .toList();
    var error = last(lines, line -> line.startsWith("Error: "));
    if (error.isEmpty()) {
      return lines.isEmpty() ? "" : cut(lines.getLast());
    }
    var text = error.get();
    if (text.endsWith(":")) {
      var next = lines.lastIndexOf(text) + 1;
      return cut(next < lines.size() ? text + " " + lines.get(next) : text);
    }
    if (text.contains("See debug log")) {
      // there is no such file in the pod; these lines of it went the same way
      var said = text.substring("Error: ".length());
      var cause = last(lines, line -> line.contains("[warning]") && !line.contains(said));
      return cut(cause.map(why -> text + " " + why).orElse(text));
    }
    return cut(text);
  }

  private static Optional<String> last(List<String> lines, Predicate<String> which) {
    return lines.reversed().stream().filter(which).findFirst();
  }

  /** A sentence of Kubernetes', in one line and cut to 200 characters. */
  public static String sentence(String text) {
    return cut(plain(Excerpt.beginning(text, MOST_READ)));
  }

  /** No character that moves the cursor of those who read it. */
  private static String plain(String text) {
    return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+", " ").strip();
  }

  private static String cut(String text) {
    return Excerpt.of(text, LONGEST);
  }
}
