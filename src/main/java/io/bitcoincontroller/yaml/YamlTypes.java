package io.bitcoincontroller.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The type of a plain scalar: YAML 1.2's core schema, as far as kubectl (whose library still
 * follows YAML 1.1) sees the same in it. Where the two differ, either reading would surprise
 * somebody, and the text is refused.
 */
final class YamlTypes {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUE = Set.of("true", "True", "TRUE");
  private static final Set<String> FALSE = Set.of("false", "False", "FALSE");

  /** Booleans to kubectl, text to YAML 1.2. */
  private static final Pattern DISPUTED_WORD =
      Pattern.compile("[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF");

  private static final Pattern DECIMAL = Pattern.compile("[-+]?(0|[1-9][0-9]*)");
  private static final Pattern OCTAL = Pattern.compile("0o[0-7]+");
  private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-fA-F]+");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern NOT_FINITE =
      Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

  /**
   * Base prefixes with a sign or in capitals, base 2, and the leading zero of YAML 1.1's octals.
   */
  private static final Pattern DISPUTED_NUMBER =
      Pattern.compile("[-+]?0([0-9]+|[bB][01]+|[oO][0-7]+|[xX][0-9a-fA-F]+)");

  /** Numbers up to here are exact as a double. */
  private static final double LARGEST_EXACT = 1L << 53;

  private YamlTypes() {}

  static JsonNode value(String plain, YamlCursor.Mark mark) throws YamlException {
    if (NULL.contains(plain)) {
      return NODES.nullNode();
    }
    if (TRUE.contains(plain) || FALSE.contains(plain)) {
      return NODES.booleanNode(TRUE.contains(plain));
    }
    if (DISPUTED_WORD.matcher(plain).matches()) {
      throw mark.error(
          "kubectl takes this word for true or false, YAML 1.2 for text: write true or false, or quote it");
    }
    var c = plain.charAt(0);
    return c == '+' || c == '-' || c == '.' || (c >= '0' && c <= '9')
        ? number(plain, mark)
        : NODES.textNode(plain);
  }

  private static JsonNode number(String plain, YamlCursor.Mark mark) throws YamlException {
    if (DECIMAL.matcher(plain).matches()) {
      return integer(plain, 10, mark);
    }
    if (OCTAL.matcher(plain).matches()) {
      return integer(plain.substring(2), 8, mark);
    }
    if (HEXADECIMAL.matcher(plain).matches()) {
      return integer(plain.substring(2), 16, mark);
    }
    var digits = plain.replace("_", "");
    if (DISPUTED_NUMBER.matcher(digits).matches()
        || (digits.length() < plain.length() && FLOAT.matcher(digits).matches())) {
      throw mark.error(
          "kubectl and YAML 1.2 read this number differently: write it in decimal, or quote it");
    }
    if (NOT_FINITE.matcher(plain).matches()) {
      throw mark.error("JSON has no such number: quote it");
    }
    return FLOAT.matcher(plain).matches() ? real(plain, mark) : NODES.textNode(plain);
  }

  private static JsonNode integer(String digits, int radix, YamlCursor.Mark mark)
      throws YamlException {
    try {
      var value = Long.parseLong(digits, radix);
      return value == (int) value ? NODES.numberNode((int) value) : NODES.numberNode(value);
    } catch (NumberFormatException e) {
      throw mark.error("a number of more than 64 bits: quote it");
    }
  }

  /** A real number without a fraction is an integer, as it is in Kubernetes' conversion to JSON. */
  private static JsonNode real(String plain, YamlCursor.Mark mark) throws YamlException {
    var value = Double.parseDouble(plain);
    if (Double.isInfinite(value)) {
      throw mark.error("a number of more than 64 bits: quote it");
    }
    var whole = value == Math.rint(value) && Math.abs(value) <= LARGEST_EXACT;
    return whole ? integer(Long.toString((long) value), 10, mark) : NODES.numberNode(value);
  }

  /** A key is the text that was written; one whose type would change that text is refused. */
  static String key(String plain, YamlCursor.Mark mark) throws YamlException {
    if (plain.equals("<<")) {
      throw mark.error("a merge key (<<): not supported, write the keys themselves");
    }
    var node = value(plain, mark);
    if (node.isNull() || !node.asText().equals(plain)) {
      throw mark.error("a key that is no text: quote it");
    }
    return plain;
  }
}
