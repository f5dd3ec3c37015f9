package io.bitcoincontroller.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The part of YAML that is structured by brackets, as JSON is; indentation means nothing in it. */
final class YamlFlow {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final YamlCursor cursor;

  YamlFlow(YamlCursor cursor) {
    this.cursor = cursor;
  }

  /**
   * From the opening bracket to the closing one.
   *
   * @param depth how many collections this one is in
   */
  JsonNode collection(int depth) throws YamlException {
    if (depth >= Yaml.DEEPEST) {
      throw cursor.error("nested deeper than " + Yaml.DEEPEST + " levels: flatten it");
    }
    return cursor.peek() == '[' ? sequence(depth) : mapping(depth);
  }

  private ArrayNode sequence(int depth) throws YamlException {
    var open = cursor.mark();
    var array = NODES.arrayNode();
    cursor.next();
    while (!closed(open, ']')) {
      array.add(node(depth));
      skipBlank(open);
      if (cursor.peek() == ':') {
        throw cursor.error("a 'key: value' in a [list]: put it in {braces}");
      }
      expectComma(']');
    }
    return array;
  }

  private ObjectNode mapping(int depth) throws YamlException {
    var open = cursor.mark();
    var object = NODES.objectNode();
    cursor.next();
    while (!closed(open, '}')) {
      var mark = cursor.mark();
      var key = key();
      skipBlank(open);
      if (cursor.peek() != ':') {
        throw mark.error("a key without a value: write 'key: value', with a space behind the ':'");
      }
      cursor.next();
      skipBlank(open);
      var empty = cursor.peek() == ',' || cursor.peek() == '}';
      put(object, key, mark, empty ? NullNode.getInstance() : node(depth));
      skipBlank(open);
      expectComma('}');
    }
    return object;
  }

  private String key() throws YamlException {
    var c = cursor.peek();
    if (c == '{' || c == '[') {
      throw cursor.error("a collection as a key: not supported, use text (or quote a template)");
    }
    var mark = cursor.mark();
    return c == '"' || c == '\''
        ? YamlScalars.quoted(cursor)
        : YamlTypes.key(YamlScalars.plainInFlow(cursor), mark);
  }

  private JsonNode node(int depth) throws YamlException {
    var mark = cursor.mark();
    return switch (cursor.peek()) {
      case '[', '{' -> collection(depth + 1);
      case '"', '\'' -> NODES.textNode(YamlScalars.quoted(cursor));
      case ',' -> throw cursor.error("nothing between two commas: remove one");
      default -> YamlTypes.value(YamlScalars.plainInFlow(cursor), mark);
    };
  }

  private boolean closed(YamlCursor.Mark open, char bracket) throws YamlException {
    skipBlank(open);
    var closed = cursor.peek() == bracket;
    if (closed) {
      cursor.next();
    }
    return closed;
  }

  private void expectComma(char bracket) throws YamlException {
    if (cursor.peek() == ',') {
      cursor.next();
    } else if (cursor.peek() != bracket) {
      throw cursor.error("expected ',' or '" + bracket + "': add it, or quote the text before it");
    }
  }

  private void skipBlank(YamlCursor.Mark open) throws YamlException {
    while (true) {
      cursor.skipSpaces();
      if (cursor.peek() == '#') {
        cursor.skipLine();
      }
      if (cursor.indent() < 0) {
        throw open.error("this bracket is never closed: close it before the document ends");
      }
      if (cursor.peek() != '\n') {
        return;
      }
      cursor.next();
    }
  }

  static void put(ObjectNode object, String key, YamlCursor.Mark mark, JsonNode value)
      throws YamlException {
    if (object.has(key)) {
      throw mark.error("the key '" + key + "' stands twice in one mapping: remove one");
    }
    object.set(key, value);
  }
}
