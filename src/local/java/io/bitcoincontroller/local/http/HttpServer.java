package io.bitcoincontroller.local.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/** Accepts connections and serves each on its own virtual thread. */
public final class HttpServer implements AutoCloseable {
  private static final int MOST_CONNECTIONS = 4096;
  private static final Duration IDLE_LIMIT = Duration.ofMinutes(3);
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(30);

  private static final Duration LAST_WORDS = Duration.ofSeconds(1);
  private static final int MOST_LAST_WORDS = 256 * 1024;
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  private final SSLSocketFactory tls;
  private final ServerSocket listener;
  private final Handler handler;

  /** TCP sockets: to close the TLS socket above one might wait for its reader. */
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final Semaphore room = new Semaphore(MOST_CONNECTIONS);
  private final Thread accepting;
  private volatile boolean closed;

  /**
   * Listens at once.
   *
   * @param port 0 for any free one
   * @throws IOException if the port is taken
   */
  public HttpServer(SSLContext tls, InetAddress address, int port, Handler handler)
      throws IOException {
    this.handler = handler;
    this.tls = tls.getSocketFactory();
    this.listener = new ServerSocket();
    listener.setReuseAddress(true);
    listener.bind(new InetSocketAddress(address, port), 256);
    this.accepting = Thread.ofVirtual().name("accept").start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!closed) {
      try {
        var socket = listener.accept();
        if (!room.tryAcquire()) {
          socket.close();
          continue;
        }
        connections.add(socket);
        Thread.ofVirtual().name("connection-" + socket.getPort()).start(() -> run(socket));
      } catch (IOException e) {
        // the listener was closed, or one socket failed: the loop's condition decides
      }
    }
  }

  private void run(Socket socket) {
    threads.add(Thread.currentThread());
    try (socket) {
      if (!closed) {
        serve(socket);
        socket.shutdownOutput();
        drain(socket);
      }
    } catch (IOException e) {
      // the client went away; there is nobody to tell
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      threads.remove(Thread.currentThread());
      connections.remove(socket);
      room.release();
    }
  }

  /** Closing with bytes unread would reset the connection, and the client might lose the answer. */
  private static void drain(Socket socket) throws IOException {
    socket.setSoTimeout((int) LAST_WORDS.toMillis());
    socket.getInputStream().readNBytes(MOST_LAST_WORDS);
  }

  private void serve(Socket socket) throws IOException, InterruptedException {
    socket.setTcpNoDelay(true);
    var secure = tls.createSocket(socket, InputStream.nullInputStream(), false);
    var out = Exchange.buffered(secure.getOutputStream());
    var reader = new RequestReader(secure.getInputStream(), out);
    while (!closed) {
      socket.setSoTimeout((int) IDLE_LIMIT.toMillis());
      if (!reader.waitForNext()) {
        return;
      }
      socket.setSoTimeout((int) REQUEST_LIMIT.toMillis());
      var exchange = new Exchange(socket, reader.rest(), out, false);
      try {
        var request = reader.read();
        if (request.isEmpty()) {
          return;
        }
        exchange = new Exchange(socket, reader.rest(), out, request.get().method().equals("HEAD"));
        socket.setSoTimeout(0);
        handler.handle(request.get(), exchange);
        if (!exchange.reusable() || request.get().header("connection").equalsIgnoreCase("close")) {
          return;
        }
      } catch (BadRequestException e) {
        refuse(exchange, e);
        return;
      } catch (SocketTimeoutException e) {
        refuse(exchange, new BadRequestException(408, "the request took too long", e));
        return;
      }
    }
  }

  private static void refuse(Exchange exchange, BadRequestException why) throws IOException {
    exchange.respond(
        why.code,
        Map.of("Content-Type", "text/plain; charset=utf-8", "Connection", "close"),
        (why.getMessage() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Ends all connections as a killed process would; the server still listens. */
  public void cutConnections() {
    connections.forEach(HttpServer::close);
    threads.forEach(Thread::interrupt);
  }

  /** Ends everything at once. */
  @Override
  public void close() {
    closed = true;
    close(listener);
    cutConnections();
    try {
      // the port is free only when nobody waits in accept any more
      accepting.join(STOP_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone either way
    }
  }
}
