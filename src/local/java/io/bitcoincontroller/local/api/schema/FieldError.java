package io.bitcoincontroller.local.api.schema;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One thing that is wrong with an object, as Kubernetes' {@code field.Error} has it.
 *
 * @param reason for machines, such as {@code FieldValueInvalid}
 * @param field such as {@code spec.nodes}
 * @param message for people, without the field
 */
public record FieldError(String reason, String field, String message) {
  public static FieldError invalid(String field, String value, String why) {
    return new FieldError("FieldValueInvalid", field, "Invalid value: " + value + ": " + why);
  }

  public static FieldError required(String field) {
    return new FieldError("FieldValueRequired", field, "Required value");
  }

  public static FieldError required(String field, String why) {
    return new FieldError("FieldValueRequired", field, "Required value: " + why);
  }

  public static FieldError forbidden(String field, String why) {
    return new FieldError("FieldValueForbidden", field, "Forbidden: " + why);
  }

  static FieldError notSupported(String field, String value, List<String> supported) {
    return new FieldError(
        "FieldValueNotSupported",
        field,
        "Unsupported value: " + value + ": supported values: " + String.join(", ", supported));
  }

  static FieldError tooLong(String field, int limit) {
    return new FieldError("FieldValueTooLong", field, "Too long: may not be longer than " + limit);
  }

  static FieldError tooMany(String field, int actual, int limit) {
    return new FieldError(
        "FieldValueTooMany",
        field,
        "Too many: " + actual + ": must have at most " + limit + " items");
  }

  /** All errors in one sentence, as in the message of a 422. */
  public static String join(List<FieldError> errors) {
    var texts =
        errors.stream()
            .map(e -> e.field + ": " + e.message)
            .distinct()
            .collect(Collectors.toList());
    return texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]";
  }
}
