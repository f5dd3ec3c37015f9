package io.bitcoincontroller.yaml;

/** The escapes in double quotes: all of YAML 1.2's, and so all of JSON's. */
final class YamlEscape {
  private YamlEscape() {}

  static void read(YamlCursor cursor, StringBuilder text) throws YamlException {
    var mark = cursor.mark();
    cursor.next();
    var c = cursor.next();
    switch (c) {
      case '0' -> text.append('\0');
      case 'a' -> text.append('\u0007');
      case 'b' -> text.append('\b');
      case 't', '\t' -> text.append('\t');
      case 'n' -> text.append('\n');
      case 'v' -> text.append('\u000B');
      case 'f' -> text.append('\f');
      case 'r' -> text.append('\r');
      case 'e' -> text.append('\u001B');
      case ' ', '"', '/', '\\' -> text.append(c);
      case 'N' -> text.append('\u0085');
      case '_' -> text.append('\u00A0');
      case 'L' -> text.append('\u2028');
      case 'P' -> text.append('\u2029');
      case 'x' -> text.appendCodePoint(hex(cursor, 2, mark));
      case 'u' -> text.appendCodePoint(hex(cursor, 4, mark));
      case 'U' -> text.appendCodePoint(hex(cursor, 8, mark));
      case '\n' -> joinLines(cursor, text);
      default -> throw mark.error("an unknown escape: write \\\\ for a backslash, or use ' quotes");
    }
  }

  private static int hex(YamlCursor cursor, int digits, YamlCursor.Mark mark) throws YamlException {
    var code = 0L;
    for (var i = 0; i < digits; i++) {
      var digit = Character.digit(cursor.peek(), 16);
      if (digit < 0 || cursor.peek() > 'f') {
        throw mark.error(
            "this escape needs " + digits + " hexadecimal digits: add the missing ones");
      }
      code = code * 16 + digit;
      cursor.next();
    }
    if (code > Character.MAX_CODE_POINT) {
      throw mark.error("no such character: Unicode ends at \\U0010FFFF");
    }
    return (int) code;
  }

  /** A backslash at the end of a line: the line end and the blanks after it are nothing. */
  private static void joinLines(YamlCursor cursor, StringBuilder text) {
    cursor.skipSpaces();
    while (cursor.peek() == '\n') {
      text.append(cursor.next());
      cursor.skipSpaces();
    }
  }
}
