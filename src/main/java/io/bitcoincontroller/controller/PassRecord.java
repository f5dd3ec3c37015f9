package io.bitcoincontroller.controller;

import io.bitcoincontroller.recorder.Cause;
import io.bitcoincontroller.recorder.Causes;
import io.bitcoincontroller.recorder.Recorder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the flight recorder gets of passes: why each began, how it ended, and what comes next. */
record PassRecord<K>(Recorder recorder) {
  /** A look that is to come, unless the key is queued before. */
  record Delay(Duration after, Cause cause) {}

  void begun(K key, Causes causes, Duration waited) {
    recorder.record(
        "pass",
        key.toString(),
        json -> {
          json.writeArrayFieldStart("causes");
          for (var cause : causes.list()) {
            json.writeStartObject();
            cause.write(json);
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeNumberField("more", causes.more());
          json.writeNumberField("waited", TimeUnit.NANOSECONDS.toMicros(waited.toNanos()));
        });
  }

  void ended(K key, Outcome outcome, List<Delay> delays) {
    switch (outcome) {
      case Outcome.Synced() -> ended(key, "synced", "", delays);
      case Outcome.Gone() -> {
        ended(key, "gone", "", delays);
        recorder.forget(key.toString());
      }
      case Outcome.LookAgainAfter _ -> ended(key, "look-again", "", delays);
      case Outcome.NotNow(_, var reason) -> ended(key, "not-now", reason, delays);
      case Outcome.RetryBecause(var reason, _) -> ended(key, "retry", reason, delays);
      case Outcome.InvalidBecause(var reason) -> ended(key, "invalid", reason, delays);
    }
  }

  void failed(K key, String reason, List<Delay> delays) {
    ended(key, "failed", reason, delays);
  }

  private void ended(K key, String outcome, String words, List<Delay> delays) {
    recorder.record(
        "end",
        key.toString(),
        json -> {
          json.writeStringField("outcome", outcome);
          json.writeStringField("words", Recorder.cut(words));
          json.writeArrayFieldStart("delays");
          for (var delay : delays) {
            json.writeStartObject();
            json.writeNumberField("after", TimeUnit.NANOSECONDS.toMicros(delay.after().toNanos()));
            delay.cause().write(json);
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }
}
