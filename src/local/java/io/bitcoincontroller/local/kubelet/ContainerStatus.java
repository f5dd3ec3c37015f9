package io.bitcoincontroller.local.kubelet;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.kubelet.ContainerState.Running;
import io.bitcoincontroller.local.kubelet.ContainerState.Terminated;
import io.bitcoincontroller.local.kubelet.ContainerState.Waiting;
import java.util.Optional;

/**
 * One entry of {@code status.containerStatuses}.
 *
 * @param last how the container ended before its present state; empty if it never did
 * @param ready running, started, and the readiness probe, if any, says yes
 * @param started running, and the startup probe, if any, has said yes
 */
record ContainerStatus(
    String name,
    String image,
    ContainerState state,
    Optional<Terminated> last,
    int restartCount,
    boolean ready,
    boolean started) {

  static ContainerStatus creating(ContainerSpec spec) {
    var state = new Waiting("ContainerCreating", "");
    return new ContainerStatus(spec.name(), spec.image(), state, Optional.empty(), 0, false, false);
  }

  ContainerStatus waiting(String reason, String message) {
    return new ContainerStatus(
        name, image, new Waiting(reason, message), last, restartCount, false, false);
  }

  ContainerStatus running(Running state, boolean nowStarted, boolean nowReady) {
    return new ContainerStatus(name, image, state, last, restartCount, nowReady, nowStarted);
  }

  ContainerStatus terminated(Terminated state) {
    return new ContainerStatus(name, image, state, Optional.of(state), restartCount, false, false);
  }

  ContainerStatus restarted() {
    var creating = new Waiting("ContainerCreating", "");
    return new ContainerStatus(name, image, creating, last, restartCount + 1, false, false);
  }

  ObjectNode toJson(String podUid) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("name", name).put("image", image).put("imageID", image);
    json.put("containerID", "process://" + podUid + "/" + name + "/" + restartCount);
    json.put("restartCount", restartCount).put("ready", ready).put("started", started);
    json.set("state", state.toJson());
    var before = state instanceof Terminated ? Optional.<Terminated>empty() : last;
    json.set(
        "lastState",
        before.map(ContainerState::toJson).orElseGet(JsonNodeFactory.instance::objectNode));
    return json;
  }
}
