package io.bitcoincontroller.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts a stream of bytes into JSON values. It knows strings, escapes and depth, and nothing else:
 * no value is so deep, wide, long or wrong that the values after it are lost with it. On the way it
 * sees an object's {@link Identity}, wherever it stands.
 *
 * <p>For one thread.
 */
final class Cutter implements AutoCloseable {
  /** etcd takes 1.5 MiB for an object: six times that on the wire, if all of it is escaped. */
  private static final long ENDLESS = 64L * 1024 * 1024;

  /** A name of a namespace or an object has 253 characters at most, a UID fewer. */
  private static final int LONGEST_WORD = 512;

  /** A parser keeps the names of fields that it has read: 6,000 such names are under a megabyte. */
  private static final int LONG_NAME = 100;

  private static final byte[] NULL = {'n', 'u', 'l', 'l'};

  /** A line that ends in the middle of a value: the next one begins here. */
  static final class BrokenLine extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenLine() {
      super("the line ends in the middle of a value");
    }
  }

  private final InputStream in;
  private final boolean lines;
  private final KeptBytes kept = new KeptBytes();

  /** Read but not looked at is what lies from {@link #at} to {@link #end}. */
  private final byte[] buffer = new byte[8 * 1024];

  private int at;
  private int end;

  /** A line was begun, and its end not seen yet. */
  private boolean inLine;

  /** The buffer from here to {@link #at} is yet to be added to {@link #kept}. */
  private int unsaved;

  private boolean longNames;

  /** Bytes of the value that were read in earlier fillings of the buffer. */
  private long before;

  private Identity identity = Identity.NONE;

  /**
   * Reads nothing yet.
   *
   * @param lines no value goes on in the next line: a broken one harms no other
   */
  Cutter(InputStream in, boolean lines) {
    this.in = in;
    this.lines = lines;
  }

  /** Waits for the first byte of the next line that has any; false at the end of the stream. */
  boolean startLine() throws IOException {
    forget();
    var inside = lines && inLine;
    inLine = true;
    do {
      while (at < end) {
        var next = buffer[at];
        if (next == '\n') {
          inside = false;
        } else if (!white(next) && (!inside || next == '{')) {
          return true;
        }
        at++; // what stands behind a whole value belongs to no other
      }
    } while (fill());
    return false;
  }

  /** Goes on to the next line, and returns what there is to throw. */
  IOException broken() throws IOException {
    kept.pause();
    while (lines) {
      var here = at;
      while (here < end) {
        if (buffer[here++] == '\n') {
          at = here;
          inLine = false;
          return new BrokenLine();
        }
      }
      at = here;
      more();
    }
    return new IOException("not what JSON has here");
  }

  /** The next byte that is no white space, which stays. */
  int peek() throws IOException {
    while (true) {
      if (at == end) {
        more();
      }
      var next = buffer[at];
      if (!white(next)) {
        return next;
      }
      at++;
      if (next == '\n') {
        breakLine();
      }
    }
  }

  /** The same, which is then gone. */
  int take() throws IOException {
    var next = peek();
    at++;
    return next;
  }

  /** Takes this one. */
  void take(char wanted) throws IOException {
    if (take() != wanted) {
      throw broken();
    }
  }

  /** Nothing but white space is left in the stream. */
  boolean atEnd() throws IOException {
    return !startLine();
  }

  /**
   * Cuts the next value.
   *
   * @throws BrokenLine if a line ends in it
   * @throws IOException if the stream fails or ends in it, or it never ends
   */
  Frame value(LeftOut leftOut) throws IOException {
    forget();
    switch (peek()) {
      case '"' -> {
        begin();
        at++;
        string();
      }
      case '{', '[' -> {
        begin();
        structure(leftOut);
      }
      default -> {
        begin();
        scalar();
      }
    }
    save();
    return kept.frame(longNames, identity);
  }

  /** Of the value in hand, as far as it has come. */
  Identity identity() {
    return identity;
  }

  /** Drops the value in hand. */
  void forget() {
    kept.drop();
    longNames = false;
    before = 0;
    identity = Identity.NONE;
  }

  /** The stream is somebody else's to close. */
  @Override
  public void close() {
    forget();
  }

  private void begin() {
    unsaved = at;
    before = -at;
    kept.keep();
  }

  private void scalar() throws IOException {
    do {
      while (at < end) {
        var next = buffer[at];
        if (white(next) || next == ',' || next == ']' || next == '}') {
          return;
        }
        at++;
      }
    } while (fill());
  }

  /** An object or array, at whose first byte we stand. */
  private void structure(LeftOut leftOut) throws IOException {
    var object = next() == '{';
    if (!object) {
      skip();
      return;
    }
    fields("", leftOut);
  }

  /** The fields of an object behind its brace: the outer one, or the one of this name in it. */
  private void fields(String inside, LeftOut leftOut) throws IOException {
    var last = "";
    var field = "";
    while (true) {
      var next = next();
      switch (next) {
        case '"' -> {
          last = word(field.isEmpty());
          if (inside.equals("metadata") && !field.isEmpty()) {
            identity = identity.with(field, last);
          }
        }
        case ':' -> {
          field = last;
          if (leftOut.has(field, inside)) {
            leaveOut();
          }
        }
        case ',' -> field = "";
        case '{' -> {
          if (inside.isEmpty() && leftOut.looksInto(field)) {
            fields(field, leftOut);
          } else {
            skip();
          }
        }
        case '[' -> skip();
        case '}', ']' -> {
          return;
        }
        default -> {
          // white space and scalars
        }
      }
    }
  }

  /** Behind a colon: the value is not kept, and null stands there instead. */
  private void leaveOut() throws IOException {
    var first = peek();
    save();
    kept.pause();
    switch (first) {
      case '"' -> {
        at++;
        string();
      }
      case '{', '[' -> {
        at++;
        skip();
      }
      default -> scalar();
    }
    kept.keep();
    unsaved = at;
    kept.append(NULL, 0, NULL.length);
  }

  /** Goes behind the end of the structure in which we are. */
  private void skip() throws IOException {
    var depth = 1L;
    while (true) {
      var here = at;
      while (here < end) {
        switch (buffer[here++]) {
          case '"' -> {
            at = here;
            string();
            here = at;
          }
          case '{', '[' -> depth++;
          case '}', ']' -> {
            depth--;
            if (depth == 0) {
              at = here;
              return;
            }
          }
          case '\n' -> {
            at = here;
            breakLine();
          }
          default -> {
            // scalars and what stands between values
          }
        }
      }
      at = here;
      more();
    }
  }

  /** Goes behind the closing quote of a string whose opening one is behind us. */
  private void string() throws IOException {
    var start = before + at;
    while (true) {
      var here = at;
      while (here < end) {
        var next = buffer[here++];
        if (next == '"') {
          at = here;
          longNames |= before + at - start > LONG_NAME && kept.keeping() && peek() == ':';
          return;
        }
        if (next == '\\' || next == '\n') {
          at = here;
          if (next == '\n') {
            breakLine();
          } else {
            next();
          }
          here = at;
        }
      }
      at = here;
      more();
    }
  }

  /** As {@link #string}; returns it, if it is short and needs no thought. */
  private String word(boolean name) throws IOException {
    var word = new byte[64];
    var count = 0;
    var plain = true;
    var start = before + at;
    while (true) {
      var next = next();
      if (next == '"') {
        longNames |= name && before + at - start > LONG_NAME;
        return plain ? new String(word, 0, count, UTF_8) : "";
      }
      if (next == '\\') {
        plain = false;
        next();
      }
      if (plain && count == word.length && count < LONGEST_WORD) {
        word = Arrays.copyOf(word, LONGEST_WORD);
      }
      plain &= count < word.length;
      if (plain) {
        word[count++] = next;
      }
    }
  }

  private byte next() throws IOException {
    if (at == end) {
      more();
    }
    var next = buffer[at++];
    if (next == '\n') {
      breakLine();
    }
    return next;
  }

  private void breakLine() throws BrokenLine {
    if (lines) {
      inLine = false;
      throw new BrokenLine();
    }
  }

  private void more() throws IOException {
    if (!fill()) {
      throw cut();
    }
  }

  private static IOException cut() {
    return new IOException("the stream was cut in the middle of an object");
  }

  /** Waits for more; only when all that came was looked at. */
  private boolean fill() throws IOException {
    save();
    before += at;
    at = 0;
    unsaved = 0;
    end = 0;
    if (before > ENDLESS) {
      throw new IOException("one value takes more than " + ENDLESS + " bytes");
    }
    var count = in.read(buffer, 0, buffer.length);
    end = Math.max(count, 0);
    return count >= 0;
  }

  private void save() throws IOException {
    if (kept.keeping()) {
      kept.append(buffer, unsaved, at - unsaved);
      unsaved = at;
    }
  }

  private static boolean white(byte next) {
    return next == ' ' || next == '\n' || next == '\r' || next == '\t';
  }
}
