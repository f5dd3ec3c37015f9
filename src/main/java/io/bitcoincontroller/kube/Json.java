package io.bitcoincontroller.kube;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBuilder;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Comparator;

/** The one mapper for the Kubernetes API: fields that our records don't name are skipped. */
public final class Json {
  /** etcd takes 1.5 MiB for an object; one string can't be longer. */
  private static final int LONGEST_STRING = 2 * 1024 * 1024;

  public static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  // managedFields hold ever new names, which would fill the JVM's own table
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(LONGEST_STRING).build())
                  .build())
          .addModule(
              new SimpleModule()
                  .addDeserializer(StoredObject.class, new StoredObjectReader())
                  .addDeserializer(String.class, new SharedStrings())
                  .setDeserializerModifier(new UnknownSkipped()))
          .build();

  private static final Comparator<JsonNode> BY_VALUE =
      (one, other) ->
          one.isNumber() && other.isNumber()
              ? one.decimalValue().compareTo(other.decimalValue())
              : one.equals(other) || (empty(one) && empty(other)) ? 0 : 1;

  private Json() {}

  /** Kubernetes 1.20 built with a newer Go stores an empty string of a custom resource as null. */
  private static boolean empty(JsonNode node) {
    return node.isNull() || (node.isTextual() && node.textValue().isEmpty());
  }

  /**
   * Equality of trees that takes 3 read as an int and 3 written as a long for the same, and so null
   * and the empty string.
   */
  public static boolean same(JsonNode one, JsonNode other) {
    return one.equals(BY_VALUE, other);
  }

  /**
   * A StoredObject is its own tree; no annotation, since jackson-annotations is not ours to use.
   */
  private static final class StoredObjectReader extends StdDeserializer<StoredObject> {
    private static final long serialVersionUID = 1L;

    StoredObjectReader() {
      super(StoredObject.class);
    }

    @Override
    public StoredObject deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return StoredObject.of(context.readValue(parser, ObjectNode.class));
    }
  }

  /**
   * Skips unknown fields as they come. The feature FAIL_ON_UNKNOWN_PROPERTIES, turned off, does so
   * only for classes with setters: of a record's unknown fields, nine tenths of a pod, databind
   * would first make a copy.
   */
  private static final class UnknownSkipped extends BeanDeserializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public BeanDeserializerBuilder updateBuilder(
        DeserializationConfig config, BeanDescription type, BeanDeserializerBuilder builder) {
      builder.setIgnoreUnknownProperties(true);
      return builder;
    }
  }

  /** Maps a tree to a record; an unfitting tree is an IllegalArgumentException. */
  public static <T> T convert(JsonNode node, Class<T> type) {
    return MAPPER.convertValue(node, type);
  }
}
