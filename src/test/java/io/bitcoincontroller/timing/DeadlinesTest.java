package io.bitcoincontroller.timing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DeadlinesTest {
  private final Deadlines deadlines = new Deadlines("deadlines-of-a-test");

  /** Says nothing until somebody closes it, as a connection whose server is stuck. */
  private static final class Silent extends InputStream {
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public int read() throws IOException {
      return read(new byte[1], 0, 1);
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      try {
        closed.await();
      } catch (InterruptedException e) {
        // as the stream of HttpClient does
        Thread.currentThread().interrupt();
      }
      throw new IOException("closed");
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  private static final class Body extends ByteArrayInputStream {
    private boolean closed;

    Body(String text) {
      super(text.getBytes(UTF_8));
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static long in(Duration time) {
    return Ticker.SYSTEM.nanos() + time.toNanos();
  }

  private byte[] read(InputStream body, long endNanos) throws Exception {
    return deadlines.readWhole(body, "pod net-sts-0", endNanos, 5);
  }

  private static boolean threadLives() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("deadlines-of-a-test"));
  }

  @AfterEach
  void end() {
    deadlines.close();
  }

  @Test
  void aBodyIsReadToItsEndAndClosed() throws Exception {
    var body = new Body("hello");
    assertArrayEquals("hello".getBytes(UTF_8), read(body, in(Duration.ofMinutes(1))));
    assertTrue(body.closed);
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedByNameAndClosed() {
    var body = new Body("hello!");
    var refused =
        assertThrows(IOException.class, () -> read(body, in(Duration.ofMinutes(1)))).getMessage();
    assertEquals("the answer of pod net-sts-0 is over 5 bytes", refused);
    assertTrue(body.closed);
  }

  @Test
  void aSilentBodyIsEndedWhenItsTimeIsOverAndNotBefore() {
    var end = in(Duration.ofMillis(50));
    var timeout = assertThrows(HttpTimeoutException.class, () -> read(new Silent(), end));
    assertTrue(Ticker.SYSTEM.nanos() - end >= 0, "early");
    assertEquals("no whole answer in time from pod net-sts-0", timeout.getMessage());
    assertInstanceOf(IOException.class, timeout.getCause(), "as the reader saw it");
  }

  @Test
  void aBodyWhoseTimeIsOverAlreadyIsNotWaitedFor() {
    var past = in(Duration.ofSeconds(-5));
    assertThrows(HttpTimeoutException.class, () -> read(new Silent(), past));
  }

  @Test
  void aWireThatFailsInTimeFailsAsItDid() {
    var body = new Silent();
    body.close();
    var failed = assertThrows(IOException.class, () -> read(body, in(Duration.ofMinutes(1))));
    assertFalse(failed instanceof HttpTimeoutException, failed.toString());
  }

  @Test
  void anInterruptIsAStopAndNoFailureOfTheWire() {
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> read(new Silent(), in(Duration.ofMinutes(1))));
    assertFalse(Thread.interrupted(), "told once");
  }

  @Test
  void afterTheEndNoBodyIsReadAndNoThreadIsLeft() throws Exception {
    read(new Body("hello"), in(Duration.ofMinutes(1)));
    assertTrue(threadLives());
    deadlines.close();
    while (threadLives()) {
      Thread.onSpinWait();
    }
    var body = new Body("hello");
    var refused = assertThrows(IOException.class, () -> read(body, in(Duration.ofMinutes(1))));
    assertEquals("closed, as the answer of pod net-sts-0 came", refused.getMessage());
    assertTrue(body.closed);
  }
}
