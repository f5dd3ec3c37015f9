package io.bitcoincontroller.cache;

import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.Reply.Failure;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.Resource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A resource that is watched, and the requests for that.
 *
 * @param namespace empty for all
 * @param labelSelector empty for all
 */
record Watched<T extends KubeObject>(Resource<T> resource, String namespace, String labelSelector) {
  /** As client-go asks: a page is a second's work for a server, and few pages are few requests. */
  private static final int PAGE_SIZE = 500;

  /** For people. */
  String name() {
    return resource.plural() + (namespace.isEmpty() ? "" : " in namespace " + namespace);
  }

  /**
   * First all there is, as events, then a marker, then what changes. NotOlderThan with no version
   * means: at least as new as this moment, whichever of several API servers answers.
   */
  ApiRequest streamedList(long timeoutSeconds) {
    var query = new LinkedHashMap<String, String>();
    query.put("watch", "1");
    query.put("sendInitialEvents", "true");
    query.put("resourceVersionMatch", "NotOlderThan");
    return watch(query, timeoutSeconds);
  }

  /** The changes after a version. */
  ApiRequest watch(String version, long timeoutSeconds) {
    var query = new LinkedHashMap<String, String>();
    query.put("watch", "1");
    query.put("resourceVersion", version);
    return watch(query, timeoutSeconds);
  }

  /**
   * The meaning of a refusal, for people. The list of a resource that is served exists even if it
   * is empty: 404 means that the server does not know the resource.
   */
  String refusal(Failure why) {
    return why.code() == 404 && !resource.installed().isEmpty()
        ? "the API server does not serve "
            + resource.plural()
            + "."
            + resource.group()
            + "/"
            + resource.version()
            + " ("
            + why.text()
            + "): "
            + resource.installed()
        : why.text();
  }

  private ApiRequest watch(Map<String, String> query, long timeoutSeconds) {
    query.put("allowWatchBookmarks", "true");
    query.put("timeoutSeconds", Long.toString(timeoutSeconds));
    query.put("labelSelector", labelSelector);
    return Requests.collection(resource, namespace, query);
  }

  /** One page, at least as new as this moment: a resourceVersion of ours might be compacted. */
  ApiRequest page(String continueToken) {
    var query = new LinkedHashMap<String, String>();
    query.put("limit", Integer.toString(PAGE_SIZE));
    query.put("continue", continueToken);
    query.put("labelSelector", labelSelector);
    return Requests.collection(resource, namespace, query);
  }

  /**
   * The smallest list, for its version: the server reads it from etcd, by a quorum, and not from
   * its watch cache. With our selector a server would have to look for an object that matches.
   */
  ApiRequest probe() {
    return Requests.collection(resource, namespace, Map.of("limit", "1"));
  }

  /** All in one page: it can't be compacted away while it is read. */
  ApiRequest whole() {
    return Requests.collection(resource, namespace, Map.of("labelSelector", labelSelector));
  }
}
