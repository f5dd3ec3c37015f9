package io.bitcoincontroller.local.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bitcoincontroller.local.api.Storage.StatusException;
import io.bitcoincontroller.local.http.HttpRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LogQueryTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** The second has no time of its own. */
  private static final List<String> LOG =
      List.of("first", "2026-01-01T00:00:10Z second", "  of it", "2026-01-01T00:00:20Z third");

  private static LogQuery query(String parameters) {
    var request = new HttpRequest("GET", "/log?" + parameters, Map.of(), "");
    return LogQuery.of(request, Instant.parse("2026-01-01T00:01:00Z"));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 4",
    "tailLines=0, 0",
    "tailLines=3, 3",
    "tailLines=99, 4",
    "sinceSeconds=50, 3",
    "sinceSeconds=45, 1",
    "sinceTime=2026-01-01T01:00:05%2B01:00, 3",
    "sinceSeconds=50&tailLines=2, 2"
  })
  void theLastLinesAreShown(String parameters, int count) {
    var lines = LogQuery.lines(LOG, START);
    assertEquals(lines.subList(lines.size() - count, lines.size()), query(parameters).first(lines));
  }

  @Test
  void aLineWithoutATimeHasThatOfTheLineBefore() {
    var shown = query("timestamps=true");
    assertEquals(
        List.of(
            "2026-01-01T00:00:00Z first\n",
            "2026-01-01T00:00:10Z 2026-01-01T00:00:10Z second\n",
            "2026-01-01T00:00:10Z   of it\n",
            "2026-01-01T00:00:20Z 2026-01-01T00:00:20Z third\n"),
        LogQuery.lines(LOG, START).stream().map(shown::shown).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tailLines=x", "sinceSeconds=1234567890", "sinceTime=today"})
  void whatIsNoNumberOrTimeIsRefused(String parameters) {
    assertEquals(400, assertThrows(StatusException.class, () -> query(parameters)).code);
  }
}
