package io.bitcoincontroller.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is played of a scenario.
 *
 * @param faults the numbers of those that happen
 * @param nodes how many each network begins with; {@link #ABSENT} if it is not made
 * @param controllers 1 or 2
 * @param parts what comes after recovery
 */
record Cut(List<Integer> faults, List<Integer> nodes, int controllers, List<Part> parts) {
  /** In place of a number of nodes: there is no such network. */
  static final int ABSENT = -1;

  private static final int MOST_TRIES = 120;

  /**
   * A small cut that still fails: none of the steps that {@link #smaller} knows makes it smaller,
   * unless it took too many runs to find out.
   */
  static Cut least(Cut whole, Predicate<Cut> fails) {
    var least = whole;
    var candidates = whole.smaller().iterator();
    for (var tries = 0; tries < MOST_TRIES && candidates.hasNext(); tries++) {
      var candidate = candidates.next();
      if (fails.test(candidate)) {
        least = candidate;
        candidates = candidate.smaller().iterator();
      }
    }
    return least;
  }

  /** Each is a step smaller; the large steps come first. */
  List<Cut> smaller() {
    return Stream.of(
            halves(faults).stream().map(this::withFaults),
            withoutOne(parts).stream().map(left -> new Cut(faults, nodes, controllers, left)),
            Stream.of(1)
                .filter(one -> one < controllers)
                .map(one -> new Cut(faults, nodes, one, parts)),
            withoutOne(faults).stream().map(this::withFaults),
            fewer(nodes).stream().map(less -> new Cut(faults, less, controllers, parts)))
        .flatMap(each -> each)
        .toList();
  }

  private Cut withFaults(List<Integer> left) {
    return new Cut(left, nodes, controllers, parts);
  }

  /** Nothing, the first half, and the second one. */
  private static <T> List<List<T>> halves(List<T> of) {
    var middle = of.size() / 2;
    return of.size() < 3
        ? List.of()
        : List.of(
            List.of(),
            List.copyOf(of.subList(0, middle)),
            List.copyOf(of.subList(middle, of.size())));
  }

  private static <T> List<List<T>> withoutOne(List<T> of) {
    var all = new ArrayList<List<T>>();
    for (var at = 0; at < of.size(); at++) {
      var left = new ArrayList<>(of);
      left.remove(at);
      all.add(List.copyOf(left));
    }
    return all;
  }

  /** One of the networks is not made, or has half of its nodes, or one less. */
  private static List<List<Integer>> fewer(List<Integer> nodes) {
    var all = new ArrayList<List<Integer>>();
    for (var at = 0; at < nodes.size(); at++) {
      var count = nodes.get(at);
      var less = Stream.of(ABSENT, count / 2, count - 1).filter(n -> ABSENT <= n && n < count);
      for (var each : less.distinct().toList()) {
        var left = new ArrayList<>(nodes);
        left.set(at, each);
        all.add(List.copyOf(left));
      }
    }
    return all;
  }

  /** What has to be told to a run so that it is cut like this. */
  String options() {
    return "--faults "
        + numbers(faults)
        + " --nodes "
        + numbers(nodes)
        + " --controllers "
        + controllers
        + " --parts "
        + Part.options(parts);
  }

  private static String numbers(List<Integer> numbers) {
    return numbers.isEmpty()
        ? "none"
        : numbers.stream()
            .map(number -> number == ABSENT ? "-" : String.valueOf(number))
            .collect(Collectors.joining(","));
  }

  /** As {@link #options} writes the numbers of faults, or of nodes. */
  static List<Integer> numbers(String text) {
    return text.equals("none")
        ? List.of()
        : Arrays.stream(text.split(",", -1))
            .map(each -> each.equals("-") ? ABSENT : Integer.parseInt(each))
            .toList();
  }
}
