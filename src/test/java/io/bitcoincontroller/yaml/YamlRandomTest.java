package io.bitcoincontroller.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random trees, written in random styles of YAML, are read as they were. A failure names its seed;
 * {@code -Dyaml.seed=<seed>} runs that one alone.
 */
class YamlRandomTest {
  private static final int SEEDS = 20_000;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String[] TEXTS = {
    "",
    " ",
    "a",
    "x y",
    "true",
    "null",
    "~",
    "12",
    "1e3",
    "0644",
    "yes",
    "- a",
    "a: b",
    "a:",
    ":",
    "#c",
    "a #c",
    "a#c",
    "'",
    "\"",
    "\\",
    "it's",
    "[",
    "{}",
    "a, b",
    "&a",
    "*",
    "!t",
    "|",
    ">",
    "%",
    "@",
    "`",
    "---",
    "...",
    "a\nb",
    "a\n\nb\n",
    "\n",
    "\n\na",
    "  a\nb",
    "a\n  b\nc\n\n",
    "a ",
    "\t",
    "a\tb",
    "a \nb",
    "é",
    "\uD83D\uDE00",
    "\u0007",
    "\u2028",
    "http://h:1/?a=b",
    "-",
    "?",
    "? a",
    "<<",
    "=",
    "2001-12-14",
    "a\r\nb",
    "\uFEFFa",
  };

  private final StringBuilder out = new StringBuilder();
  private Random random = new Random(0);

  @Test
  void whatIsWrittenInAnyStyleIsReadAsItWas() throws Exception {
    var only = Long.getLong("yaml.seed");
    for (var seed = only == null ? 0L : only; seed < (only == null ? SEEDS : only + 1); seed++) {
      random = new Random(seed);
      var tree = tree(0);
      out.setLength(0);
      writeDocument(tree);
      try {
        assertEquals(tree, Yaml.readOne(out.toString()));
        assertEquals(tree, Yaml.readOne(tree.toString()));
        assertEquals(tree, Yaml.readOne(tree.toPrettyString().replaceAll("(?md)^ +", "\t")));
      } catch (YamlException | AssertionError e) {
        throw new AssertionError("seed " + seed + ":\n" + out + "\n" + tree, e);
      }
    }
  }

  private JsonNode tree(int depth) {
    return switch (random.nextInt(depth > 4 ? 6 : 10)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(random.nextBoolean());
      case 2 -> NODES.numberNode(random.nextInt());
      case 3 -> NODES.numberNode(random.nextInt(1000) + 0.25);
      case 4, 5 -> NODES.textNode(text());
      case 6, 7 -> {
        var array = NODES.arrayNode();
        for (var i = random.nextInt(4); i > 0; i--) {
          array.add(tree(depth + 1));
        }
        yield array;
      }
      default -> {
        var object = NODES.objectNode();
        for (var i = random.nextInt(4); i > 0; i--) {
          object.set(text(), tree(depth + 1));
        }
        yield object;
      }
    };
  }

  private String text() {
    var text = TEXTS[random.nextInt(TEXTS.length)];
    return random.nextInt(4) == 0 ? text + TEXTS[random.nextInt(TEXTS.length)] : text;
  }

  private void writeDocument(JsonNode tree) {
    if (random.nextBoolean()) {
      out.append("# a comment\n---\n");
    }
    writeNode(tree, -1, true);
    out.append(random.nextBoolean() ? "\n" : "\n...\n# the end\n");
  }

  /** In block style if {@code newLine}; else what may stand behind a key. */
  private void writeNode(JsonNode node, int parent, boolean newLine) {
    var block = node.isContainerNode() && !node.isEmpty() && random.nextInt(4) > 0;
    if (block && node instanceof ObjectNode object) {
      writeMapping(object, parent, newLine);
    } else if (block) {
      writeSequence(node, parent, newLine);
    } else if (node.isTextual()) {
      writeText(node.textValue(), parent);
    } else if (node.isContainerNode()) {
      writeFlow(node);
    } else {
      out.append(node);
    }
  }

