package io.bitcoincontroller.kube;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One of a Pod's {@code status.containerStatuses}.
 *
 * @param state what it does now
 * @param lastState what it did before
 * @param started it runs, and its startup probe has passed
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/">Pod
 *     lifecycle</a>
 */
public record PodContainer(State state, State lastState, boolean started, int restartCount) {
  /** Reasons for which a container waits on its ordinary way. */
  private static final Set<String> ORDINARY = Set.of("", "ContainerCreating", "PodInitializing");

  private static final String CRASHES = "CrashLoopBackOff";

  public PodContainer {
    state = Objects.requireNonNullElse(state, State.NONE);
    lastState = Objects.requireNonNullElse(lastState, State.NONE);
  }

  /** Of running nothing is read. */
  public record State(Waiting waiting, Terminated terminated) {
    private static final State NONE = new State(Waiting.NONE, Terminated.NONE);

    public State {
      waiting = Objects.requireNonNullElse(waiting, Waiting.NONE);
      terminated = Objects.requireNonNullElse(terminated, Terminated.NONE);
    }
  }

  /**
   * @param message cut; empty where it would change from one try to the next
   */
  public record Waiting(String reason, String message) {
    private static final Waiting NONE = new Waiting("", "");

    public Waiting {
      reason = Pod.word(reason);
      message =
          switch (reason) {
            case CRASHES -> "";
            case "ErrImagePull", "ImagePullBackOff" -> "check spec.image, and who may pull it";
            default -> LastWords.sentence(Objects.requireNonNullElse(message, ""));
          };
      // a pull that failed is called by two names in turn
      reason = reason.equals("ErrImagePull") ? "ImagePullBackOff" : reason;
    }
  }

  /**
   * @param reason OOMKilled, Error, Completed, StartError and others of the kubelet and its runtime
   * @param message the container's last words: {@code terminationMessagePolicy} says where from
   */
  public record Terminated(String reason, int exitCode, String message) {
    /** It has not ended. */
    private static final Terminated NONE = new Terminated("", -1, "");

    public Terminated {
      reason = Pod.word(reason);
      message = LastWords.of(Objects.requireNonNullElse(message, ""));
    }

    private String words() {
      if (reason.equals("OOMKilled")) {
        return "OOMKilled: it takes more memory than it may; raise spec.resources.limits.memory";
      }
      return message.isEmpty() ? "it ended with exit code " + exitCode : message;
    }
  }

  /** The reason why it does not start; the same while it fails and is tried again. */
  Optional<String> trouble() {
    if (started) {
      return Optional.empty();
    }
    var end =
        Stream.of(state, lastState)
            .map(State::terminated)
            .filter(terminated -> !terminated.equals(Terminated.NONE))
            .findFirst()
            .map(Terminated::words);
    var waitsFor = state.waiting().reason();
    if (ORDINARY.contains(waitsFor) || waitsFor.equals(CRASHES)) {
      // the kubelet tries once more at once, and waits before each try after that
      var waited = waitsFor.equals(CRASHES) || restartCount > 1;
      return end.map(words -> waited ? CRASHES + ": " + words : words)
          .or(() -> Optional.of(waitsFor).filter(CRASHES::equals));
    }
    var message = state.waiting().message();
    return Optional.of(message.isEmpty() ? waitsFor : waitsFor + ": " + message);
  }
}
