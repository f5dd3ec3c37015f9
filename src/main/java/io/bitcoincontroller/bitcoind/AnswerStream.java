package io.bitcoincontroller.bitcoind;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * An answer as it comes, value by value: no text, list or tree of it exists as a whole. Every limit
 * is on what a hostile node may send; a real one is far below.
 */
final class AnswerStream {
  /** Of names, and of what is read; what is skipped is never put together. */
  private static final int LONGEST_TEXT = 4096;

  /** Of a template: nodes relay no transaction of more than 400,000 bytes. */
  private static final int LONGEST_TRANSACTION = 800_000;

  private static final JsonFactory JSON = factory(LONGEST_TEXT);
  private static final JsonFactory LARGE = factory(LONGEST_TRANSACTION);

  private static JsonFactory factory(int longestText) {
    return JsonFactory.builder()
        // both would keep the names of what is skipped: a table of names fills the heap
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        // each answer is read on a thread of its own, which would keep its buffers
        .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(32)
                // 1,000 peers, each with its messages by type
                .maxTokenCount(500_000)
                .maxNumberLength(100)
                .maxStringLength(longestText)
                .build())
        .build();
  }

  /** Reads the value that the stream has come to. */
  @FunctionalInterface
  interface Value {
    void read() throws IOException;
  }

  /** Reads, or skips, the value of a field that the stream has come to. */
  @FunctionalInterface
  interface Field {
    void read(String name) throws IOException;
  }

  private final JsonParser parser;
  private final AnswerMemory.Share share;

  /**
   * Reads nothing yet.
   *
   * @param large a text may be a transaction
   */
  AnswerStream(InputStream body, AnswerMemory.Share share, boolean large) throws IOException {
    // a reader of our own: the parser would take what begins with zeros for UTF-16 or UTF-32
    this.parser =
        (large ? LARGE : JSON).createParser(new InputStreamReader(body, StandardCharsets.UTF_8));
    this.share = share;
  }

  /** Goes to the first token, or the next one after a whole value; null at the end. */
  JsonToken next() throws IOException {
    return parser.nextToken();
  }

  boolean isAt(JsonToken token) {
    return parser.currentToken() == token;
  }

  void object(Field field) throws IOException {
    expect(JsonToken.START_OBJECT);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var name = parser.currentName();
      parser.nextToken();
      field.read(name);
    }
  }

  void elements(int most, Value element) throws IOException {
    expect(JsonToken.START_ARRAY);
    for (var n = 0; parser.nextToken() != JsonToken.END_ARRAY; n++) {
      if (n == most) {
        throw new BadAnswer("more than " + most + " in a list");
      }
      element.read();
    }
  }

  /** A whole number from 0 on. */
  long number(long most) throws IOException {
    var number = integer();
    if (number < 0 || number > most) {
      throw new BadAnswer("a number that can't be");
    }
    return number;
  }

  long integer() throws IOException {
    expect(JsonToken.VALUE_NUMBER_INT);
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      throw new BadAnswer("a number that can't be");
    }
    return parser.getLongValue();
  }

  boolean bool() throws IOException {
    if (!isAt(JsonToken.VALUE_TRUE)) {
      expect(JsonToken.VALUE_FALSE);
    }
    return isAt(JsonToken.VALUE_TRUE);
  }

  String text(int longest) throws IOException {
    expect(JsonToken.VALUE_STRING);
    var text = parser.getText();
    if (text.length() > longest) {
      throw new BadAnswer("a text of more than " + longest + " characters");
    }
    if (text.codePoints().anyMatch(AnswerStream::isHalf)) {
      throw new BadAnswer("half a character");
    }
    return text;
  }

  /** A text that outlives the answer. */
  String kept(int longest) throws IOException {
    var text = text(longest);
    share.keep(text);
    return text;
  }

  /** Half of a pair; what has one can't be written as UTF-8, and so in no status. */
  private static boolean isHalf(int character) {
    return character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
  }

  /** The beginning of a text for people, on one line; nothing of what is no text. */
  String cut(int longest) throws IOException {
    if (!isAt(JsonToken.VALUE_STRING)) {
      skip();
      return "";
    }
    var whole = parser.getText();
    var text = new StringBuilder();
    whole
        .codePoints()
        .limit(longest)
        .map(c -> isHalf(c) || Character.isISOControl(c) ? ' ' : c)
        .forEach(text::appendCodePoint);
    if (whole.codePointCount(0, whole.length()) > longest) {
      text.append('…');
    }
    var kept = text.toString();
    share.keep(kept);
    return kept;
  }

  /** As {@link #keep}, but it is no bad answer if there is no room. */
  boolean keepIfRoom(long bytes) {
    return share.keepIfRoom(bytes);
  }

  /** Memory that is kept beside texts. */
  void keep(int bytes) throws IOException {
    share.keep(bytes);
  }

  void skip() throws IOException {
    parser.skipChildren();
  }

  private void expect(JsonToken token) throws IOException {
    if (!isAt(token)) {
      throw new BadAnswer(words(parser.currentToken()) + " in place of " + words(token));
    }
  }

  private static String words(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "a list";
      case VALUE_STRING -> "a text";
      case VALUE_NUMBER_INT -> "a whole number";
      case VALUE_NUMBER_FLOAT -> "a fraction";
      case VALUE_TRUE, VALUE_FALSE -> "yes or no";
      case VALUE_NULL -> "null";
      default -> "an end";
    };
  }
}
