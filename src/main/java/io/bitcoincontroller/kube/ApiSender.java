package io.bitcoincontroller.kube;

import java.io.IOException;
import java.time.Duration;

/** Sends one short request: {@link ApiServer}, or a condition around it. */
@FunctionalInterface
public interface ApiSender {
  /** As {@link ApiServer#send}. */
  Reply send(ApiRequest request, Duration deadline) throws IOException, InterruptedException;
}
