package io.bitcoincontroller.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import java.io.IOException;

/**
 * Makes one string of equal ones that come shortly after each other: namespaces, label values,
 * owners and conditions of thousands of pods are a few dozen strings. Halves what a pod takes.
 *
 * <p>A fixed number of slots, each with the last string of its hash: bounded, and nothing to clean
 * up. Threads may race for a slot; the loser's string is not shared, and that is all.
 */
final class SharedStrings extends StdScalarDeserializer<String> {
  private static final long serialVersionUID = 1L;
  private static final int SLOTS = 4096;

  /** Long strings are messages and certificates, which don't repeat. */
  static final int LONGEST = 100;

  private final String[] slots = new String[SLOTS];

  SharedStrings() {
    super(String.class);
  }

  @Override
  public String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
    var text = StringDeserializer.instance.deserialize(parser, context);
    if (text.length() > LONGEST) {
      return text;
    }
    var hash = text.hashCode();
    var slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
    var held = slots[slot];
    if (text.equals(held)) {
      return held;
    }
    slots[slot] = text;
    return text;
  }
}
