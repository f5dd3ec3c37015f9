package io.bitcoincontroller.sim.world;

import io.bitcoincontroller.sim.world.Etcd.Event;
import io.bitcoincontroller.sim.world.Weather.Trouble;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** The body of a watch: reads the log from its own place, and is woken when that grows. */
public final class WatchStream extends InputStream {
  /**
   * A cache may be two minutes old. A slow clock takes some seconds more, and a controller that was
   * paused.
   */
  private static final Duration SILENT = Duration.ofMinutes(3);

  private final World world;
  private final Api.Call call;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final Deque<byte[]> lines = new ArrayDeque<>();
  private final Consumer<Event> reader = this::grown;
  private final Set<Event> dropped;
  private int offset;
  private Optional<IOException> broken = Optional.empty();
  private boolean ended;
  private boolean closed;
  private boolean stalled;
  private boolean readerWaits;
  private boolean due;
  private long position;

  /**
   * @param dropped events that were lost once, to the same reader; they are sent now
   */
  WatchStream(World world, Api.Call call, long position, Set<Event> dropped) {
    this.world = world;
    this.dropped = dropped;
    this.call = call;
    this.position = position;
    world.etcd.wake(reader);
    var seconds = Long.parseLong(call.query().getOrDefault("timeoutSeconds", "300"));
    world.after(Duration.ofSeconds(seconds - 2).toNanos(), this::bookmark);
    world.after(Duration.ofSeconds(seconds).toNanos(), this::endOfTime);
    deliverSoon();
  }

  /** As a streamed list: what is there, a marker, and then what changes. */
  void beginWithAll(long revision) {
    for (var version : world.etcd.list(call.kind(), revision)) {
      if (call.selects(version.tree())) {
        put("ADDED", version.text());
      }
    }
    put(
        "BOOKMARK",
        "{\"metadata\":{\"resourceVersion\":\""
            + revision
            + "\",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}}}");
  }

  private void grown(Event event) {
    if (event.id().kind().equals(call.kind())) {
      deliverSoon();
    }
  }

  private void deliverSoon() {
    if (!due && !closed) {
      due = true;
      var late = world.weather.is(Trouble.EVENTS_LATE) && world.once(2);
      world.after(late ? world.millis(1000, 8000) : world.millis(1, 20), this::deliverDue);
    }
  }

  private void deliverDue() {
    due = false;
    deliver();
  }

  private void deliver() {
    while (!over() && position < world.etcd.revision()) {
      var event = world.etcd.event(++position);
      if (!event.id().kind().equals(call.kind())) {
        continue;
      }
      if (world.weather.is(Trouble.EVENTS_DROPPED) && world.once(3) && dropped.add(event)) {
        world.trace.say("watch", () -> "drops " + event.type() + " of " + event.id());
        continue;
      }
      put(event);
      if (world.weather.is(Trouble.EVENTS_REPEATED) && world.once(2)) {
        repeatOne();
      }
    }
  }

  private boolean over() {
    return closed || stalled || ended || broken.isPresent();
  }

  private void repeatOne() {
    var back = position - world.random.nextLong(30);
    if (back > world.etcd.compacted() && world.etcd.event(back).id().kind().equals(call.kind())) {
      put(world.etcd.event(back));
    }
  }

  /** By the selection: an object that leaves it is deleted, to this watch. */
  private void put(Event event) {
    var before = event.before().filter(version -> call.selects(version.tree())).isPresent();
    var after = !event.type().equals("DELETED") && call.selects(event.after().tree());
    if (after) {
      put(before ? "MODIFIED" : "ADDED", event.after().text());
    } else if (before) {
      put("DELETED", event.after().text());
    }
  }

  private void put(String type, String object) {
    send("{\"type\":\"" + type + "\",\"object\":" + object + "}\n");
  }

  private void bookmark() {
    deliver();
    if (!over()) {
      var version = Math.min(position, world.etcd.revision());
      put("BOOKMARK", "{\"metadata\":{\"resourceVersion\":\"" + version + "\"}}");
    }
  }

  private void endOfTime() {
    if (!over()) {
      change(() -> ended = true);
    }
  }

  private void send(String line) {
    change(() -> lines.add(line.getBytes(StandardCharsets.UTF_8)));
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The connection breaks, perhaps in the middle of a line. */
  public void cut(boolean inTheMiddle) {
    if (inTheMiddle) {
      send("{\"type\":\"MODIFIED\",\"object\":{\"metadata\":{\"na");
    }
    change(() -> broken = Optional.of(new IOException("connection reset")));
  }

  /** Nothing comes any more, and nothing says so. */
  public void stall() {
    stalled = true;
    world.after(
        SILENT.toNanos(),
        () -> {
          if (!closed) {
            world.watcher.silent(call.kind());
          }
        });
  }

  public void error(int code, String reason) {
    put(
        "ERROR",
        "{\"kind\":\"Status\",\"code\":"
            + code
            + ",\"reason\":\""
            + reason
            + "\",\"message\":\"\"}");
    change(() -> ended = true);
  }

  /** The server is another one: it resets what it does not know, half open or not. */
  void serverRestarted() {
    stalled = false;
    cut(false);
  }

  boolean open() {
    return !over();
  }

  boolean closed() {
    return closed;
  }

  public String kind() {
    return call.kind();
  }

  /** Whether a reader is in the middle of a read: who closes now is its watchdog. */
  public boolean isRead() {
    return readerWaits;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    lock.lock();
    try {
      while (lines.isEmpty()) {
        if (closed) {
          throw new IOException("closed");
        }
        if (broken.isPresent()) {
          throw new IOException("connection reset", broken.get());
        }
        if (ended) {
          return -1;
        }
        readerWaits = true;
        more.await();
        readerWaits = false;
      }
      var line = lines.getFirst();
      var count = Math.min(length, line.length - offset);
      System.arraycopy(line, offset, into, from, count);
      offset += count;
      if (offset == line.length) {
        lines.removeFirst();
        offset = 0;
      }
      return count;
    } catch (InterruptedException e) {
      // as HttpClient's stream: the thread stays interrupted
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      readerWaits = false;
      lock.unlock();
    }
  }

  @Override
  public void close() {
    world.etcd.sleep(reader);
    change(() -> closed = true);
  }
}
