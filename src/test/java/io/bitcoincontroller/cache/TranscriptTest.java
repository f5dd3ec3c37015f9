package io.bitcoincontroller.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The stories in {@code src/test/resources/transcripts}; {@link Story} explains how to read one.
 */
class TranscriptTest {
  static Stream<String> stories() throws IOException {
    try (var files = Files.list(Path.of("src/test/resources/transcripts"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("watch-"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("stories")
  void theStoryGoesAsWritten(String name) throws IOException {
    var written = lines(Path.of("src/test/resources/transcripts", name));
    assertFalse(written.isEmpty());
    var told = new Story(written).tell();
    assertEquals(String.join("\n", written), String.join("\n", told), name);
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file, UTF_8).stream()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .toList();
  }
}
