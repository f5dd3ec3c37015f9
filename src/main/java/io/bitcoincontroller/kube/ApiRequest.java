package io.bitcoincontroller.kube;

import java.util.Optional;

/**
 * One request to the API server as a value: {@link Requests} builds them, {@link ApiServer} sends
 * them, tests and golden transcripts compare them.
 *
 * @param target path and query, percent-encoded
 * @param contentType of the body; empty where there is none
 * @param body empty for GET and most DELETE requests; never logged, since it may be a Secret
 * @param answerRead false where only {@code metadata.uid} and {@code resourceVersion} of the answer
 *     are of use: it is then taken whatever else it holds
 */
public record ApiRequest(
    String method, String target, String contentType, Optional<String> body, boolean answerRead) {
  public ApiRequest(String method, String target, String contentType, Optional<String> body) {
    this(method, target, contentType, body, true);
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
