package io.bitcoincontroller.local.api;

import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.http.Exchange;
import io.bitcoincontroller.local.http.HttpRequest;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The subresources of pods that someone else answers: {@code log}, {@code exec}. */
public final class PodStreams {
  /** Answers one subresource. */
  public interface PodHandler {
    /**
     * Answers as {@link io.bitcoincontroller.local.http.Handler} does; the pod may not exist.
     *
     * @throws Storage.StatusException to be answered as a Status object
     */
    void handle(ObjectKey pod, HttpRequest request, Exchange exchange)
        throws IOException, InterruptedException;
  }

  private final Map<String, PodHandler> handlers = new ConcurrentHashMap<>();

  /** From now on, requests for this subresource of pods go to the handler. */
  public void register(String subresource, PodHandler handler) {
    handlers.put(subresource, handler);
  }

  boolean serves(String subresource) {
    return handlers.containsKey(subresource);
  }

  void handle(ObjectKey pod, String subresource, HttpRequest request, Exchange exchange)
      throws IOException, InterruptedException {
    var handler = handlers.get(subresource);
    if (handler == null) {
      throw Errors.noSuchPath();
    }
    handler.handle(pod, request, exchange);
  }
}
