package io.bitcoincontroller.yaml;

/** Keys, and scalars in the plain and in the two quoted styles. */
final class YamlScalars {
  private static final String FLOW_INDICATORS = ",[]{}";

  private YamlScalars() {}

  /** Does a key begin here, whose {@code :} is on this line? Only asked outside of brackets. */
  static boolean keyAhead(YamlCursor cursor) {
    return switch (cursor.peek()) {
      case '[', '{', '|', '>' -> false;
      case '"', '\'' -> {
        var ahead = quotedLength(cursor);
        while (cursor.peek(ahead) == ' ' || cursor.peek(ahead) == '\t') {
          ahead++;
        }
        yield ahead > 0 && colon(cursor, ahead, false);
      }
      default -> colon(cursor, plainLength(cursor, false), false);
    };
  }

  /** Length of a quoted scalar that ends on this line, its quotes included; 0 if it does not. */
  private static int quotedLength(YamlCursor cursor) {
    var quote = cursor.peek();
    var ahead = 1;
    while (cursor.peek(ahead) != '\n' && cursor.peek(ahead) != YamlCursor.END) {
      var escape = quote == '"' ? '\\' : '\'';
      var next = cursor.peek(ahead + 1);
      if (cursor.peek(ahead) == escape && (quote == '"' ? next != '\n' : next == '\'')) {
        ahead += 2;
      } else if (cursor.peek(ahead) == quote) {
        return ahead + 1;
      } else {
        ahead++;
      }
    }
    return 0;
  }

  /** Length of the plain text on this line, blanks behind it included. */
  private static int plainLength(YamlCursor cursor, boolean inFlow) {
    var ahead = 0;
    while (cursor.peek(ahead) != '\n' && cursor.peek(ahead) != YamlCursor.END) {
      var c = cursor.peek(ahead);
      var comment = c == '#' && ahead > 0 && YamlCursor.blank(cursor.peek(ahead - 1));
      var indicator = inFlow && FLOW_INDICATORS.indexOf(c) >= 0;
      if (comment || indicator || colon(cursor, ahead, inFlow)) {
        return ahead;
      }
      ahead++;
    }
    return ahead;
  }

  private static boolean colon(YamlCursor cursor, int ahead, boolean inFlow) {
    var after = cursor.peek(ahead + 1);
    return cursor.peek(ahead) == ':'
        && (YamlCursor.blank(after) || (inFlow && FLOW_INDICATORS.indexOf(after) >= 0));
  }

  /** A key outside of brackets, up to its {@code :}. */
  static String key(YamlCursor cursor) throws YamlException {
    var mark = cursor.mark();
    var quoted = cursor.peek() == '"' || cursor.peek() == '\'';
    var key = quoted ? quoted(cursor) : YamlTypes.key(plainLine(cursor, false), mark);
    cursor.skipSpaces();
    return key;
  }

  /**
   * A plain scalar outside of brackets: it goes on over all lines that are indented more than the
   * collection it is in.
   *
   * @param parent column of that collection
   */
  static String plainLines(YamlCursor cursor, int parent) throws YamlException {
    var text = new StringBuilder(plainLine(cursor, false));
    var end = cursor.mark();
    var breaks = skipBreaks(cursor);
    while (breaks > 0 && cursor.indent() > parent && cursor.peek() != '#') {
      cursor.refuseTabsBefore();
      if (keyAhead(cursor)) {
        throw cursor.error("a key inside of a value: check the indentation, or quote the value");
      }
      fold(text, breaks).append(plainText(cursor, false));
      end = cursor.mark();
      breaks = skipBreaks(cursor);
    }
    cursor.back(end);
    return text.toString();
  }

  /** A plain scalar inside of brackets: it goes on up to the next indicator. */
  static String plainInFlow(YamlCursor cursor) throws YamlException {
    var text = new StringBuilder(plainLine(cursor, true));
    var end = cursor.mark();
    var breaks = skipBreaks(cursor);
    while (breaks > 0 && cursor.peek() != '#' && plainLength(cursor, true) > 0) {
      if (cursor.indent() < 0) {
        break;
      }
      fold(text, breaks).append(plainText(cursor, true));
      end = cursor.mark();
      breaks = skipBreaks(cursor);
    }
    cursor.back(end);
    return text.toString();
  }

  private static String plainLine(YamlCursor cursor, boolean inFlow) throws YamlException {
    refuseIndicator(cursor, inFlow);
    return plainText(cursor, inFlow);
  }

  private static void refuseIndicator(YamlCursor cursor, boolean inFlow) throws YamlException {
    var lonely = YamlCursor.blank(cursor.peek(1)) || (inFlow && colon(cursor, 0, true));
    var wrong =
        switch (cursor.peek()) {
          case '&' -> "an anchor (&): not supported, write the value where it is used";
          case '*' -> "an alias (*): not supported, write the value itself, or quote the text";
          case '!' -> "a tag (!): not supported, remove it, or quote the text";
          case '%', '@', '`' -> "text may not begin with this character: quote it";
          case ']', '}', ',' ->
              "a bracket or comma where a value is expected: quote it or remove it";
          case '|', '>' -> "a block text inside of brackets: use a quoted one";
          case '-', '?', ':' -> lonely ? "an indicator where a value is expected: quote it" : "";
          default -> "";
        };
    if (!wrong.isEmpty()) {
      throw cursor.error(wrong);
    }
  }

  private static String plainText(YamlCursor cursor, boolean inFlow) {
    var length = plainLength(cursor, inFlow);
    while (length > 0 && YamlCursor.blank(cursor.peek(length - 1))) {
      length--;
    }
    return cursor.take(length);
  }

  /** Goes over blanks and line ends, and says how many line ends those were. */
  private static int skipBreaks(YamlCursor cursor) {
    var breaks = 0;
    cursor.skipSpaces();
    while (cursor.peek() == '\n') {
      cursor.next();
      cursor.skipSpaces();
      breaks++;
    }
    return breaks;
  }

  /** One line end is a space, and n + 1 of them are n empty lines. */
  private static StringBuilder fold(StringBuilder text, int breaks) {
    return text.append(breaks == 1 ? " " : "\n".repeat(breaks - 1));
  }

  /** A scalar in single or double quotes, over as many lines as it takes. */
  static String quoted(YamlCursor cursor) throws YamlException {
    var open = cursor.mark();
    var quote = cursor.next();
    var text = new StringBuilder();
    // what is before this may not be trimmed: it is no blank, or was written as an escape
    var kept = 0;
    while (cursor.indent() >= 0) {
      var c = cursor.peek();
      if (c == '\n') {
        text.setLength(kept);
        kept = fold(text, skipBreaks(cursor)).length();
      } else if (c == '\\' && quote == '"') {
        YamlEscape.read(cursor, text);
        kept = text.length();
      } else if (c == quote && !(quote == '\'' && cursor.peek(1) == quote)) {
        cursor.next();
        return wholeCharacters(text.toString(), open);
      } else {
        cursor.skip(c == quote ? 2 : 1);
        text.append(c);
        kept = c == ' ' || c == '\t' ? kept : text.length();
      }
    }
    throw open.error("this quote is never closed: close it before the document ends");
  }

  private static String wholeCharacters(String text, YamlCursor.Mark open) throws YamlException {
    if (text.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
      throw open.error("half of a surrogate pair: write both halves, or the character itself");
    }
    return text;
  }
}
