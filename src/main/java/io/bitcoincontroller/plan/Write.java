package io.bitcoincontroller.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import java.util.Optional;

/**
 * One server-side apply of a child, or the DELETE of one that the spec does not want any more.
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

  public boolean removes() {
    return request.method().equals("DELETE");
  }
}
