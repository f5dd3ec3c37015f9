package io.bitcoincontroller.kube;

import java.io.IOException;
import java.time.Duration;

/** All that the controller asks of an API server: {@link ApiServer}, or a simulated one. */
public interface ApiClient extends ApiSender {
  /** As {@link ApiServer#open}. */
  ApiServer.Opening open(ApiRequest request, Duration deadline)
      throws IOException, InterruptedException;
}
