package io.bitcoincontroller.network;

import io.bitcoincontroller.api.Status;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.plan.Mining;
import io.bitcoincontroller.plan.Observation;
import io.bitcoincontroller.plan.Plan;
import io.bitcoincontroller.recorder.Recorder;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What the flight recorder gets of the passes over one network: what each saw, and what it made of
 * it. Most passes find all as the stored status says, and have nothing to do: while nobody looks,
 * no more than that is recorded.
 */
final class Recording {
  private record Found(Observation seen, Plan plan) {}

  private final String network;
  private final Recorder recorder;

  /** Of the pass that runs, until its status is compared. */
  private Optional<Found> open = Optional.empty();

  /** The pass that runs does more than to compare the status. */
  private boolean acts;

  /** A pass has done something, or found something new: the next one is told in full as well. */
  private boolean isNews;

  Recording(ObjectKey network, Recorder recorder) {
    this.network = network.toString();
    this.recorder = recorder;
  }

  /**
   * A pass has made its plan. {@link #compared} follows if it compares the status, and {@link
   * #over} in any case.
   */
  void planned(Observation seen, Plan plan) {
    acts = !plan.onlyReports() || Mining.concerns(seen.network());
    isNews |= acts;
    open = Optional.of(new Found(seen, plan)).filter(_ -> recorder.isOn());
    if (isNews || recorder.isWatched()) {
      tell();
    }
  }

  /** The pass has compared the status that it found with the stored one. */
  void compared(Status.Difference difference) {
    isNews = acts || difference != Status.Difference.NONE;
    if (!isNews && open.isPresent()) {
      recorder.record("observed", network, json -> json.writeStringField("as", "status"));
      open = Optional.empty();
    }
    tell();
  }

  /** The pass is over, whether it came as far as the status or not; or it does something else. */
  void over() {
    tell();
  }

  private void tell() {
    if (open.isPresent()) {
      var plan = open.get().plan();
      var seen = new ObservationRecording(open.get().seen(), plan);
      recorder.recordNews("observed", network, seen::write);
      recorder.recordNews("plan", network, new PlanRecording(plan, seen::ordinals)::write);
    }
    open = Optional.empty();
  }

  /**
   * The stored status is not as the pass found it.
   *
   * @param changed what differs
   * @param wait how long this is not worth a write; empty: it is written now
   */
  void status(Status.Difference difference, String changed, Optional<Duration> wait) {
    recorder.record(
        "status",
        network,
        json -> {
          json.writeStringField("difference", difference.name().toLowerCase(Locale.ROOT));
          json.writeStringField("words", changed);
          json.writeNumberField(
              "wait", TimeUnit.NANOSECONDS.toMicros(wait.orElse(Duration.ZERO).toNanos()));
        });
  }
}
