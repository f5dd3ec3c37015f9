package io.bitcoincontroller.leader;

import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.Resource;
import java.util.Objects;

/** The part of a {@code coordination.k8s.io/v1} Lease that an election reads. */
record Lease(Meta metadata, Spec spec) implements KubeObject {
  static final Resource<Lease> LEASES =
      new Resource<>("coordination.k8s.io", "v1", "Lease", "leases", Lease.class);

  Lease {
    spec = Objects.requireNonNullElseGet(spec, () -> new Spec("", 0, "", 0));
  }

  /**
   * @param holderIdentity empty: nobody, the lease is free
   * @param leaseDurationSeconds how long the holder may stay silent
   * @param acquireTime for people: when the holder became it
   * @param leaseTransitions how often the holder changed
   */
  record Spec(
      String holderIdentity, int leaseDurationSeconds, String acquireTime, int leaseTransitions) {
    Spec {
      holderIdentity = Objects.requireNonNullElse(holderIdentity, "");
      acquireTime = Objects.requireNonNullElse(acquireTime, "");
    }
  }
}
