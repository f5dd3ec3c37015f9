package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.schema.FieldError;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * The objects of the local cluster and the log of their changes, with one revision counter for all
 * kinds, as etcd has. It hands out copies. Everything that acts in the cluster (HTTP handlers, the
 * StatefulSet controller, the garbage collector, the kubelet) reads and writes here, and replays
 * the log to hear of changes: nothing calls another.
 */
public interface Storage {
  /** The API answers with a {@code Status} object of this code, reason and message. */
  final class StatusException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public final int code;
    public final String reason;

    /** Which fields are wrong, or whose they are; often empty. */
    public final transient List<FieldError> causes;

    public StatusException(int code, String reason, String message) {
      this(code, reason, message, List.of());
    }

    public StatusException(int code, String reason, String message, List<FieldError> causes) {
      super(message);
      this.code = code;
      this.reason = reason;
      this.causes = List.copyOf(causes);
    }
  }

  enum ChangeType {
    ADDED,
    MODIFIED,
    DELETED
  }

  record Change(ChangeType type, Kind kind, ObjectNode object, long revision) {}

  /** A reader of the log at a place of its own. */
  interface Changes extends AutoCloseable {
    /**
     * Waits for the next change.
     *
     * @return the next change, or empty if none came in time
     * @throws StatusException 410 Expired if the log no longer reaches back to the reader
     */
    Optional<Change> next(Duration patience) throws InterruptedException;

    @Override
    void close();
  }

  /**
   * Stores an object with a uid, creationTimestamp, generation and resourceVersion of its own. 409
   * AlreadyExists if it is there.
   */
  ObjectNode create(Kind kind, ObjectNode object);

  Optional<ObjectNode> get(Kind kind, ObjectKey key);

  /** All of a kind, sorted by namespace and name. */
  List<ObjectNode> list(Kind kind);

  /**
   * Changes an object atomically: {@code change} gets a copy and returns what shall be stored. No
   * revision is spent where nothing differs. 404 NotFound if absent. An object with a
   * deletionTimestamp and no finalizers left is removed.
   */
  ObjectNode update(Kind kind, ObjectKey key, UnaryOperator<ObjectNode> change);

  /**
   * Does what a DELETE request does. Where finalizers or a kubelet must act first, it sets
   * deletionTimestamp (and the grace period of a pod); otherwise it removes the object.
   */
  void delete(Kind kind, ObjectKey key);

  /**
   * As {@link #delete(Kind, ObjectKey)}, with a grace period for pods: 0 removes at once.
   *
   * @param graceSeconds empty for the pod's own terminationGracePeriodSeconds
   */
  void delete(Kind kind, ObjectKey key, OptionalLong graceSeconds);

  /** Removes the object now, whatever its finalizers: the kubelet's last word on a pod. */
  void remove(Kind kind, ObjectKey key);

  /** The revision of the last change. */
  long revision();

  /** Changes of one kind after a revision. 410 Expired if the log no longer reaches back to it. */
  Changes changes(Kind kind, long afterRevision);
}
