package io.bitcoincontroller.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.desired.Creation;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import java.util.Optional;

/**
 * The POST of a child that is not there, the server-side apply of one that is, or the DELETE of one
 * that the spec does not want any more.
 *
 * @param over the stored object; empty if there is none
 * @param rendered the child as it shall be
 * @param news to be reported once it is done; empty for a later step of a reported change
 */
public record Write(
    Resource<StoredObject> resource,
    ObjectKey key,
    Optional<StoredObject> over,
    ObjectNode rendered,
    ApiRequest request,
    Optional<Note> news) {
  public boolean creates() {
    return over.isEmpty();
  }

  /**
   * Whether it only reads the object, to prepare it for its first apply: see {@link
   * Creation#handOver}. The pass after this one applies.
   */
  public boolean handsOver() {
    return request.method().equals("GET");
  }

  public boolean removes() {
    return request.method().equals("DELETE");
  }
}
