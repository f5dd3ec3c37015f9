package io.bitcoincontroller.local.doubles;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.bitcoind.RpcReply;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** bitcoind's RPC server as the controller meets it: HTTP/1.1 on a plain socket. */
public final class BitcoindDouble implements RpcNode, Closeable {
  /** Deters those who guess: Bitcoin Core, {@code httprpc.cpp}. */
  private static final Duration REFUSAL_DELAY = Duration.ofMillis(250);

  /** A restarted node is still starting for so many requests. */
  private static final int WARM_UP = 3;

  private final ServerSocket listener;
  private final RpcServerOptions options;
  private final DoubleNode node;
  private final Semaphore threads;
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicInteger inHand = new AtomicInteger();
  private final AtomicInteger mostInHand = new AtomicInteger();
  private final AtomicInteger toWarmUp = new AtomicInteger();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final List<List<String>> posts = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Optional<RpcFault> fault = Optional.empty();

  BitcoindDouble(InetAddress address, int port, RpcServerOptions options, DoubleNode node)
      throws IOException {
    this.options = options;
    this.node = node;
    this.threads = new Semaphore(options.threads());
    this.listener = new ServerSocket();
    listener.setReuseAddress(true);
    listener.bind(new InetSocketAddress(address, port), 1000);
    Thread.ofVirtual().name("double " + address()).start(this::accept);
  }

  @Override
  public String address() {
    return listener.getInetAddress().getHostAddress();
  }

  /** For a node that does not listen at bitcoind's own port. */
  public URI server() {
    var host = address().contains(":") ? "[" + address() + "]" : address();
    return URI.create("http://" + host + ":" + listener.getLocalPort() + "/");
  }

  /** Spoils every answer from now on. */
  public void fault(RpcFault next) {
    fault = Optional.of(next);
  }

  /** Ends the fault: answers are right again. */
  public void heal() {
    fault = Optional.empty();
  }

  /** The texts of its added-node list. */
  public Set<String> added() {
    return node.added();
  }

  /** Addresses that it has dialled and is connected with. */
  public Set<String> dialled() {
    return node.dialled();
  }

  /** The calls of each request so far, such as {@code addnode 10.0.0.1 add}. */
  public List<List<String>> posts() {
    return List.copyOf(posts);
  }

  /** The most requests that have been worked on, or were waiting, at one time. */
  public int mostAtOnce() {
    return mostInHand.get();
  }

  /** Connections that are open now. */
  public int connections() {
    return connections.size();
  }

  @Override
  public void freeze() {
    node.freeze(true);
    fault(RpcFault.SILENT);
  }

  @Override
  public void thaw() {
    node.freeze(false);
    heal();
    cut();
  }

  @Override
  public void restart() {
    toWarmUp.set(WARM_UP);
    node.restart();
    cut();
  }

  private void cut() {
    connections.forEach(BitcoindDouble::close);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As the end of a process: nothing listens here any more, and its peers lose it. */
  @Override
  public void close() throws IOException {
    closed.countDown();
    listener.close();
    node.leave();
    cut();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        connections.add(socket);
        Thread.ofVirtual().name("rpc " + socket.getPort()).start(() -> serve(socket));
      } catch (IOException _) {
        return; // closed: the test is over
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      var in = new BufferedInputStream(socket.getInputStream());
      var more = true;
      while (more) {
        var head = head(in);
        if (head.isEmpty()) {
          return;
        }
        var length = Integer.parseInt(head.getOrDefault("content-length", "0"));
        var body = in.readNBytes(length);
        if (body.length < length) {
          return; // what did not come whole is not carried out
        }
        more = answer(head.getOrDefault("authorization", ""), body, socket, in);
      }
    } catch (IOException _) {
      // the client went away, or the test cut the connection
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(socket);
    }
  }

  /** The header fields by their name in small letters; none at the end of the stream. */
  private static Map<String, String> head(InputStream in) throws IOException {
    var head = new HashMap<String, String>();
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      var colon = line.indexOf(':');
      if (colon > 0) {
        head.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    return head;
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (var c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString().strip();
  }

  /** Returns whether the connection may be used again. */
  private boolean answer(String authorization, byte[] body, Socket socket, InputStream in)
      throws IOException, InterruptedException {
    mostInHand.accumulateAndGet(inHand.incrementAndGet(), Math::max);
    try {
      var now = fault;
      var text = new String(body, StandardCharsets.UTF_8);
      var calls = JsonRpc.calls(text);
      posts.add(calls);
      var afterwards = node.network().witness().asked(new DoubleNetwork.Post(address(), calls));
      var right = response(authorization, text);
      var spoiled = now.isEmpty() ? right : Spoiling.content(now.get(), right);
      if (now.isPresent() && Spoiling.isOfWire(now.get())) {
        Spoiling.wire(now.get(), spoiled, socket, in);
        return false;
      }
      socket.getOutputStream().write(spoiled.bytes());
      afterwards.run();
      return true;
    } finally {
      inHand.decrementAndGet();
    }
  }

  private HttpAnswer response(String authorization, String body) throws InterruptedException {
    if (taken.incrementAndGet() > options.threads() + options.queue()) {
      taken.decrementAndGet();
      return HttpAnswer.BUSY;
    }
    threads.acquire();
    try {
      pause(options.workTime());
      return work(authorization, body);
    } finally {
      threads.release();
      taken.decrementAndGet();
    }
  }

  private HttpAnswer work(String authorization, String body) throws InterruptedException {
    var user = BasicAuth.user(authorization, options.rpcAuth());
    if (user.isEmpty() || fault.equals(Optional.of(RpcFault.UNAUTHORIZED))) {
      pause(REFUSAL_DELAY);
      return HttpAnswer.UNAUTHORIZED;
    }
    var allowed = Optional.ofNullable(options.whitelist().get(user.get()));
    if (allowed.isPresent() && !allowed.get().containsAll(JsonRpc.methods(body))) {
      return HttpAnswer.FORBIDDEN;
    }
    var starting =
        toWarmUp.getAndUpdate(left -> Math.max(0, left - 1)) > 0
            || fault.equals(Optional.of(RpcFault.WARMING_UP));
    return JsonRpc.answer(body, (method, params) -> call(starting, method, params));
  }

  private Said call(boolean starting, String method, JsonNode params) throws InterruptedException {
    if (starting) {
      return new Said.Failure(RpcReply.IN_WARMUP, "Loading block index…");
    }
    switch (method) {
      case "waitfornewblock" -> pause(Duration.ofMillis(params.path(0).asLong()));
      case "addnode" -> pause(node.timeToDial(params));
      default -> {}
    }
    return node.call(method, params);
  }

  /** Ends early only when the node does. */
  private void pause(Duration time) throws InterruptedException {
    var _ = closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }
}
