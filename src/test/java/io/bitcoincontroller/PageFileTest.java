package io.bitcoincontroller;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page's file keeps what its Content-Security-Policy says, and stays one that people read. */
final class PageFileTest {
  private static final int MOST_LINES = 1500;

  private static String page() throws IOException {
    var name = "recorder/page.html";
    try (var file = Objects.requireNonNull(Main.class.getResourceAsStream(name), name)) {
      return new String(file.readAllBytes(), UTF_8);
    }
  }

  private static List<String> found(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().map(MatchResult::group).toList();
  }

  @Test
  void oneStyleAndOneScriptAreAllThatRuns() throws IOException {
    var page = page();
    assertEquals(List.of("<style>"), found(page, "<style[^>]*>"));
    assertEquals(List.of("<script>"), found(page, "<script[^>]*>"));
    assertEquals(List.of(), found(page, "<[a-z][^>]*\\s(on[a-z]+|style)="));
  }

  @Test
  void nothingIsLoadedFromElsewhere() throws IOException {
    var page = page().replace("http://www.w3.org/2000/svg", ""); // a name, and no request
    assertEquals(List.of(), found(page, "https?:\\S*|\\ssrc=\\S*|@import|url\\(|import\\("));
  }

  /** Words of a recording are text: whatever stands in a pod's status is no markup here. */
  @Test
  void wordsOfARecordingAreNeverMarkup() throws IOException {
    var markup =
        "(inner|outer)HTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function|srcdoc";
    assertEquals(List.of(), found(page(), markup));
  }

  @Test
  void itCanBeRead() throws IOException {
    var lines = page().lines().count();
    assertTrue(lines < MOST_LINES, lines + " lines");
  }
}
