package io.bitcoincontroller.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The part of YAML that is structured by indentation. Every method begins at the first character of
 * what it reads and ends behind the last one; collections also skip the blanks that follow.
 */
final class YamlBlock {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final YamlCursor cursor;
  private final YamlFlow flow;
  private int depth;

  YamlBlock(YamlCursor cursor) {
    this.cursor = cursor;
    this.flow = new YamlFlow(cursor);
  }

  /**
   * A whole document.
   *
   * @param sameLine it begins on the line of its {@code ---}, where no mapping may begin
   */
  JsonNode document(boolean sameLine) throws YamlException {
    if (cursor.peek() == '%') {
      throw cursor.error("a directive (%): not supported, remove it");
    }
    return sameLine ? inline(-1) : node(-1);
  }

  /**
   * A node that begins on its own line, or behind the dash of a sequence.
   *
   * @param parent column of the collection it is in; -1 for none
   */
  private JsonNode node(int parent) throws YamlException {
    if (cursor.atIndicator('-')) {
      return deeper(() -> sequence(cursor.column()));
    }
    if (cursor.atIndicator('?')) {
      throw cursor.error("a key with '? ': not supported, write 'key: value'");
    }
    return YamlScalars.keyAhead(cursor)
        ? deeper(() -> mapping(cursor.column()))
        : scalarOrFlow(parent);
  }

  /** A node on the line of its key or of {@code ---}: no block collection may begin there. */
  private JsonNode inline(int parent) throws YamlException {
    if (cursor.atIndicator('-')) {
      throw cursor.error("a list may not begin behind a key: begin a new line");
    }
    if (YamlScalars.keyAhead(cursor)) {
      throw cursor.error("a second ': ' on one line: quote the value, or begin a new line");
    }
    return scalarOrFlow(parent);
  }

  private JsonNode scalarOrFlow(int parent) throws YamlException {
    var node =
        switch (cursor.peek()) {
          case '|', '>' -> NODES.textNode(YamlBlockScalar.read(cursor, parent));
          case '[', '{' -> endingLine(flow.collection(depth));
          case '"', '\'' -> endingLine(NODES.textNode(YamlScalars.quoted(cursor)));
          default -> endingLine(plain(parent));
        };
    cursor.skipBlank();
    return node;
  }

  private JsonNode plain(int parent) throws YamlException {
    var mark = cursor.mark();
    return YamlTypes.value(YamlScalars.plainLines(cursor, parent), mark);
  }

  private JsonNode endingLine(JsonNode node) throws YamlException {
    cursor.expectLineEnd();
    return node;
  }

  private ObjectNode mapping(int column) throws YamlException {
    var object = NODES.objectNode();
    do {
      var mark = cursor.mark();
      if (!YamlScalars.keyAhead(cursor)) {
        throw mark.error(
            cursor.atIndicator('-')
                ? "a list item where a key is expected: check the indentation"
                : "a line without 'key: value' among keys: add the ':', or indent it as a value");
      }
      var key = YamlScalars.key(cursor);
      cursor.next();
      YamlFlow.put(object, key, mark, mappingValue(column));
    } while (cursor.indent() == column);
    refuseDeeper(column);
    return object;
  }

  private JsonNode mappingValue(int column) throws YamlException {
    cursor.skipSpaces();
    if (cursor.peek() != '#' && !cursor.atLineEnd()) {
      return inline(column);
    }
    cursor.skipBlank();
    // a list may stand at the same column as the key that it belongs to
    if (cursor.indent() == column && cursor.atIndicator('-')) {
      return deeper(() -> sequence(column));
    }
    return cursor.indent() > column ? node(column) : NullNode.getInstance();
  }

  private ArrayNode sequence(int column) throws YamlException {
    var array = NODES.arrayNode();
    do {
      cursor.next();
      array.add(item(column));
    } while (cursor.indent() == column && cursor.atIndicator('-'));
    refuseDeeper(column);
    return array;
  }

  private JsonNode item(int column) throws YamlException {
    while (cursor.peek() == ' ') {
      cursor.next();
    }
    if (cursor.peek() == '\t') {
      throw cursor.error("a tab behind '-': write a space");
    }
    if (cursor.peek() != '#' && !cursor.atLineEnd()) {
      return node(column);
    }
    cursor.skipBlank();
    return cursor.indent() > column ? node(column) : NullNode.getInstance();
  }

  private void refuseDeeper(int column) throws YamlException {
    if (cursor.indent() > column) {
      throw cursor.error("this line is indented more than its neighbours: line it up with them");
    }
  }

  private JsonNode deeper(Reading reading) throws YamlException {
    if (depth == Yaml.DEEPEST) {
      throw cursor.error("nested deeper than " + Yaml.DEEPEST + " levels: flatten it");
    }
    depth++;
    var node = reading.node();
    depth--;
    return node;
  }

  private interface Reading {
    JsonNode node() throws YamlException;
  }
}
