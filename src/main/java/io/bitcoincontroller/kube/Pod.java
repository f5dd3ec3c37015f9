package io.bitcoincontroller.kube;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The part of a Pod that decides whether its bitcoind can be reached, and that says why not. */
public record Pod(Meta metadata, Status status) implements KubeObject {
  /** What a container waits for on its ordinary way. */
  private static final Set<String> ORDINARY = Set.of("", "ContainerCreating", "PodInitializing");

  /** Types of the conditions that are read. */
  private static final Set<String> READ = Set.of("Ready", "PodScheduled");

  private static final int MOST_CONTAINERS = 20;

  /** What stands where one word is expected: whoever may write a pod's status may write a novel. */
  private static final int LONGEST_WORD = 100;

  private static String word(String text) {
    var word = Objects.requireNonNullElse(text, "");
    return word.length() > LONGEST_WORD ? word.substring(0, LONGEST_WORD) : word;
  }

  /** Without annotations: nobody here reads a pod's, and network plug-ins write long ones. */
  public Pod {
    metadata =
        metadata == null || metadata.annotations().isEmpty()
            ? metadata
            : metadata.only(_ -> true, _ -> false);
    status = status == null ? new Status("", "", List.of(), List.of()) : status;
  }

  /**
   * @param phase Pending, Running, Succeeded, Failed, Unknown, or empty
   * @param podIP empty until the pod has an address
   * @param containerStatuses of those that wait for something
   */
  public record Status(
      String phase, String podIP, List<Condition> conditions, List<Container> containerStatuses) {
    public Status {
      phase = word(phase);
      podIP = word(podIP);
      conditions =
          conditions == null
              ? List.of()
              : conditions.stream()
                  .filter(c -> READ.contains(c.type()))
                  .limit(READ.size())
                  .toList();
      containerStatuses =
          containerStatuses == null
              ? List.of()
              : containerStatuses.stream()
                  .filter(c -> !c.waitsFor().isEmpty())
                  .limit(MOST_CONTAINERS)
                  .toList();
    }
  }

  /**
   * @param reason one word of who set it; empty for most
   */
  public record Condition(String type, String status, String reason) {
    public Condition {
      type = word(type);
      status = word(status);
      reason = word(reason);
    }
  }

  /** One of {@code status.containerStatuses}. */
  public record Container(State state) {
    /** In the kubelet's word; a pull that failed is called by two in turn. */
    private String waitsFor() {
      return Stream.ofNullable(state)
          .flatMap(s -> Stream.ofNullable(s.waiting()))
          .flatMap(w -> Stream.ofNullable(w.reason()))
          .map(why -> why.equals("ErrImagePull") ? "ImagePullBackOff" : why)
          .findFirst()
          .orElse("");
    }

    /** Of running and terminated nothing is read. */
    public record State(Waiting waiting) {}

    public record Waiting(String reason) {
      public Waiting {
        reason = word(reason);
      }
    }
  }

  /** With less of its metadata. */
  public Pod with(Meta known) {
    return new Pod(known, status);
  }

  /** All that is kept of a pod that is somebody else's. */
  public static Pod only(Meta known) {
    return new Pod(known, new Status("", "", List.of(), List.of()));
  }

  @Override
  public int weight() {
    return 200
        + metadata.weight()
        + 150 * (status.conditions().size() + status.containerStatuses().size());
  }

  /**
   * Ready to be talked to: running, its readiness probe passed, an address, and not being deleted.
   */
  public boolean ready() {
    return live()
        && status.phase().equals("Running")
        && status.conditions().stream()
            .anyMatch(c -> c.type().equals("Ready") && c.status().equals("True"));
  }

  /**
   * What keeps its own containers from running, in one word of the scheduler or the kubelet: {@code
   * Unschedulable}, {@code ImagePullBackOff}, {@code CrashLoopBackOff}; {@code kubectl describe
   * pod} has the rest.
   *
   * @return empty while it runs, or is on its ordinary way there
   */
  public Optional<String> obstacle() {
    var scheduler =
        status.conditions().stream()
            .filter(c -> c.type().equals("PodScheduled") && c.status().equals("False"))
            .map(Condition::reason);
    var kubelet = status.containerStatuses().stream().map(Container::waitsFor);
    return Stream.concat(scheduler, kubelet).filter(why -> !ORDINARY.contains(why)).findFirst();
  }

  /** Has an address that is this pod's: it may still be starting, or fail its probe for a while. */
  public boolean live() {
    return !metadata.deleting()
        && !status.podIP().isEmpty()
        && !status.phase().equals("Succeeded")
        && !status.phase().equals("Failed");
  }
}
