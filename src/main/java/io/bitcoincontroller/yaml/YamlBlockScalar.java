package io.bitcoincontroller.yaml;

import java.util.ArrayList;
import java.util.List;

/** The scalars that begin with {@code |} (lines are kept) or {@code >} (lines are joined). */
final class YamlBlockScalar {
  private final YamlCursor cursor;
  private final List<String> lines = new ArrayList<>();

  private YamlBlockScalar(YamlCursor cursor) {
    this.cursor = cursor;
  }

  /**
   * From the indicator to the end of the last line.
   *
   * @param parent column of the collection it is in, -1 for none: the text is indented more
   */
  static String read(YamlCursor cursor, int parent) throws YamlException {
    var scalar = new YamlBlockScalar(cursor);
    var folded = cursor.next() == '>';
    var chomping = ' ';
    var indentation = 0;
    while (!YamlCursor.blank(cursor.peek())) {
      var c = cursor.next();
      if ((c == '-' || c == '+') && chomping == ' ') {
        chomping = c;
      } else if (c >= '1' && c <= '9' && indentation == 0) {
        indentation = Math.max(parent, 0) + c - '0';
      } else {
        throw cursor.error("only +, - and a digit from 1 to 9 may follow | or >: quote the text");
      }
    }
    scalar.skipHeaderLine();
    scalar.readLines(indentation > 0 ? indentation : scalar.indentation(parent));
    return scalar.text(folded, chomping);
  }

  private void skipHeaderLine() throws YamlException {
    cursor.skipSpaces();
    if (cursor.peek() == '#') {
      cursor.skipLine();
    }
    if (!cursor.atLineEnd()) {
      throw cursor.error("text behind | or >: begin it on the next line");
    }
    cursor.next();
  }

  /**
   * That of the first line that is not empty; it must be more than the parent's. An empty line
   * before it may not be longer: it would be content, or not, by what follows.
   */
  private int indentation(int parent) throws YamlException {
    var start = cursor.mark();
    var longestEmpty = 0;
    while (cursor.peek() == ' ' || cursor.peek() == '\n') {
      longestEmpty = cursor.peek() == '\n' ? Math.max(longestEmpty, cursor.column()) : longestEmpty;
      cursor.next();
    }
    var content = cursor.indent() > parent;
    if (content && longestEmpty > cursor.column()) {
      throw cursor.error("blanks before it are indented more than this line: remove those blanks");
    }
    var found = content ? cursor.column() : Math.max(longestEmpty, parent + 1);
    cursor.back(start);
    return found;
  }

  private void readLines(int indentation) throws YamlException {
    while (!cursor.atEnd()) {
      var start = cursor.mark();
      while (cursor.column() < indentation && cursor.peek() == ' ') {
        cursor.next();
      }
      if (cursor.column() < indentation && cursor.peek() == '\t') {
        throw cursor.error("a tab in the indentation: indent with spaces");
      }
      var ends = cursor.column() < indentation || cursor.indent() < 0;
      if (ends && cursor.peek() != '\n') {
        cursor.back(start);
        return;
      }
      lines.add(cursor.takeLine());
      cursor.next();
    }
  }

  private String text(boolean folded, char chomping) {
    var emptyAtEnd = 0;
    while (!lines.isEmpty() && lines.getLast().isEmpty()) {
      lines.removeLast();
      emptyAtEnd++;
    }
    if (lines.isEmpty()) {
      return chomping == '+' ? "\n".repeat(emptyAtEnd) : "";
    }
    var text = folded ? fold() : String.join("\n", lines);
    return switch (chomping) {
      case '-' -> text;
      case '+' -> text + "\n".repeat(emptyAtEnd + 1);
      default -> text + "\n";
    };
  }

  /** Lines are joined by a space; but line ends next to an indented line stay. */
  private String fold() {
    var text = new StringBuilder();
    var breaks = 0;
    var previous = "";
    for (var line : lines) {
      if (!line.isEmpty()) {
        var kept = previous.isEmpty() || indented(previous) || indented(line);
        text.append(kept ? "\n".repeat(breaks) : breaks == 1 ? " " : "\n".repeat(breaks - 1));
        text.append(line);
        previous = line;
        breaks = 0;
      }
      breaks++;
    }
    return text.toString();
  }

  private static boolean indented(String line) {
    return line.startsWith(" ") || line.startsWith("\t");
  }
}
