package io.bitcoincontroller.bitcoind;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Bodies of answers that a node's image may send; of one seed always the same. */
final class HostileAnswers {
  /** Just what is read to its end. */
  private static final int LARGE = AnswerReader.LARGEST_BODY - 2;

  private static final String HASH = "0f".repeat(32);

  /** To {@link NodeInfo#REQUESTS}. */
  static final List<String> RIGHT_RESULTS =
      List.of(
          "[{\"addednode\":\"10.0.0.1\",\"connected\":true,\"addresses\":[]}]",
          "[{\"id\":7,\"addr\":\"10.0.0.1:18444\",\"version\":70016,\"inbound\":false}]",
          "{\"chain\":\"regtest\",\"blocks\":101,\"bestblockhash\":\"" + HASH + "\"}");

  static final NodeInfo RIGHT_INFO =
      new NodeInfo(
          List.of("10.0.0.1"),
          List.of(new NodeInfo.Peer(7, "10.0.0.1:18444", false, 70016, true)),
          101,
          HASH,
          false);

  private final Random random;

  HostileAnswers(long seed) {
    this.random = new Random(seed);
  }

  static byte[] right() {
    return bytes(batch(RIGHT_RESULTS));
  }

  private static String batch(List<String> results) {
    var members = new ArrayList<String>();
    for (var id = 0; id < results.size(); id++) {
      members.add("{\"result\":" + results.get(id) + ",\"error\":null,\"id\":" + id + "}");
    }
    return "[" + String.join(",", members) + "]\n";
  }

  /** Each character is one byte, so that any byte can come anywhere. */
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** One of some hundred bytes. */
  byte[] small() {
    var text =
        switch (random.nextInt(8)) {
          case 0 -> any(List.of("", " ", "null", "[]", "{}", "[[]]", "0", "\"\"", "<html></html>"));
          case 1 -> value(0);
          case 2 -> "{\"result\":null,\"error\":" + error() + ",\"id\":" + value(2) + "}";
          case 3 -> members();
          default -> batch(results());
        };
    return switch (random.nextInt(4)) {
      case 0 -> bytes(text.substring(0, random.nextInt(text.length() + 1)));
      case 1 -> spoilt(bytes(text));
      default -> bytes(text);
    };
  }

  /** Of the right results, one is not. */
  private List<String> results() {
    var results = new ArrayList<>(RIGHT_RESULTS);
    var index = random.nextInt(results.size());
    var right = results.get(index);
    results.set(
        index,
        switch (random.nextInt(3)) {
          case 0 -> value(0);
          case 1 -> right.replaceFirst(any(List.of("7", "101", "70016")), number());
          default -> {
            var fields = List.of("addednode", "id", "addr", "version", "inbound", "blocks");
            var field = "\"" + any(fields) + "\":";
            yield right.replaceFirst(field, field + value(1).replace("\\", "\\\\") + "," + field);
          }
        });
    return results;
  }

  /** Missing, twice, of odd ids, with errors of every shape. */
  private String members() {
    var members = new ArrayList<String>();
    for (var n = random.nextInt(6); n > 0; n--) {
      var id = any(List.of("0", "1", "2", "2", "null", "-1", "0.5", "\"1\"", number()));
      var result = any(RIGHT_RESULTS);
      members.add(
          any(
              List.of(
                  "{\"id\":" + id + ",\"result\":" + result + "}",
                  "{\"id\":" + id + ",\"error\":" + error() + "}",
                  "{\"result\":" + result + ",\"error\":" + error() + ",\"id\":" + id + "}",
                  "{\"id\":" + id + "}",
                  value(1))));
    }
    return "[" + String.join(",", members) + "]";
  }

  private String error() {
    var code = any(List.of("-28", "-23", number(), value(3)));
    return any(
        List.of(
            "{\"code\":" + code + ",\"message\":" + text() + "}",
            "{\"code\":" + code + "}",
            "{\"message\":" + text() + "}",
            value(2)));
  }

