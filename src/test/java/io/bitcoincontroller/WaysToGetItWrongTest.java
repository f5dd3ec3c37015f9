package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each row of the page beside this file names a test that is there. */
final class WaysToGetItWrongTest {
  private static final Path TESTS = Path.of("src/test/java/io/bitcoincontroller");

  /** Such as {@code | what goes wrong | `PlanTest#aMethod`, `plan/BudgetTest#another` |}. */
  private static final Pattern ROW = Pattern.compile("(?m)^\\| [^|]* \\| (`[\\w/]+#[^|]*`) \\|$");

  private static final Pattern TEST = Pattern.compile("`([\\w/]+)#(\\w+)`");

  @Test
  void eachNamesATestThatIsThere() throws IOException {
    var rows = ROW.matcher(Files.readString(TESTS.resolve("README.md"))).results().toList();
    assertTrue(rows.size() >= 28 + 29, () -> rows.size() + " rows");
    var missing = new ArrayList<String>();
    for (var row : rows) {
      var tests = TEST.matcher(row.group(1)).results().toList();
      assertEquals(row.group(1).split(", ", -1).length, tests.size(), row.group());
      for (var test : tests) {
        if (!isThere(test.group(1), test.group(2))) {
          missing.add(test.group());
        }
      }
    }
    assertEquals(List.of(), missing);
  }

  /** Some classes have the same name in two packages: then one of them has the test. */
  private static boolean isThere(String name, String method) throws IOException {
    var test = Pattern.compile("void " + method + "\\(");
    try (var files = Files.walk(TESTS)) {
      for (var file : files.filter(file -> file.endsWith(name + ".java")).toList()) {
        if (test.matcher(Files.readString(file)).find()) {
          return true;
        }
      }
      return false;
    }
  }
}