  private void writeMapping(ObjectNode object, int parent, boolean here) {
    var column = here ? column() : parent + 1 + random.nextInt(3);
    var first = here;
    for (var field : object.properties()) {
      beginLine(column, first);
      first = false;
      writeKey(field.getKey());
      out.append(random.nextInt(8) == 0 ? " :" : ":");
      var value = field.getValue();
      if (value.isArray() && !value.isEmpty() && random.nextBoolean()) {
        writeSequence(value, column - random.nextInt(2), false);
      } else {
        out.append(' ');
        writeNode(value, column, false);
      }
    }
  }

  private void writeSequence(JsonNode array, int parent, boolean here) {
    var column = here ? column() : parent + 1 + random.nextInt(3);
    var first = here;
    for (var item : array) {
      beginLine(column, first);
      first = false;
      out.append('-').append(" ".repeat(1 + random.nextInt(3)));
      writeNode(item, column, true);
    }
  }

  private int column() {
    return out.length() - out.lastIndexOf("\n") - 1;
  }

  private void beginLine(int column, boolean here) {
    if (!here) {
      out.append(random.nextInt(6) == 0 ? "\n# between" : "");
      out.append('\n').append(" ".repeat(column));
    }
  }

  private void writeKey(String key) {
    if (key.matches("[a-z]{2,}|[a-z] ?[a-z]+")
        && random.nextBoolean()
        && !key.matches("yes|null")) {
      out.append(key);
    } else {
      writeQuoted(key);
    }
  }

  private void writeText(String text, int parent) {
    // a leading space needs an indentation indicator, and lines of blanks and \r are not kept
    var blockable =
        !text.isBlank() && !text.matches("(?s).*[\\t\\r\\u0007].*|[ \\n].*|.* \\n.*|.* ");
    if (blockable && random.nextInt(3) == 0) {
      writeLiteral(text, parent);
    } else if (text.matches("[a-zé][a-z' #,.]*[a-z]")
        && !text.matches(".* #.*|.*,.*|yes|null|true")) {
      out.append(text);
    } else {
      writeQuoted(text);
    }
  }

  private void writeLiteral(String text, int parent) {
    var end = text.length();
    while (text.charAt(end - 1) == '\n') {
      end--;
    }
    var ends = text.length() - end;
    out.append('|').append(ends == 0 ? "-" : ends == 1 ? "" : "+");
    out.append(random.nextInt(4) == 0 ? " # header" : "");
    var indentation = " ".repeat(Math.max(parent, 0) + 1 + random.nextInt(3));
    for (var line : text.substring(0, end).split("\n", -1)) {
      out.append('\n').append(line.isEmpty() ? "" : indentation + line);
    }
    out.append("\n".repeat(Math.max(ends - 1, 0)));
  }

  private void writeQuoted(String text) {
    if (random.nextBoolean() && !text.matches("(?s).*[\\n\\r\\u0007].*")) {
      out.append('\'').append(text.replace("'", "''")).append('\'');
    } else {
      out.append(NODES.textNode(text));
    }
  }

  private void writeFlow(JsonNode node) {
    var blank = random.nextInt(5) == 0 ? "\n\t " : " ".repeat(random.nextInt(2));
    out.append(node.isArray() ? '[' : '{').append(blank);
    var first = true;
    if (node instanceof ObjectNode object) {
      for (var field : object.properties()) {
        out.append(first ? "" : "," + blank);
        first = false;
        writeQuoted(field.getKey());
        out.append(':').append(blank);
        writeInFlow(field.getValue());
      }
    }
    for (var item : node.isArray() ? node : NODES.arrayNode()) {
      out.append(first ? "" : "," + blank);
      first = false;
      writeInFlow(item);
    }
    out.append(node.isArray() ? ']' : '}');
  }

  private void writeInFlow(JsonNode node) {
    if (node.isContainerNode()) {
      writeFlow(node);
    } else if (node.isTextual()) {
      writeQuoted(node.textValue());
    } else {
      out.append(node);
    }
  }
}