  private String number() {
    return any(
        List.of(
            "-1",
            "-0",
            "2147483647",
            "2147483648",
            "-9223372036854775808",
            "9223372036854775807",
            "9223372036854775808",
            "0.5",
            "1e3",
            "1e999999999",
            "-",
            "01",
            "NaN",
            "9".repeat(99),
            "1".repeat(1000)));
  }

  private String text() {
    return "\""
        + any(
            List.of(
                "",
                "\\u0000",
                "\\ud800",
                "\\ud83d\\ude00",
                "\\",
                "\\x",
                "\u0000",
                "\n",
                "\u00ff\u00fe",
                "\u00c0\u0080",
                "\u00ed\u00a0\u0080",
                "10.0.0.1",
                "a".repeat(random.nextInt(400)),
                "\\\"".repeat(random.nextInt(200)),
                "\\u20ac".repeat(random.nextInt(300))))
        + "\"";
  }

  private String value(int depth) {
    return switch (random.nextInt(depth > 3 ? 4 : 8)) {
      case 0 -> number();
      case 1 -> text();
      case 2 -> any(List.of("null", "true", "false", "nul", "undefined"));
      case 3 -> any(List.of("[]", "{}", "[", "}", "{]", ",", "[,]", "{\"a\"}"));
      case 4 -> {
        var deep = random.nextInt(100);
        yield "[".repeat(deep) + "]".repeat(deep);
      }
      case 5 -> "{" + text() + ":" + value(depth + 1) + "}";
      case 6 -> "[" + value(depth + 1) + "," + value(depth + 1) + "]";
      default -> any(RIGHT_RESULTS);
    };
  }

  private byte[] spoilt(byte[] bytes) {
    for (var n = 1 + random.nextInt(3); n > 0 && bytes.length > 0; n--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  /** One of four megabytes. */
  byte[] large() {
    return large(random.nextInt(LARGE_KINDS));
  }

  static final int LARGE_KINDS = 16;

  byte[] large(int kind) {
    var head = "[{\"result\":";
    return bytes(
        switch (kind) {
          case 0 -> filled("[", "{},", "{}]");
          case 1 -> filled(head + "[", "{},", "{}],\"id\":0}]");
          case 2 -> filled(head + "[{\"addednode\":\"", "x", "\"}]}]");
          case 3 -> filled(head + "[{\"addednode\":\"", "\\u0001", "\"}]}]");
          case 4 -> filled("", "[", "");
          case 5 -> filled("", "{\"a\":", "");
          case 6 -> filled(head, "9", "}]");
          case 7 -> filled(head + "[{\"", "n", "\":1}]}]");
          case 8 -> names(head + "[{", "\"x\":1}]}]");
          case 9 -> filled(head + "null,\"error\":{\"code\":-1,\"message\":\"", "\\u00e9", "\"}}]");
          case 10 -> filled("", " ", "");
          case 11 -> filled("", "\u0000", "");
          case 12 -> filled(head, "0.", "}]");
          case 13 -> wide("\u00e2\u0082\u00ac".repeat(290));
          case 14 -> wide("y".repeat(290));
          default -> filled("[", "[],".repeat(10), "[]]") + "x".repeat(100);
        });
  }

  private static String filled(String head, String middle, String tail) {
    var room = LARGE - head.length() - tail.length();
    return head + middle.repeat(room / middle.length()) + tail;
  }

  private static String names(String head, String tail) {
    var text = new StringBuilder(head);
    for (var n = 0; text.length() < LARGE - tail.length() - 20; n++) {
      text.append('"').append(Integer.toString(n, 36)).append("\":0,");
    }
    return text.append(tail).toString();
  }

  /** All that may be kept of one answer, and so right: only that so many nodes say it is odd. */
  static String wide(String longest) {
    var added = new ArrayList<String>();
    var peers = new ArrayList<String>();
    for (var n = 100; n < 1100; n++) {
      added.add("{\"addednode\":\"" + n + longest + "\"}");
      peers.add("{\"id\":" + n + ",\"addr\":\"" + n + longest + "\"}");
    }
    return batch(
        List.of(
            "[" + String.join(",", added) + "]",
            "[" + String.join(",", peers) + "]",
            RIGHT_RESULTS.get(2)));
  }
}
