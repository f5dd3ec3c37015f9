package io.bitcoincontroller.yaml;

/** A place in a YAML text, and the small steps that every part of the reader takes from there. */
final class YamlCursor {
  /** {@link #peek} gives this after the last character; the text itself may not have it. */
  static final char END = '\0';

  private final String text;
  private int at;
  private int line = 1;
  private int lineStart;

  YamlCursor(String raw) throws YamlException {
    var lines = raw.replace("\r\n", "\n").replace('\r', '\n');
    var content = lines.startsWith("\uFEFF") ? lines.substring(1) : lines;
    // as kubectl does, so that a block text means the same without a line end at the file's end
    text = content.endsWith("\n") ? content : content + "\n";
    refuseControlCharacters();
  }

  private void refuseControlCharacters() throws YamlException {
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c < ' ' && c != '\t' && c != '\n') {
        var before = text.substring(0, i);
        throw new YamlException(
            (int) before.chars().filter(b -> b == '\n').count() + 1,
            i - before.lastIndexOf('\n'),
            "a control character: write it as an escape in double quotes");
      }
    }
  }

  boolean atEnd() {
    return at >= text.length();
  }

  char peek() {
    return peek(0);
  }

  char peek(int ahead) {
    return at + ahead < text.length() ? text.charAt(at + ahead) : END;
  }

  char next() {
    var c = peek();
    at++;
    if (c == '\n') {
      line++;
      lineStart = at;
    }
    return c;
  }

  void skip(int characters) {
    for (var i = 0; i < characters; i++) {
      next();
    }
  }

  /** Columns from 0, as indentation is counted. */
  int column() {
    return at - lineStart;
  }

  /** The column of what comes next, or -1 where the document ends. */
  int indent() {
    return atEnd() || atMarker("---") || atMarker("...") ? -1 : column();
  }

  boolean atLineEnd() {
    return atEnd() || peek() == '\n';
  }

  /** Is this indicator here, and not merely the first character of a word? */
  boolean atIndicator(char indicator) {
    return peek() == indicator && blank(peek(1));
  }

  static boolean blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == END;
  }

  private boolean atMarker(String marker) {
    return column() == 0 && text.startsWith(marker, at) && blank(peek(marker.length()));
  }

  boolean skipMarker(String marker) {
    var here = atMarker(marker);
    if (here) {
      skip(marker.length());
    }
    return here;
  }

  void skipSpaces() {
    while (peek() == ' ' || peek() == '\t') {
      next();
    }
  }

  /**
   * Goes to the next thing that is neither space nor comment, over line ends; tabs may stand on
   * empty lines and before comments, but not before what comes next on its line.
   */
  void skipBlank() throws YamlException {
    while (true) {
      var start = column();
      skipSpaces();
      if (peek() == '#') {
        skipLine();
      }
      if (peek() != '\n') {
        if (start == 0 && !atEnd()) {
          refuseTabsBefore();
        }
        return;
      }
      next();
    }
  }

  void refuseTabsBefore() throws YamlException {
    var tab = text.indexOf('\t', lineStart);
    if (tab >= 0 && tab < at) {
      throw new YamlException(
          line, tab - lineStart + 1, "a tab in the indentation: indent with spaces");
    }
  }

  /** To the end of this line, not over it. */
  void skipLine() {
    takeLine();
  }

  /** The next characters, none of which is a line end. */
  String take(int characters) {
    at += characters;
    return text.substring(at - characters, at);
  }

  /** The rest of this line, without its end. */
  String takeLine() {
    var end = text.indexOf('\n', at);
    return take((end < 0 ? text.length() : end) - at);
  }

  /** After a value: nothing but a comment may follow on its line. */
  void expectLineEnd() throws YamlException {
    var start = at;
    skipSpaces();
    if (peek() == '#' && at > start) {
      skipLine();
    }
    if (!atLineEnd()) {
      throw error("text after the end of the value: quote the whole value, or begin a new line");
    }
  }

  Mark mark() {
    return new Mark(at, line, column());
  }

  void back(Mark mark) {
    at = mark.at();
    line = mark.line();
    lineStart = at - mark.column();
  }

  YamlException error(String what) {
    return mark().error(what);
  }

  /** A place to go back to, or to complain about later. */
  record Mark(int at, int line, int column) {
    YamlException error(String what) {
      return new YamlException(line, column + 1, what);
    }
  }
}
