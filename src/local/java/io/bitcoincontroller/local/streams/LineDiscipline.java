package io.bitcoincontroller.local.streams;

import java.io.ByteArrayOutputStream;

/**
 * What a terminal does between a keyboard and a program, for programs that have pipes in its place:
 * echo, lines, backspace, Ctrl-C, Ctrl-D, and carriage returns. Pure; {@code termios(3)} has the
 * rules. Not done: cursor keys, job control, programs that want the keys one by one.
 */
final class LineDiscipline {
  private static final int CTRL_C = 3;
  private static final int CTRL_D = 4;
  private static final int BACKSPACE = 8;
  private static final int DELETE = 127;

  private static final int LONGEST_LINE = 64 * 1024;

  enum Signal {
    NONE,
    /** The input ends. */
    END,
    /** The command is to end. */
    INTERRUPT
  }

  /** What keys amount to: what the user sees, and what the program gets. */
  record Typed(String echo, String line, Signal signal) {}

  /** The line so far, which the program has not seen. */
  private final StringBuilder line = new StringBuilder();

  /**
   * All text is in ISO 8859-1 terms, one char for each byte: so UTF-8 goes through unharmed, in
   * pieces too.
   */
  Typed type(String keys) {
    var echo = new StringBuilder();
    var lines = new StringBuilder();
    var signal = Signal.NONE;
    for (var i = 0; i < keys.length(); i++) {
      var key = keys.charAt(i);
      switch (key) {
        case '\r', '\n' -> {
          echo.append("\r\n");
          lines.append(line).append('\n');
          line.setLength(0);
        }
        case BACKSPACE, DELETE -> erase(echo);
        case CTRL_C -> {
          echo.append("^C\r\n");
          line.setLength(0);
          signal = Signal.INTERRUPT;
        }
        case CTRL_D -> {
          if (line.isEmpty()) {
            signal = Signal.END;
          }
          lines.append(line);
          line.setLength(0);
        }
        default -> {
          if (line.length() < LONGEST_LINE) {
            line.append(key);
            echo.append(key);
          }
        }
      }
    }
    return new Typed(echo.toString(), lines.toString(), signal);
  }

  /** Takes back one character, which may be several bytes of UTF-8. */
  private void erase(StringBuilder echo) {
    var end = line.length();
    while (end > 0 && (line.charAt(end - 1) & 0xC0) == 0x80) {
      end--;
    }
    if (end > 0) {
      line.setLength(end - 1);
      echo.append("\b \b");
    }
  }

  /** Output as a terminal in raw mode needs it: every line feed with its carriage return. */
  static byte[] shown(byte[] output, int length) {
    var shown = new ByteArrayOutputStream(length + 16);
    for (var i = 0; i < length; i++) {
      if (output[i] == '\n') {
        shown.write('\r');
      }
      shown.write(output[i]);
    }
    return shown.toByteArray();
  }
}
