package io.bitcoincontroller.leader;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Requests;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Builds the requests of an election; pure. The Lease is not applied but patched on the basis of a
 * resourceVersion: of two candidates that saw the same Lease, one gets a conflict.
 */
final class LeaseRequests {
  /** Kubernetes' MicroTime. */
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final ObjectKey key;
  private final String me;
  private final LeaseTimes times;

  LeaseRequests(ObjectKey key, String me, LeaseTimes times) {
    this.key = key;
    this.me = me;
    this.times = times;
  }

  ApiRequest read() {
    return Requests.get(Lease.LEASES, key);
  }

  ApiRequest create(Instant wallClock) {
    var lease = JsonNodeFactory.instance.objectNode();
    lease.put("apiVersion", Lease.LEASES.apiVersion()).put("kind", Lease.LEASES.kind());
    lease.putObject("metadata").put("namespace", key.namespace()).put("name", key.name());
    var now = MICROS.format(wallClock);
    hold(lease.putObject("spec"), now).put("acquireTime", now).put("leaseTransitions", 0);
    return Requests.create(Lease.LEASES, key.namespace(), lease);
  }

  /** Takes the lease, or renews it if it is ours. */
  ApiRequest write(Lease base, Instant wallClock) {
    var patch = based(base);
    var now = MICROS.format(wallClock);
    var spec = hold(patch.putObject("spec"), now);
    if (!base.spec().holderIdentity().equals(me)) {
      spec.put("acquireTime", now).put("leaseTransitions", base.spec().leaseTransitions() + 1);
    }
    return Requests.merge(Lease.LEASES, key, patch);
  }

  private ObjectNode hold(ObjectNode spec, String now) {
    return spec.put("holderIdentity", me)
        .put("leaseDurationSeconds", (int) times.lease().toSeconds())
        .put("renewTime", now);
  }

  /** Gives the lease up: as client-go, nobody holds it, for a second. */
  ApiRequest release(Lease base, Instant wallClock) {
    var patch = based(base);
    patch
        .putObject("spec")
        .put("holderIdentity", "")
        .put("leaseDurationSeconds", 1)
        .put("renewTime", MICROS.format(wallClock));
    return Requests.merge(Lease.LEASES, key, patch);
  }

  private static ObjectNode based(Lease base) {
    var patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("metadata").put("resourceVersion", base.metadata().resourceVersion());
    return patch;
  }
}
