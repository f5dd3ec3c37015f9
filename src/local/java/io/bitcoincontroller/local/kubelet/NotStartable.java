package io.bitcoincontroller.local.kubelet;

/** A container can't be started now; it may be later, when somebody has mended what is named. */
final class NotStartable extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why, and as what Kubernetes shows it; only the last one counts as an end of the container. */
  enum Reason {
    /** A volume's ConfigMap or Secret is missing. */
    VOLUME("ContainerCreating"),
    /** An environment variable's is. */
    ENVIRONMENT("CreateContainerConfigError"),
    /** There is no such program. */
    PROGRAM("StartError");

    final String shown;

    Reason(String shown) {
      this.shown = shown;
    }
  }

  final Reason reason;

  NotStartable(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }
}
