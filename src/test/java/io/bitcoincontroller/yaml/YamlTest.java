package io.bitcoincontroller.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.Json;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTest {
  private static JsonNode json(String text) throws IOException {
    return Json.MAPPER.readTree(text);
  }

  /** Single quotes stand for double ones in the expected JSON. */
  private static void reads(String yaml, String json) throws IOException {
    assertEquals(json(json.replace('\'', '"')), Yaml.readOne(yaml), yaml);
  }

  private static void readsText(String yaml, String text) throws IOException {
    assertEquals(text, Yaml.readOne(yaml).asText(), yaml);
  }

  @Test
  void aManifestOfARealClusterIsRead() throws IOException {
    var documents =
        Yaml.readAll(
            """
            # two bitcoind in a StatefulSet; needs `realcluster bitcoind-image`
            apiVersion: v1
            kind: Service
            metadata: {name: btc}
            spec: {clusterIP: None, selector: {app: btc}, ports: [{name: p2p, port: 18444}, {name: rpc, port: 18443}]}
            ---
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: btc}
            spec:
              selector: {matchLabels: {app: btc}}
              template:
                spec:
                  containers:
                  - name: bitcoind
                    image: localhost/bitcoind:1
                    command: [bitcoind, -regtest, -datadir=/data, -bind=0.0.0.0, -fallbackfee=0.0001]
                    securityContext: {readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
                  - name: c
                    command: [sh, -c, 'mkdir -p /www; echo started $(hostname); exec httpd -f -p 8080 -h /www']
                    args: [sh, -c, sleep 2; exit 3]
                  volumes: [{name: data, emptyDir: {}}]
            """);
    assertEquals(2, documents.size());
    assertEquals(18443, documents.getFirst().at("/spec/ports/1/port").intValue());
    var pod = documents.getLast().at("/spec/template/spec");
    assertEquals("localhost/bitcoind:1", pod.at("/containers/0/image").textValue());
    assertEquals("-fallbackfee=0.0001", pod.at("/containers/0/command/4").textValue());
    assertTrue(pod.at("/containers/0/securityContext/readOnlyRootFilesystem").booleanValue());
    assertEquals(
        "mkdir -p /www; echo started $(hostname); exec httpd -f -p 8080 -h /www",
        pod.at("/containers/1/command/2").textValue());
    assertEquals("sleep 2; exit 3", pod.at("/containers/1/args/2").textValue());
    assertEquals(json("{}"), pod.at("/volumes/0/emptyDir"));
  }

  @Test
  void rulesOfARoleAreRead() throws IOException {
    reads(
        """
        rules:
        - {apiGroups: [realcluster.test], resources: [widgets, widgets/status], verbs: [get, patch]}
        - {apiGroups: [""], resources: [pods], verbs: [get]}
        roleRef: {kind: Role}
        """,
        """
        {'rules': [
          {'apiGroups': ['realcluster.test'], 'resources': ['widgets', 'widgets/status'],
           'verbs': ['get', 'patch']},
          {'apiGroups': [''], 'resources': ['pods'], 'verbs': ['get']}],
         'roleRef': {'kind': 'Role'}}
        """);
  }

  @Test
  void aListMayStandAtTheColumnOfItsKeyOrDeeper() throws IOException {
    var expected = "{'a': [1, {'b': 2, 'c': 3}], 'd': [4]}";
    reads("a:\n- 1\n- b: 2\n  c: 3\nd:\n- 4\n", expected);
    reads("a:\n  - 1\n  -   b: 2\n      c: 3\nd: [4]", expected);
    reads("a:\n  - 1\n  -\n   b: 2\n   c: 3\nd:\n    - 4\n", expected);
  }

  @Test
  void listsOfListsAndCompactMappingsNest() throws IOException {
    reads("- - w\n  - x\n- - - z\n", "[['w', 'x'], [['z']]]");
    reads(
        "- a:\n  - b: 1\n    c:\n    - d\n  e: 2\n-\n- f",
        "[{'a': [{'b': 1, 'c': ['d']}], 'e': 2}, null, 'f']");
    reads("a:\n  b:\n    c: 1\n  d:\ne: 2", "{'a': {'b': {'c': 1}, 'd': null}, 'e': 2}");
  }

  @Test
  void flowCollectionsGoOverLinesWithCommentsTabsAndTrailingCommas() throws IOException {
    reads(
        "a: [ 1, # one\n  [2,3],\n\n\t{b: 4, 'c' : five and\n  six , \"d\":7, e: },\n]\nf: {}",
        "{'a': [1, [2, 3], {'b': 4, 'c': 'five and six', 'd': 7, 'e': null}], 'f': {}}");
    reads("{a: http://h:1/x, b: [::1, a:b]}", "{'a': 'http://h:1/x', 'b': ['::1', 'a:b']}");
    reads("[a#b, c, #d\n e]", "['a#b', 'c', 'e']");
  }

  @Test
  void plainTextKeepsWhatOnlyLooksLikeStructure() throws IOException {
    reads("a: b:c d#e -f ?g", "{'a': 'b:c d#e -f ?g'}");
    reads("a: -x\nb: ?y\nc: :z\nd: a, b] c}", "{'a': '-x', 'b': '?y', 'c': ':z', 'd': 'a, b] c}'}");
    reads("a: x # comment\nb: y#no\n", "{'a': 'x', 'b': 'y#no'}");
    reads("key with spaces : v", "{'key with spaces': 'v'}");
    readsText("it's \"so\"", "it's \"so\"");
  }

  @Test
  void linesOfPlainAndQuotedTextAreFolded() throws IOException {
    reads("a: b\n  c\n\n\n  d  \nb: 1", "{'a': 'b c\\n\\nd', 'b': 1}");
    reads("a: b\n  - c\n", "{'a': 'b - c'}");
    reads("- a\n  b\n", "['a b']");
    reads("plain\ntext\n", "'plain text'");
    reads("a: 'b  \n   c\n\n   d '", "{'a': 'b c\\nd '}");
    reads("a: \"b \\\n    c\\\n    \\  d\\t  \n\n  e\"", "{'a': 'b c  d\\t\\ne'}");
  }

  @Test
  void singleQuotesKnowOneEscapeAndDoubleQuotesAllOfThem() throws IOException {
    readsText("'a''b\\n: # '", "a'b\\n: # ");
    readsText(
        "\"\\0\\a\\b\\t\\\t\\n\\v\\f\\r\\e\\ \\\"\\/\\\\\\N\\_\\L\\P\\x41\\u00e9\\U0001F600\\ud83d\\ude00\"",
        "\0\u0007\b\t\t\n\u000B\f\r\u001B \"/\\\u0085\u00A0\u2028\u2029A\u00e9\uD83D\uDE00\uD83D\uDE00");
    reads("'a: b': \"c: d\"", "{'a: b': 'c: d'}");
    assertEquals("[{\"a\\\"\":1,\"b'\":2}]", Yaml.readAll("\"a\\\"\": 1\n'b''': 2").toString());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "|,a\\nb\\n",
        "|-,a\\nb",
        "|+,a\\nb\\n\\n",
        ">,a b\\n",
        ">-,a b",
        ">+,a b\\n\\n",
        "|2-,\" a\\n b\"",
        "|-2,\" a\\n b\"",
        ">2-,\" a\\n b\"",
        "| # comment,a\\nb\\n",
      })
  void blockTextIsChompedAsItsHeaderSays(String header, String expected) throws IOException {
    var yaml = "k: " + header + "\n   a\n   b\n\nnext: 1\n";
    assertEquals(expected.replace("\\n", "\n"), Yaml.readOne(yaml).get("k").textValue(), yaml);
    assertEquals(1, Yaml.readOne(yaml).get("next").intValue());
  }

  @Test
  void blockTextKeepsDeeperLinesAndFoldsTheOthers() throws IOException {
    readsText(">\n a\n b\n\n c\n   d\n\n   e\n f\n\n\n g\n", "a b\nc\n  d\n\n  e\nf\n\ng\n");
    readsText("|\n a\n   b\n  \n\n c\n", "a\n  b\n \n\nc\n");
    reads(
        "a: |\n\n  # no comment\n  x: y\n# comment\nb: |\nc: |+\n\n",
        "{'a': '\\n# no comment\\nx: y\\n', 'b': '', 'c': '\\n'}");
    reads("- |\n a\n- >\n b", "['a\\n', 'b\\n']");
    readsText("--- |\nat column 0\n---x\n", "at column 0\n---x\n");
  }

  @ParameterizedTest
  @CsvSource({
    "~,null",
    "null,null",
    "NULL,null",
    "true,true",
    "False,false",
    "TRUE,true",
    "0,0",
    "-0,0",
    "+12,12",
    "2147483648,2147483648",
    "-9223372036854775808,-9223372036854775808",
    "0o17,15",
    "0x1F,31",
    "1.5,1.5",
    "-.5,-0.5",
    "1.,1",
    "1e3,1000",
    "6.5E-1,0.65",
    "09.5,9.5",
    "2001-12-14,'\"2001-12-14\"'",
    "190:20:30,'\"190:20:30\"'",
    "=,'\"=\"'",
    "0o9,'\"0o9\"'",
    "1.2.3.4,'\"1.2.3.4\"'",
    "nUll,'\"nUll\"'",
    "1e,'\"1e\"'",
    ".,'\".\"'",
    "5s,'\"5s\"'",
    "10_a,'\"10_a\"'",
    "-,null",
    "+,'\"+\"'",
    "yEs,'\"yEs\"'",
    "9e99,9e99"
  })
  void aPlainScalarHasTheTypeThatKubernetesSeesInIt(String plain, String expected)
      throws IOException {
    if (plain.equals("-")) {
      reads("- ", "[null]");
    } else {
      assertEquals(json(expected), Yaml.readOne(plain), plain);
      assertEquals(json("[" + expected + "]"), Yaml.readOne("[" + plain + "]"), plain);
      assertEquals(json("{\"a\":" + expected + "}"), Yaml.readOne("a: " + plain + " # c"), plain);
    }
  }

  @Test
  void documentsAreSplitAndEmptyOnesLeftOut() throws IOException {
    var text = "# only a comment\n---\n---\na: 1\n...\n---\n# nothing\n--- {b: 2}\n--- text\n---\n";
    assertEquals("[{\"a\":1}, {\"b\":2}, \"text\"]", Yaml.readAll(text).toString());
    assertEquals(0, Yaml.readAll("").size());
    assertTrue(Yaml.readOne(" \n# nothing\n\t\n").isNull());
    assertEquals("[{\"a\":\"-- -\"}, null]", Yaml.readAll("a: -- -\n--- ~\n").toString());
  }

  @Test
  void otherLineEndsAndAByteOrderMarkAreRead() throws IOException {
    reads("\uFEFFa:\r\n- b\r\n- |\r\n  c\r\n  d\r\n", "{'a': ['b', 'c\\nd\\n']}");
  }

  @Test
  void jsonIsYaml() throws IOException {
    var json =
        """
        {"a":{"b":[1,-2,3.25,true,null,"x\\u00e9\\"\\\\\\/\\n"],"c":{}},
        \t"d" : [ ] ,"e":[{"f":"g, {h}: # i"}]
        }
        """;
    assertEquals(json(json), Yaml.readOne(json));
  }

  @Test
  void aKeyOfNumbersOrWordsIsItsText() throws IOException {
    reads("1: a\ntrue: b\n1.5: c", "{'1': 'a', 'true': 'b', '1.5': 'c'}");
  }
}
