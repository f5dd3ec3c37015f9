package io.bitcoincontroller.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the part of YAML 1.2 that kubeconfigs and Kubernetes manifests use; JSON is within it.
 *
 * <p>Read: block and flow collections, all five kinds of scalar, comments, several documents. A
 * plain scalar becomes null, a boolean, a number or text as Kubernetes' own conversion to JSON does
 * it (tried with kubectl 1.32). Refused, with line and column: anchors, aliases, merge keys, tags,
 * directives, keys that are not one line of text, duplicate keys, tabs in indentation, and what
 * kubectl and YAML 1.2 understand differently ({@code yes}, {@code 0644}; {@link YamlTypes}).
 *
 * <p>Not promised: that every file which is wrong in the eyes of the specification is refused.
 */
public final class Yaml {
  /** The API server takes no object over 3 MiB; this leaves room for a file of several. */
  static final int LONGEST_TEXT = 16 * 1024 * 1024;

  /** Kubernetes' deepest objects are CRD schemas, with some thirty levels. */
  static final int DEEPEST = 100;

  private Yaml() {}

  /**
   * All documents of a text. Those without any content, as between two {@code ---}, are left out.
   *
   * @param text at most 16 Mi characters
   */
  public static List<JsonNode> readAll(String text) throws YamlException {
    if (text.length() > LONGEST_TEXT) {
      throw new YamlException(1, 1, "the text is over " + LONGEST_TEXT + " characters: split it");
    }
    var cursor = new YamlCursor(text);
    var documents = new ArrayList<JsonNode>();
    cursor.skipBlank();
    while (!cursor.atEnd()) {
      var marked = cursor.skipMarker("---");
      if (marked) {
        cursor.skipSpaces();
      }
      var sameLine = marked && !cursor.atLineEnd();
      cursor.skipBlank();
      if (cursor.indent() >= 0) {
        documents.add(new YamlBlock(cursor).document(sameLine));
        cursor.skipBlank();
      }
      endDocument(cursor);
    }
    return List.copyOf(documents);
  }

  /** The only document of a text; null where there is none. */
  public static JsonNode readOne(String text) throws YamlException {
    var documents = readAll(text);
    if (documents.size() > 1) {
      throw new YamlException(
          1, 1, documents.size() + " documents where one is expected: split it");
    }
    return documents.isEmpty() ? NullNode.getInstance() : documents.getFirst();
  }

  private static void endDocument(YamlCursor cursor) throws YamlException {
    if (cursor.indent() >= 0) {
      throw cursor.error("this does not belong to what stands above it: check the indentation");
    }
    while (cursor.skipMarker("...")) {
      cursor.expectLineEnd();
      cursor.skipBlank();
    }
  }
}
