package io.bitcoincontroller.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** An answer of the API server. A wire that failed is an IOException instead. */
public sealed interface Reply {
  int code();

  /** Perhaps the object that was named is gone, or has changed, or another one has its name. */
  default boolean missed() {
    return code() == 404 || code() == 409;
  }

  /** 2xx. */
  record Success(int code, JsonNode body) implements Reply {}

  /**
   * Anything else, read from the {@code Status} object in the body where there is one.
   *
   * @param reason Kubernetes' word for machines, such as {@code AlreadyExists}; may be empty
   * @param message Kubernetes' sentence for people; never branch on it
   * @param causes the {@code details.causes[].reason} words, such as {@code
   *     ResourceVersionTooLarge}
   * @param retryAfter from the header of that name
   */
  record Failure(
      int code, String reason, String message, List<String> causes, Optional<Duration> retryAfter)
      implements Reply {
    /** One line for logs, conditions and people. */
    public String text() {
      var status = reason.isEmpty() ? "HTTP " + code : "HTTP " + code + " " + reason;
      return message.isEmpty() ? status : status + ": " + message;
    }
  }
}
