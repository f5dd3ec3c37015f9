package io.bitcoincontroller.observe;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Answers as the kube-apiserver does ("Kubernetes API health endpoints"): a failed check is named,
 * and its reason is given only to those who ask for this one check.
 *
 * @param name healthz or readyz
 */
record Probe(String name, List<Check> checks, Log log) {
  /**
   * What to send.
   *
   * @param well no check failed
   */
  record Answer(boolean well, String text) {}

  /**
   * Asks the checks.
   *
   * @param query of the URL, not decoded: {@code verbose} lists the checks even if all is well;
   *     {@code exclude=name}, any number of times, leaves one out
   */
  Answer all(String query) {
    var asked = parameters(query);
    var text = new StringBuilder();
    var well = true;
    var unknown = excluded(asked);
    for (var check : checks) {
      if (unknown.remove(check.name())) {
        text.append("[+]").append(check.name()).append(" excluded: ok\n");
        continue;
      }
      var failed = trouble(check).isPresent();
      well &= !failed;
      text.append(failed ? "[-]" : "[+]").append(check.name());
      text.append(failed ? " failed: reason withheld\n" : " ok\n");
    }
    if (!unknown.isEmpty()) {
      text.append("warn: some health checks cannot be excluded: no matches for ");
      text.append(unknown.stream().map(n -> '"' + n + '"').collect(Collectors.joining(",")));
      text.append('\n');
    }
    text.append(name).append(well ? " check passed\n" : " check failed\n");
    var brief = well && asked.stream().noneMatch(each -> each.matches("verbose(=.*)?"));
    return new Answer(well, brief ? "ok" : text.toString());
  }

  private static List<String> parameters(String query) {
    return Arrays.asList(query.split("&", -1));
  }

  private static Set<String> excluded(List<String> parameters) {
    return parameters.stream()
        .filter(each -> each.startsWith("exclude="))
        .map(each -> decoded(each.substring("exclude=".length())).replaceAll("[\\p{Cntrl}\"]", "?"))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      return text; // a % that begins no letter
    }
  }

  /** One check alone, with its reason. */
  Answer one(Check check) {
    var trouble = trouble(check);
    UnaryOperator<String> line = words -> words.replaceAll("\\R", " ") + "\n";
    return new Answer(trouble.isEmpty(), trouble.map(line).orElse("ok"));
  }

  private Optional<String> trouble(Check check) {
    try {
      return check.trouble().get();
    } catch (RuntimeException e) {
      log.bug("a health check failed to answer", e, "check", check.name());
      return Optional.of("the check itself failed, see the log");
    }
  }
}
