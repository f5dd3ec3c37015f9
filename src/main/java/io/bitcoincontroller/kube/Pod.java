package io.bitcoincontroller.kube;

import java.util.List;
import java.util.Objects;

/** The part of a Pod that decides whether its bitcoind can be reached. */
public record Pod(Meta metadata, Status status) implements KubeObject {
  /** Without annotations: nobody here reads a pod's, and network plug-ins write long ones. */
  public Pod {
    metadata = metadata == null ? metadata : metadata.withoutAnnotations();
    status = status == null ? new Status("", "", List.of()) : status;
  }

  /**
   * @param phase Pending, Running, Succeeded, Failed, Unknown, or empty
   * @param podIP empty until the pod has an address
   */
  public record Status(String phase, String podIP, List<Condition> conditions) {
    public Status {
      phase = Objects.requireNonNullElse(phase, "");
      podIP = Objects.requireNonNullElse(podIP, "");
      conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
  }

  public record Condition(String type, String status) {}

  /**
   * Ready to be talked to: running, its readiness probe passed, an address, and not being deleted.
   */
  public boolean ready() {
    return live()
        && status.phase().equals("Running")
        && status.conditions().stream()
            .anyMatch(c -> c.type().equals("Ready") && c.status().equals("True"));
  }

  /** Has an address that is this pod's: it may still be starting, or fail its probe for a while. */
  public boolean live() {
    return !metadata.deleting()
        && !status.podIP().isEmpty()
        && !status.phase().equals("Succeeded")
        && !status.phase().equals("Failed");
  }
}
