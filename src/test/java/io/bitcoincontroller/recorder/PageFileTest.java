package io.bitcoincontroller.recorder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The page keeps what its Content-Security-Policy says, and its parts stay such that people read.
 */
final class PageFileTest {
  private static final int MOST_LINES = 270;
  private static final int LONGEST_LINE = 160;

  private static final String PAGE = PageFile.read().html();

  private static List<String> found(String pattern) {
    return Pattern.compile(pattern).matcher(PAGE).results().map(MatchResult::group).toList();
  }

  @Test
  void eachPartIsInTheOneFile() throws Exception {
    var parts = parts().stream().filter(name -> !name.toString().endsWith(".html")).count();
    assertEquals(parts, found("<style>|<script>").size());
    assertEquals(parts, found("</style>|</script>").size());
    assertEquals(parts, found("<(style|script|link rel=\"s)[^>]*>").size());
    assertEquals(List.of(), found("<[a-z][^>]*\\s(on[a-z]+|style)="));
  }

  @Test
  void nothingIsLoadedFromElsewhere() {
    var pattern = "https?:\\S*|\\ssrc=\\S*|@import|url\\(|import\\(";
    var name = "http://www.w3.org/2000/svg'"; // and no request
    assertEquals(
        List.of(), found(pattern).stream().filter(each -> !each.startsWith(name)).toList());
  }

  /** Words of a recording are text: whatever stands in a pod's status is no markup here. */
  @Test
  void wordsOfARecordingAreNeverMarkup() {
    var markup =
        "(inner|outer)HTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function|srcdoc";
    assertEquals(List.of(), found(markup));
  }

  @Test
  void eachPartCanBeRead() throws Exception {
    for (var part : parts()) {
      var lines = Files.readAllLines(part, UTF_8);
      assertTrue(lines.size() <= MOST_LINES, part + " has " + lines.size() + " lines");
      var longest = lines.stream().mapToInt(String::length).max().orElseThrow();
      assertTrue(longest <= LONGEST_LINE, part + " has a line of " + longest + " characters");
    }
  }

  private static List<Path> parts() throws Exception {
    var page = Objects.requireNonNull(PageFile.class.getResource("page/page.html"), "page.html");
    var parts = new ArrayList<Path>();
    try (var folder = Files.newDirectoryStream(Path.of(page.toURI()).getParent())) {
      folder.forEach(parts::add);
    }
    return parts;
  }
}
