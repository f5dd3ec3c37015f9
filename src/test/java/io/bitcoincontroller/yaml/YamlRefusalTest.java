package io.bitcoincontroller.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlRefusalTest {
  private static String refusal(String yaml) {
    return "" + assertThrows(YamlException.class, () -> Yaml.readAll(yaml), yaml).getMessage();
  }

  /** In the samples ↵ is a line end → a tab, · a space. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '¦',
      value = {
        "a: &x 1                  ¦ line 1, column 4: an anchor (&)",
        "a: *x                    ¦ line 1, column 4: an alias (*)",
        "a: [b, *x]               ¦ line 1, column 8: an alias (*)",
        "a: !!str 1               ¦ line 1, column 4: a tag (!)",
        "!x↵a: 1                  ¦ line 1, column 1: a tag (!)",
        "<<: {a: 1}               ¦ line 1, column 1: a merge key (<<)",
        "%YAML 1.2↵---↵a: 1       ¦ line 1, column 1: a directive (%)",
        "? a↵: b                  ¦ line 1, column 1: a key with '? '",
        "{a: 1}: b                ¦ line 1, column 7: text after the end of the value",
        "{[a]: b}                 ¦ line 1, column 2: a collection as a key",
        "x: {{ .Values.x }}       ¦ line 1, column 5: a collection as a key",
        "a: 1↵b: 2↵a: 3           ¦ line 3, column 1: the key 'a' stands twice",
        "{a: 1, 'a': 2}           ¦ line 1, column 8: the key 'a' stands twice",
        "a:↵→b: 1                 ¦ line 2, column 1: a tab in the indentation",
        "a:↵  - 1↵ → - 2          ¦ line 3, column 2: a tab in the indentation",
        "a: b↵→c                  ¦ line 2, column 1: a tab in the indentation",
        "a: |↵→b                  ¦ line 2, column 1: a tab in the indentation",
        "-→a: 1                   ¦ line 1, column 2: a tab behind '-'",
        "a: b: c                  ¦ line 1, column 4: a second ': ' on one line",
        "--- a: b                 ¦ line 1, column 5: a second ': ' on one line",
        "a: - b                   ¦ line 1, column 4: a list may not begin behind a key",
        "a: b↵  c: d              ¦ line 2, column 3: a key inside of a value",
        "a: 'b'↵  c: d            ¦ line 2, column 3: this line is indented more",
        "a:↵  b: 1↵ c: 2          ¦ line 3, column 2: this line is indented more",
        "a:↵   - 1↵  - 2          ¦ line 3, column 3: this line is indented more",
        "··a: 1↵b: 2              ¦ line 2, column 1: this does not belong",
        "a: b↵c                   ¦ line 2, column 1: a line without 'key: value'",
        "a:↵  b: 1↵- c            ¦ line 3, column 1: a list item where a key is expected",
        "- a↵b: c                 ¦ line 2, column 1: this does not belong",
        "a: 'b                    ¦ line 1, column 4: this quote is never closed",
        "a: \"b↵---↵c\"           ¦ line 1, column 4: this quote is never closed",
        "a: [b, {c: d             ¦ line 1, column 8: this bracket is never closed",
        "a: [b↵---↵c]             ¦ line 1, column 4: this bracket is never closed",
        "a: [b c}                 ¦ line 1, column 8: expected ',' or ']'",
        "a: [b, , c]              ¦ line 1, column 8: nothing between two commas",
        "a: [b: c]                ¦ line 1, column 6: a 'key: value' in a [list]",
        "a: {b, c: 1}             ¦ line 1, column 5: a key without a value",
        "a: {b:1}                 ¦ line 1, column 5: a key without a value",
        "a: {: 1}                 ¦ line 1, column 5: an indicator where a value",
        "a: [- b]                 ¦ line 1, column 5: an indicator where a value",
        "a: [|, b]                ¦ line 1, column 5: a block text inside of brackets",
        "a: ]                     ¦ line 1, column 4: a bracket or comma",
        "a: @b                    ¦ line 1, column 4: text may not begin with this",
        ": b                      ¦ line 1, column 1: an indicator where a value",
        "a: 'b' c                 ¦ line 1, column 8: text after the end of the value",
        "a: [b] c                 ¦ line 1, column 8: text after the end of the value",
        "a: 'b'#c                 ¦ line 1, column 7: text after the end of the value",
        "a: | b                   ¦ line 1, column 6: text behind | or >",
        "a: |↵    ↵  b            ¦ line 3, column 3: blanks before it are indented more",
        "a: |0↵  b                ¦ line 1, column 6: only +, - and a digit",
        "a: \"b\\qc\"             ¦ line 1, column 6: an unknown escape",
        "a: \"\\u12g4\"           ¦ line 1, column 5: this escape needs 4 hexadecimal digits",
        "a: \"\\U00110000\"       ¦ line 1, column 5: no such character",
        "a: \"\\ud83d\"           ¦ line 1, column 4: half of a surrogate pair",
        "a: 9223372036854775808   ¦ line 1, column 4: a number of more than 64 bits",
        "a: 1e400                 ¦ line 1, column 4: a number of more than 64 bits",
        "a: -.inf                 ¦ line 1, column 4: JSON has no such number",
        "~: a                     ¦ line 1, column 1: a key that is no text",
        "0x10: a                  ¦ line 1, column 1: a key that is no text",
        "... a                    ¦ line 1, column 5: text after the end",
      })
  void whatCannotBeReadIsNamedWithLineAndColumn(String sample, String begin) {
    var yaml = sample.replace('↵', '\n').replace('→', '\t').replace('·', ' ');
    var refusal = refusal(yaml);
    assertTrue(refusal.startsWith(begin), refusal);
    assertTrue(
        refusal.substring(refusal.indexOf(": ") + 2).matches(".*[:,] .*"),
        "says what to do: " + refusal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "No", "ON", "off", "y", "N"})
  void wordsThatKubectlTakesForBooleansAreRefusedAlsoAsKeys(String word) {
    assertTrue(refusal("a: " + word).contains("write true or false, or quote it"));
    assertTrue(refusal(word + ": 1").startsWith("line 1, column 1: "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0644", "-08", "1_000", "1_0.5", "0b11", "0XFF", "+0x1F", "0x_1"})
  void numbersThatKubectlReadsDifferentlyAreRefused(String number) {
    assertTrue(refusal("mode: " + number).contains("write it in decimal, or quote it"));
  }

  @Test
  void aRefusalNeverRepeatsAValue() {
    for (var secret :
        new String[] {"0123456", "s3cret: x", "'s3cret' x", "{s3cret}", "\"s3cret\\q\""}) {
      var refusal = refusal("password: " + secret);
      assertFalse(refusal.contains("s3cret") || refusal.contains("123456"), refusal);
    }
  }

  @Test
  void controlCharactersAreRefusedWhereTheyStand() {
    assertTrue(refusal("a: b\nc: \u0007").startsWith("line 2, column 4: a control character"));
    assertTrue(refusal("\0").startsWith("line 1, column 1: "));
  }

  @Test
  void depthAndSizeHaveLimits() throws YamlException {
    assertEquals(1, Yaml.readAll("[".repeat(100) + "]".repeat(100)).size());
    assertTrue(refusal("[".repeat(101) + "]".repeat(101)).contains("deeper than 100"));
    assertTrue(refusal("- ".repeat(100_000)).contains("deeper than 100"));
    assertTrue(refusal("- ".repeat(60) + "{a: ".repeat(60) + "}".repeat(60)).contains("deeper"));
    assertTrue(refusal(" ".repeat(Yaml.LONGEST_TEXT + 1)).contains("characters: split it"));
  }

  @Test
  void readOneRefusesMoreThanOneDocument() {
    var refusal = assertThrows(YamlException.class, () -> Yaml.readOne("a: 1\n---\nb: 2"));
    assertTrue(("" + refusal.getMessage()).contains("2 documents"), refusal.getMessage());
  }
}
