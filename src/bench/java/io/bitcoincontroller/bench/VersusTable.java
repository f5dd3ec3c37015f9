package io.bitcoincontroller.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Prints what a harness measured of this controller and of another: medians, and their ratios. */
final class VersusTable {
  private static final String OURS = "ours";

  /** One figure of a run. */
  private record Figure(String words, ToDoubleFunction<JsonNode> of) {}

  private static final List<Figure> FIGURES =
      List.of(
          new Figure("until meshed, s", run -> run.path("Meshed").asDouble()),
          new Figure("CPU time until then, s", run -> run.path("CPU").asDouble()),
          new Figure("… of the control plane, s", run -> run.path("ControlPlaneCPU").asDouble()),
          new Figure("memory at the peak, MiB", run -> run.path("RSSPeak").asDouble()),
          new Figure("requests to the API, a network", run -> run.path("APIPerNetwork").asDouble()),
          new Figure("RPC members, a network", run -> run.path("RPCPerNetwork").asDouble()),
          new Figure(
              "connections, a node",
              run ->
                  run.path("Connections").asDouble()
                      / Math.max(1, run.path("Networks").asInt() * run.path("Nodes").asInt())),
          new Figure(
              "reaction, pod Ready to mesh, ms",
              run -> 1000 * run.at("/Reaction/Mesh/Median").asDouble()),
          new Figure("CPU time of a quiet minute, s", run -> run.path("QuietCPU").asDouble()));

  private VersusTable() {}

  /**
   * Prints the table.
   *
   * @param args the file of results: a JSON object a line
   */
  public static void main(String[] args) throws IOException {
    var runs = new ArrayList<JsonNode>();
    for (var line : Files.readAllLines(Path.of(args[0]))) {
      runs.add(Json.MAPPER.readTree(line));
    }
    System.out.print(of(runs));
  }

  /** A row for each figure; for each size the median of ours, of the other, and their ratio. */
  static String of(List<JsonNode> runs) {
    var sizes = new LinkedHashSet<String>();
    runs.forEach(run -> sizes.add(size(run)));
    var text = new StringBuilder("| median: ours / client-go = ratio |");
    sizes.forEach(size -> text.append(' ').append(size).append(" |"));
    text.append("\n|---|").append("---|".repeat(sizes.size())).append('\n');
    for (var figure : FIGURES) {
      text.append("| ").append(figure.words()).append(" |");
      sizes.forEach(size -> text.append(cell(figure, size, runs)));
      text.append('\n');
    }
    return text.toString();
  }

  private static String size(JsonNode run) {
    return run.path("Networks").asText() + " x " + run.path("Nodes").asText();
  }

  private static String cell(Figure figure, String size, List<JsonNode> runs) {
    var all = runs.stream().filter(run -> size(run).equals(size)).toList();
    var ours = median(figure, all.stream().filter(VersusTable::isOurs).toList());
    var theirs = median(figure, all.stream().filter(run -> !isOurs(run)).toList());
    return String.format(
        Locale.ROOT,
        " %.1f / %.1f%s |",
        ours,
        theirs,
        theirs > 0 ? String.format(Locale.ROOT, " = %.2f", ours / theirs) : "");
  }

  private static boolean isOurs(JsonNode run) {
    return run.path("Label").asText().equals(OURS);
  }

  /** Of an even number of runs the upper one; NaN of none. */
  private static double median(Figure figure, List<JsonNode> runs) {
    var sorted = runs.stream().mapToDouble(figure.of()).sorted().toArray();
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }
}
