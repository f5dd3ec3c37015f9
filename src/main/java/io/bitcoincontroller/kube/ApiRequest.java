package io.bitcoincontroller.kube;

import java.util.Optional;

/**
 * One request to the API server as a value: {@link Requests} builds them, {@link ApiServer} sends
 * them, tests and golden transcripts compare them.
 *
 * @param target path and query, percent-encoded
 * @param contentType of the body; empty where there is none
 * @param body empty for GET and most DELETE requests; never logged, since it may be a Secret
 * @param answer the part of an object that the server is to send back
 */
public record ApiRequest(
    String method, String target, String contentType, Optional<String> body, Answer answer) {
  /** A part of an object. */
  public enum Answer {
    /** All but {@code metadata.managedFields}. */
    OBJECT,

    /** {@code metadata}, and {@code managedFields} with it. */
    METADATA,

    /**
     * {@code metadata.uid} and {@code resourceVersion}. Nothing else is read: the object is one
     * that can't be read, or its watch shows the rest.
     */
    IDENTITY
  }

  public ApiRequest(String method, String target, String contentType, Optional<String> body) {
    this(method, target, contentType, body, Answer.OBJECT);
  }

  static ApiRequest get(String target) {
    return new ApiRequest("GET", target, "", Optional.empty());
  }

  /** Method and target only: a body may hold a Secret. */
  @Override
  public String toString() {
    return method + " " + target;
  }
}
