package io.bitcoincontroller.bitcoind;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.function.BooleanSupplier;

/** A body that is not sent if it is not wanted any more when its turn comes. */
final class LateCheck implements BodyPublisher {
  private final BodyPublisher body;
  private final BooleanSupplier wanted;
  private volatile boolean refused;

  LateCheck(BodyPublisher body, BooleanSupplier wanted) {
    this.body = body;
    this.wanted = wanted;
  }

  /** Whether it was not sent. */
  boolean refused() {
    return refused;
  }

  @Override
  public long contentLength() {
    return body.contentLength();
  }

  /** HttpClient calls this when the connection is there. Without its body a server does nothing. */
  @Override
  public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
    if (wanted.getAsBoolean()) {
      body.subscribe(subscriber);
      return;
    }
    refused = true;
    // the rules of Flow: onSubscribe comes before onError
    subscriber.onSubscribe(
        new Subscription() {
          @Override
          public void request(long n) {}

          @Override
          public void cancel() {}
        });
    subscriber.onError(new NotWantedException());
  }
}
