package io.bitcoincontroller.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBuilder;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Comparator;

/** The one mapper for the Kubernetes API: fields that our records don't name are skipped. */
public final class Json {
  /** etcd takes 1.5 MiB for an object; one string can't be longer. */
  private static final int LONGEST_STRING = 2 * 1024 * 1024;

  /** Deeper than any object in use; and shallow enough for who walks a tree by recursion. */
  private static final int DEEPEST = 100;

  private static final int LONGEST_NUMBER = 1000;

  /** Of a field's name in a message, in characters. */
  private static final int LONGEST_PLACE = 200;

  /** The status of 500 nodes has a fifth of these. A tree takes up to 70 bytes for each. */
  private static final int MOST_TOKENS = 50_000;

  public static final JsonMapper MAPPER = mapper(true);

  /** For bytes that have spoiled, or would fill, the table of names that parsers share. */
  private static final JsonMapper WITHOUT_TABLE = mapper(false);

  private static final Comparator<JsonNode> BY_VALUE =
      (one, other) ->
          finite(one) && finite(other)
              ? one.decimalValue().compareTo(other.decimalValue())
              : one.equals(other) || (empty(one) && empty(other)) ? 0 : 1;

  private Json() {}

  private static JsonMapper mapper(boolean tableOfNames) {
    var limits =
        StreamReadConstraints.builder()
            .maxStringLength(LONGEST_STRING)
            .maxNameLength(LONGEST_STRING)
            .maxNestingDepth(DEEPEST)
            .maxNumberLength(LONGEST_NUMBER)
            .maxTokenCount(MOST_TOKENS)
            .build();
    var factory =
        JsonFactory.builder()
            // managedFields hold ever new names, which would fill the JVM's own table
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, tableOfNames)
            .streamReadConstraints(limits)
            .build();
    return JsonMapper.builder(factory)
        .addModule(
            new SimpleModule()
                .addDeserializer(StoredObject.class, new StoredObjectReader())
                .addDeserializer(String.class, new SharedStrings())
                .setDeserializerModifier(new UnknownSkipped()))
        .build();
  }

  /**
   * Reads a value.
   *
   * @return null only for {@code null}
   * @throws IOException if it is no JSON, larger, deeper or wider than what is taken, or of another
   *     form than the type; the message may show a piece of it
   */
  static <T> T read(Frame frame, Class<T> type) throws IOException {
    if (frame.tooLarge()) {
      throw new IOException("it takes more than " + KeptBytes.LARGEST / 1024 / 1024 + " MiB");
    }
    if (!frame.longNames()) {
      try {
        return MAPPER.readValue(frame.bytes(), 0, frame.length(), type);
      } catch (IOException | RuntimeException _) {
        // other bytes may have spoiled the table, or these are not UTF-8: the second try tells
      }
    }
    try {
      return WITHOUT_TABLE.readValue(new String(frame.bytes(), 0, frame.length(), UTF_8), type);
    } catch (MismatchedInputException e) {
      throw new IOException(misfit(e), e);
    } catch (RuntimeException e) {
      throw new IOException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Names the field, such as {@code metadata.ownerReferences[0]}. */
  private static String misfit(MismatchedInputException e) {
    var place = new StringBuilder();
    for (var step : e.getPath()) {
      if (step.getFieldName() == null) {
        place.append('[').append(step.getIndex()).append(']');
      } else {
        place.append(place.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return (place.isEmpty() ? "it" : Excerpt.of(place.toString(), LONGEST_PLACE))
        + " has the wrong form";
  }

  /** As {@link #read(Frame, Class)}, of a text that is one value. */
  static <T> T read(byte[] json, Class<T> type) throws IOException {
    try (var cutter = new Cutter(new ByteArrayInputStream(json), false)) {
      return read(cutter.value(LeftOut.NOTHING), type);
    }
  }

  /**
   * For text that {@link #MAPPER} wrote of a tree which was read here, and so is within all bounds.
   */
  static JsonNode written(byte[] json) throws IOException {
    return WITHOUT_TABLE.readTree(json);
  }

  /**
   * Reads a tree into a record.
   *
   * @throws IOException if it does not fit
   */
  public static <T> T read(JsonNode tree, Class<T> type) throws IOException {
    try {
      return convert(tree, type);
    } catch (IllegalArgumentException e) {
      throw new IOException("not of the form that it should have", e);
    }
  }

  private static boolean finite(JsonNode node) {
    return node.isNumber()
        && (!node.isFloatingPointNumber() || Double.isFinite(node.doubleValue()));
  }

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

  /**
   * Maps a tree to a record; an unfitting tree is an IllegalArgumentException. Reads the tree
   * itself: {@code convertValue} would first copy it into a buffer of tokens.
   *
   * @return null for null, and for what is missing
   */
  public static <T> T convert(JsonNode node, Class<T> type) {
    try {
      return MAPPER.treeToValue(node.isMissingNode() ? MAPPER.nullNode() : node, type);
    } catch (MismatchedInputException e) {
      throw new IllegalArgumentException(misfit(e), e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
