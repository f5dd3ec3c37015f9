package io.bitcoincontroller.controller;

import io.bitcoincontroller.recorder.Cause;
import io.bitcoincontroller.recorder.Causes;
import io.bitcoincontroller.recorder.Recorder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What the flight recorder gets of passes: why each began, how it ended, and what comes next. */
record PassRecord<K>(Recorder recorder) {
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

  void ended(K key, Outcome outcome) {
    switch (outcome) {
      case Outcome.Synced() -> ended(key, "synced", "");
      case Outcome.Gone() -> {
        ended(key, "gone", "");
        recorder.forget(key.toString());
      }
      case Outcome.LookAgainAfter _ -> ended(key, "look-again", "");
      case Outcome.NotNow(_, var reason) -> ended(key, "not-now", reason);
      case Outcome.RetryBecause(var reason, _) -> ended(key, "retry", reason);
      case Outcome.InvalidBecause(var reason) -> ended(key, "invalid", reason);
    }
  }

  void failed(K key, String reason) {
    ended(key, "failed", reason);
  }

  private void ended(K key, String outcome, String words) {
    recorder.record(
        "end",
        key.toString(),
        json -> {
          json.writeStringField("outcome", outcome);
          json.writeStringField("words", Recorder.cut(words));
        });
  }

  void delayed(K key, Duration delay, Cause cause) {
    recorder.record(
        "delay",
        key.toString(),
        json -> {
          json.writeNumberField("after", TimeUnit.NANOSECONDS.toMicros(delay.toNanos()));
          cause.write(json);
        });
  }
}
