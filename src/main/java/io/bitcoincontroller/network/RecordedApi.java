package io.bitcoincontroller.network;

import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.NotSentException;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.recorder.Recorder;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;

/** Requests to the API server, each with an entry in the flight recorder. */
record RecordedApi(ObjectKey network, ApiSender api, Recorder recorder, Ticker ticker)
    implements ApiSender {
  @Override
  public Reply send(ApiRequest request, Duration deadline)
      throws IOException, InterruptedException {
    var began = ticker.nanos();
    try {
      var reply = api.send(request, deadline);
      switch (reply) {
        case Reply.Success(int code, _) -> record(request, began, "ok", "HTTP " + code);
        case Reply.Failure failure -> record(request, began, "refused", failure.text());
      }
      return reply;
    } catch (NotSentException e) {
      record(request, began, "not-sent", String.valueOf(e.getMessage()));
      throw e;
    } catch (IOException e) {
      record(request, began, "lost", String.valueOf(e.getMessage()));
      throw e;
    }
  }

  /** Method and path alone: a body may hold a Secret. */
  private void record(ApiRequest request, long began, String outcome, String why) {
    recorder.record(
        "call",
        network.toString(),
        json -> {
          json.writeStringField("to", "api");
          json.writeStringField("target", Recorder.cut(request.toString()));
          json.writeStringField("outcome", outcome);
          json.writeStringField("why", Recorder.cut(why));
          json.writeNumberField("micros", (ticker.nanos() - began) / 1000);
        });
  }
}
