package io.bitcoincontroller.cache;

import io.bitcoincontroller.cache.Limits.Patience;
import io.bitcoincontroller.cache.Turn.Next;
import io.bitcoincontroller.kube.ApiClient;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * One reflector's end of the wire: does each {@link Next} and returns its answer. At most one
 * stream is open at a time.
 *
 * <p>For the reflector's loop, but for the methods that say that they are for any thread.
 */
final class Wire<T extends KubeObject> {
  private final ApiClient server;
  private final Class<T> type;
  private final Semaphore openings;
  private final Duration answer;
  private final Ticker ticker;
  private final WatchLog log;

  private volatile Optional<GuardedStream> stream = Optional.empty();

  /** Reads from {@link #stream}. */
  private Source<T> source = Source.none();

  /** The last byte of the streams that are closed. */
  private volatile long lastByteNanos;

  private volatile long dueNanos;

  /**
   * @param openings a place for each request that waits for the head of its answer
   * @param answer the longest time until the head of an answer
   */
  Wire(
      ApiClient server,
      Class<T> type,
      Semaphore openings,
      Duration answer,
      Ticker ticker,
      WatchLog log) {
    this.server = server;
    this.type = type;
    this.openings = openings;
    this.answer = answer;
    this.ticker = ticker;
    this.log = log;
    this.lastByteNanos = ticker.nanos();
  }

  /** For any thread, before the loop starts: the first answer is due from now on. */
  void begin() {
    dueNanos = ticker.nanos();
  }

  Input<T> pause(long nanos) throws InterruptedException {
    close();
    dueNanos = ticker.nanos() + nanos;
    Thread.sleep(Duration.ofNanos(nanos));
    return new Input.Go<>();
  }

  Input<T> open(ApiRequest request, Next.Body kind, Patience patience) throws InterruptedException {
    close();
    // each request that has a place is over at some time, so this one gets a place, too
    dueNanos = ticker.nanos() + Long.MAX_VALUE / 2;
    openings.acquire();
    try {
      return opened(request, kind, patience);
    } finally {
      openings.release();
    }
  }

  private Input<T> opened(ApiRequest request, Next.Body kind, Patience patience)
      throws InterruptedException {
    // twice: a 401 makes a second request with a fresh token
    dueNanos = ticker.nanos() + 2 * answer.toNanos();
    try {
      return switch (server.open(request, answer)) {
        case ApiServer.Opening.Refused(var why) -> new Input.Refused<>(why);
        case ApiServer.Opening.Streaming(var body) -> {
          var guarded = new GuardedStream(body, patience, ticker);
          stream = Optional.of(guarded);
          source = Source.of(kind, guarded, type);
          yield new Input.Opened<>();
        }
      };
    } catch (IOException e) {
      return Input.Broke.of(e);
    }
  }

  Input<T> read(Patience patience) {
    var open = stream.orElseThrow();
    open.patience(patience);
    dueNanos = open.endsAt();
    try {
      return source.next();
    } catch (IOException e) {
      return open.endedByWatchdog() ? new Input.Silent<>() : Input.Broke.of(e);
    }
  }

  void close() {
    stream.ifPresent(
        open -> {
          lastByteNanos = open.lastByteNanos();
          close(open);
        });
    stream = Optional.empty();
    source = Source.none();
  }

  /** For any thread: a read of the open stream fails. */
  void cut() {
    stream.ifPresent(this::close);
  }

  private void close(InputStream open) {
    try {
      open.close();
    } catch (IOException e) {
      log.debug("closing a stream", "failed", Input.describe(e));
    }
  }

  /** For any thread: the same, if the stream has used its patience up. */
  void endIfOverdue() throws IOException {
    var open = stream;
    if (open.isPresent()) {
      open.get().endIfOverdue(ticker.nanos());
    }
  }

  /** For any thread: when the answer in hand comes at the latest. */
  long dueNanos() {
    return dueNanos;
  }

  /** For any thread: when the last byte came, or when this was made. */
  long lastByteNanos() {
    return stream.map(GuardedStream::lastByteNanos).orElse(lastByteNanos);
  }
}
