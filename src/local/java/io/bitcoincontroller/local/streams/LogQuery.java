package io.bitcoincontroller.local.streams;

import io.bitcoincontroller.local.api.Storage.StatusException;
import io.bitcoincontroller.local.http.HttpRequest;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which lines of a log are asked for. Pure.
 *
 * <p>A real kubelet notes the time of every line. Here a line's time is the one that it begins
 * with, as bitcoind's do; one that begins with none has that of the line before it, and lines
 * before the first such line are of the container's start.
 *
 * @param since no line before this
 * @param tail the last so many of those that are there at first; negative for all
 * @param limit no more bytes than this; negative for all
 */
record LogQuery(
    String container,
    boolean previous,
    boolean follow,
    boolean timestamps,
    Optional<Instant> since,
    int tail,
    long limit) {

  /**
   * @throws StatusException 400 for what is no number or time
   */
  static LogQuery of(HttpRequest request, Instant now) {
    var query = request.query();
    var seconds = number(query.getOrDefault("sinceSeconds", ""), "sinceSeconds");
    return new LogQuery(
        query.getOrDefault("container", ""),
        request.flag("previous"),
        request.flag("follow"),
        request.flag("timestamps"),
        seconds >= 0
            ? Optional.of(now.minusSeconds(seconds))
            : time(query.getOrDefault("sinceTime", "")),
        number(query.getOrDefault("tailLines", ""), "tailLines"),
        number(query.getOrDefault("limitBytes", ""), "limitBytes"));
  }

  private static int number(String text, String name) {
    if (text.isEmpty()) {
      return -1;
    }
    if (!text.matches("[0-9]{1,9}")) {
      throw new StatusException(400, "BadRequest", name + " is no number of at most nine digits");
    }
    return Integer.parseInt(text);
  }

  private static Optional<Instant> time(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException e) {
      throw new StatusException(400, "BadRequest", "sinceTime is no RFC 3339 time");
    }
  }

  /** A line without its end, and its time. */
  record Line(Instant time, String text) {
    /**
     * @param before the time of the line before
     */
    static Line of(String text, Instant before) {
      var end = text.indexOf(' ');
      try {
        return new Line(Instant.parse(text.substring(0, Math.max(0, end))), text);
      } catch (DateTimeParseException e) {
        return new Line(before, text);
      }
    }
  }

  static List<Line> lines(List<String> texts, Instant start) {
    var lines = new ArrayList<Line>();
    var time = start;
    for (var text : texts) {
      var line = Line.of(text, time);
      lines.add(line);
      time = line.time();
    }
    return lines;
  }

  /** Those of the lines that are there at first. */
  List<Line> first(List<Line> lines) {
    var wanted = lines.stream().filter(this::recent).toList();
    return tail < 0 ? wanted : wanted.subList(Math.max(0, wanted.size() - tail), wanted.size());
  }

  boolean recent(Line line) {
    return since.isEmpty() || !line.time().isBefore(since.get());
  }

  String shown(Line line) {
    return (timestamps ? line.time() + " " : "") + line.text() + "\n";
  }
}
