package io.bitcoincontroller.cache;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Ways in which an object that an API server may hold, or send, can be hard to read. */
enum Hostile {
  /** The name of a field is longer than Jackson takes by itself. */
  LONG_NAME,
  /** Each object brings names of its own, which a table would keep. */
  NEW_NAMES,
  /** Arrays in arrays. */
  DEEP,
  /** Objects in objects, within the metadata. */
  DEEP_METADATA,
  /** A number of 1,000 digits. */
  DIGITS,
  /** A number with more digits than anybody parses. */
  TOO_MANY_DIGITS,
  /** A number that is none of Java's. */
  EXPONENT,
  /** Each character takes six bytes. */
  CONTROL,
  QUOTES,
  BACKSLASHES,
  /** A few bytes each, and as a tree fifty times that. */
  WIDE,
  /** The list of managers is longer than all else. */
  MANAGED,
  /** Bytes that are no UTF-8. */
  BYTES,
  /** A control character as it is. */
  RAW_CONTROL,
  LABELS_ARE_A_LIST,
  LABEL_IS_NULL,
  OWNER_IS_NULL,
  METADATA_IS_TEXT,
  GENERATION_IS_TEXT,
  GENERATION_IS_HUGE,
  STATUS_IS_A_NUMBER,
  CONDITIONS_ARE_TEXT,
  CONDITION_WITHOUT_TYPE,
  METADATA_LAST,
  TWICE,
  WITHOUT_NAME,
  WITHOUT_VERSION,
  NULL,
  NUMBER,
  NO_COLON,
  /** Their kinds don't fit together: where no line ends, nobody knows where this one does. */
  BRACKETS;

  static Hostile any(Random random, boolean lines) {
    return values()[random.nextInt(values().length - (lines ? 0 : 1))];
  }

  /** Now and then one is as large as etcd takes them. */
  private static final int ONE_LARGE_IN = 4000;

  private static final int LARGEST = 1_400_000;

  static String metadata(String namespace, String name, long version, String more) {
    return "\"metadata\":{"
        + more
        + "\"name\":\"%s\",\"namespace\":\"%s\",\"resourceVersion\":\"%d\",\"uid\":\"u-%s\"}"
            .formatted(name, namespace, version, name);
  }

  /** An object of this kind, as bytes, since not all of them are text. */
  byte[] object(String namespace, String name, long version, Random random) {
    var large = random.nextInt(ONE_LARGE_IN) == 0;
    var size = large ? random.nextInt(LARGEST / 2, LARGEST) : random.nextInt(1, 600);
    var plain = metadata(namespace, name, version, "");
    return switch (this) {
      case LONG_NAME ->
          spec(plain, "{\"" + "k".repeat(random.nextInt(100) == 0 ? 50_001 : size) + "\":\"1\"}");
      case NEW_NAMES -> spec(plain, "{\"k" + random.nextLong() + "k\":{\"" + name + "\":1}}");
      case DEEP -> spec(plain, "[".repeat(size) + "]".repeat(size));
      case DEEP_METADATA ->
          spec(
              metadata(
                  namespace,
                  name,
                  version,
                  "\"a\":" + "{\"a\":".repeat(size / 4) + "1" + "}".repeat(size / 4) + ","),
              "{}");
      case DIGITS -> spec(plain, "{\"nodes\":" + "9".repeat(1000) + "}");
      case TOO_MANY_DIGITS -> spec(plain, "{\"nodes\":-" + "8".repeat(size + 1001) + "}");
      case EXPONENT -> spec(plain, "{\"nodes\":1e" + "9".repeat(random.nextInt(1, 12)) + "}");
      case CONTROL -> spec(plain, "{\"image\":\"" + "\\u0001".repeat(size) + "\"}");
      case QUOTES -> spec(plain, "{\"image\":\"" + "\\\"".repeat(size) + "\"}");
      case BACKSLASHES -> spec(plain, "{\"image\":\"" + "\\\\".repeat(size) + "\"}");
      case WIDE -> spec(plain, "[{}" + ",{}".repeat(size) + "]");
      case MANAGED ->
          spec(
              metadata(
                  namespace,
                  name,
                  version,
                  "\"managedFields\":[{}" + ",{\"f:a\":{\"f:b\":{}}}".repeat(size / 10) + "],"),
              "{}");
      case BYTES -> wrong(spec(plain, "{\"image\":\"??????\"}"), random);
      case RAW_CONTROL -> spec(plain, "{\"image\":\"\t\u0002\"}");
      case LABELS_ARE_A_LIST ->
          spec(metadata(namespace, name, version, "\"labels\":[1,[2]],"), "{}");
      case LABEL_IS_NULL ->
          spec(metadata(namespace, name, version, "\"labels\":{\"app\":null},"), "{}");
      case OWNER_IS_NULL ->
          spec(metadata(namespace, name, version, "\"ownerReferences\":[null],"), "{}");
      case METADATA_IS_TEXT -> spec("\"metadata\":\"" + name + "\"", "{}");
      case GENERATION_IS_TEXT ->
          spec(metadata(namespace, name, version, "\"generation\":\"x\","), "{}");
      case GENERATION_IS_HUGE ->
          spec(metadata(namespace, name, version, "\"generation\":1e400,"), "{}");
      case STATUS_IS_A_NUMBER -> bytes("{" + plain + ",\"status\":7}");
      case CONDITIONS_ARE_TEXT -> bytes("{" + plain + ",\"status\":{\"conditions\":\"x\"}}");
      case CONDITION_WITHOUT_TYPE ->
          bytes("{" + plain + ",\"status\":{\"conditions\":[{\"type\":null},null]}}");
      case METADATA_LAST ->
          bytes("{\"status\":{\"x\":\"" + "y".repeat(size) + "\"},\"kind\":\"K\"," + plain + "}");
      case TWICE -> bytes("{" + plain + ",\"spec\":{\"a\":1,\"a\":2}," + plain + "}");
      case WITHOUT_NAME ->
          spec("\"metadata\":{\"resourceVersion\":\"%d\"}".formatted(version), "{}");
      case WITHOUT_VERSION ->
          spec(
              "\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\"}".formatted(name, namespace),
              "{}");
      case NULL -> bytes("null");
      case NUMBER -> bytes("-12.5e3");
      case BRACKETS -> spec(plain, "{\"a\":[}}}".repeat(2) + "]]");
      case NO_COLON -> spec(plain, "{\"a\" 1}");
    };
  }

  private static byte[] spec(String metadata, String spec) {
    return bytes("{\"kind\":\"K\"," + metadata + ",\"spec\":" + spec + ",\"status\":{}}");
  }

  private static byte[] wrong(byte[] object, Random random) {
    for (var i = 0; i < object.length; i++) {
      if (object[i] == '?') {
        object[i] = (byte) (0x80 + random.nextInt(0x80));
      }
    }
    return object;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] joined(String before, byte[] object, String after) {
    var all = new ByteArrayOutputStream(object.length + 100);
    all.writeBytes(bytes(before));
    all.writeBytes(object);
    all.writeBytes(bytes(after));
    return all.toByteArray();
  }
}
