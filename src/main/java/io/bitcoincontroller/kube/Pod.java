package io.bitcoincontroller.kube;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The part of a Pod that decides whether its bitcoind can be reached, and that says why not. */
public record Pod(Meta metadata, Spec spec, Status status) implements KubeObject {
  /** Name of the volume on which bitcoind has its blocks. */
  public static final String BLOCKS = "data";

  /** Types of the conditions that are read. */
  private static final Set<String> READ = Set.of("Ready", "PodScheduled");

  private static final int MOST_CONTAINERS = 20;

  /** Of a word: whoever may write a pod's status may write a novel where a word is expected. */
  private static final int LONGEST_WORD = 100;

  static String word(String text) {
    return Excerpt.beginning(Objects.requireNonNullElse(text, ""), LONGEST_WORD);
  }

  /** Without annotations: nobody here reads a pod's, and network plug-ins write long ones. */
  public Pod {
    metadata =
        metadata == null || metadata.annotations().isEmpty()
            ? metadata
            : metadata.only(_ -> true, _ -> false);
    spec = spec == null || spec.volumes().isEmpty() ? Spec.NO_CLAIM : Spec.CLAIM;
    status = status == null ? new Status("", "", List.of(), List.of()) : status;
  }

  /**
   * @param volumes that of the blocks alone, and only if it is a claim: of it there is one value,
   *     which all pods share
   */
  public record Spec(List<Volume> volumes) {
    public static final Spec NO_CLAIM = new Spec(List.of());
    private static final Spec CLAIM = new Spec(List.of(Volume.OF_BLOCKS));

    public Spec {
      volumes =
          volumes != null && volumes.stream().anyMatch(Volume::hasBlocks)
              ? List.of(Volume.OF_BLOCKS)
              : List.of();
    }
  }

  /**
   * @param persistentVolumeClaim null if it is a volume of another kind
   */
  public record Volume(String name, Claim persistentVolumeClaim) {
    private static final Volume OF_BLOCKS = new Volume(BLOCKS, new Claim(""));

    private static boolean hasBlocks(Volume volume) {
      return volume != null && BLOCKS.equals(volume.name) && volume.persistentVolumeClaim != null;
    }
  }

  /** A volume that outlives its pods. */
  public record Claim(String claimName) {}

  /**
   * @param phase Pending, Running, Succeeded, Failed, Unknown, or empty
   * @param podIP empty until the pod has an address
   * @param containerStatuses of those that have not started, of a pod that is not ready
   */
  public record Status(
      String phase,
      String podIP,
      List<Condition> conditions,
      List<PodContainer> containerStatuses) {
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
          containerStatuses == null || conditions.stream().anyMatch(Condition::ready)
              ? List.of()
              : containerStatuses.stream()
                  .filter(c -> !c.started())
                  .limit(MOST_CONTAINERS)
                  .toList();
    }
  }

  /**
   * @param reason one word of who set it; empty for most
   * @param message its sentence, cut; kept where the pod has no place
   */
  public record Condition(String type, String status, String reason, String message) {
    public Condition {
      type = word(type);
      status = word(status);
      reason = word(reason);
      message = message == null || !type.equals("PodScheduled") ? "" : LastWords.sentence(message);
    }

    private boolean ready() {
      return type.equals("Ready") && status.equals("True");
    }
  }

  /** With less of its metadata. */
  public Pod with(Meta known) {
    return new Pod(known, spec, status);
  }

  /** All that is kept of a pod that is somebody else's. */
  public static Pod only(Meta known) {
    return new Pod(known, Spec.NO_CLAIM, new Status("", "", List.of(), List.of()));
  }

  /** Whether its blocks outlive it: a claim holds them. */
  public boolean keepsBlocks() {
    return !spec.volumes().isEmpty();
  }

  @Override
  public int weight() {
    return 100
        + metadata.weight()
        + 60 * status.conditions().size()
        + 600 * status.containerStatuses().size();
  }

  /**
   * Ready to be talked to: running, its readiness probe passed, an address, and not being deleted.
   */
  public boolean ready() {
    return live()
        && status.phase().equals("Running")
        && status.conditions().stream().anyMatch(Condition::ready);
  }

  /**
   * The reason why its bitcoind does not start: in the scheduler's or the kubelet's word, such as
   * {@code Unschedulable} or {@code CrashLoopBackOff}, with the sentence or the last words that
   * belong to it. The same while a container fails and is tried again.
   *
   * @return empty while it runs, or is on its ordinary way there
   */
  public Optional<String> trouble() {
    var scheduler =
        status.conditions().stream()
            .filter(c -> c.type().equals("PodScheduled") && c.status().equals("False"))
            .filter(c -> !c.reason().isEmpty())
            .map(c -> c.message().isEmpty() ? c.reason() : c.reason() + ": " + c.message());
    var kubelet = status.containerStatuses().stream().flatMap(c -> c.trouble().stream());
    return Stream.concat(scheduler, kubelet).findFirst();
  }

  /** Why it is not ready, as far as it shows: its trouble, or where it is on its way. */
  public Optional<String> obstacle() {
    if (metadata.deleting()) {
      return Optional.of("it is being deleted");
    }
    if (trouble().isPresent() || !status.phase().equals("Running")) {
      return trouble();
    }
    return Optional.of(
        status.containerStatuses().isEmpty()
            ? "its readiness probe fails"
            : "bitcoind is still starting");
  }

  /** Has an address that is this pod's: it may still be starting, or fail its probe for a while. */
  public boolean live() {
    return !metadata.deleting()
        && !status.podIP().isEmpty()
        && !status.phase().equals("Succeeded")
        && !status.phase().equals("Failed");
  }
}
