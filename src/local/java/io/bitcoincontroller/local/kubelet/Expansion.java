package io.bitcoincontroller.local.kubelet;

import java.util.Map;

/**
 * Kubernetes' expansion of {@code $(NAME)} in commands, arguments and the values of environment
 * variables: {@code $$} stands for one {@code $}, and a reference to a name that is not defined
 * stays as it is.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/">Define
 *     a command and arguments</a>
 */
public final class Expansion {
  private Expansion() {}

  public static String expand(String text, Map<String, String> variables) {
    var result = new StringBuilder(text.length());
    var at = 0;
    while (at < text.length()) {
      at = step(text, at, variables, result);
    }
    return result.toString();
  }

  /** Appends what stands at {@code at} and returns the place behind it. */
  private static int step(String text, int at, Map<String, String> variables, StringBuilder to) {
    if (text.startsWith("$$", at)) {
      to.append('$');
      return at + 2;
    }
    var end = text.startsWith("$(", at) ? text.indexOf(')', at) : -1;
    if (end < 0) {
      to.append(text.charAt(at));
      return at + 1;
    }
    var value = variables.get(text.substring(at + 2, end));
    to.append(value == null ? text.substring(at, end + 1) : value);
    return end + 1;
  }
}
