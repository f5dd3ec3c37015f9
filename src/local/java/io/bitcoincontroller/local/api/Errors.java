package io.bitcoincontroller.local.api;

import io.bitcoincontroller.local.api.Storage.StatusException;
import io.bitcoincontroller.local.api.schema.FieldError;
import java.util.List;

/** The refusals of the API, in Kubernetes' words. */
final class Errors {
  private Errors() {}

  static StatusException notFound(Kind kind, String name) {
    return new StatusException(404, "NotFound", kind.resource() + " \"" + name + "\" not found");
  }

  static StatusException noSuchPath() {
    return new StatusException(404, "NotFound", "the server could not find the requested resource");
  }

  static StatusException alreadyExists(Kind kind, String name) {
    return new StatusException(
        409, "AlreadyExists", kind.resource() + " \"" + name + "\" already exists");
  }

  static StatusException conflict(Kind kind, String name, String why) {
    return new StatusException(
        409,
        "Conflict",
        "Operation cannot be fulfilled on " + kind.resource() + " \"" + name + "\": " + why);
  }

  static StatusException modified(Kind kind, String name) {
    return conflict(
        kind,
        name,
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  static StatusException expired(String why) {
    return new StatusException(410, "Expired", why);
  }

  static StatusException tooLargeResourceVersion(long wanted, long current) {
    return new StatusException(
        504,
        "Timeout",
        "Too large resource version: " + wanted + ", current: " + current,
        List.of(new FieldError("ResourceVersionTooLarge", "", "Too large resource version")));
  }

  static StatusException badRequest(String why) {
    return new StatusException(400, "BadRequest", why);
  }

  static StatusException unsupportedMediaType(String type) {
    return new StatusException(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - \"" + type + "\"");
  }

  static StatusException methodNotAllowed() {
    return new StatusException(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  }

  static StatusException invalid(Kind kind, String name, List<FieldError> errors) {
    var type = kind.group().isEmpty() ? kind.kind() : kind.kind() + "." + kind.group();
    return new StatusException(
        422, "Invalid", type + " \"" + name + "\" is invalid: " + FieldError.join(errors), errors);
  }
}
