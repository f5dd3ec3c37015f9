package io.bitcoincontroller.tls;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Passes connections on to a server on loopback: to {@link #target}, or, where that is 0, as an
 * HTTP proxy does on CONNECT.
 */
public final class TestRelay implements AutoCloseable {
  public final List<String> connects = new CopyOnWriteArrayList<>();
  public volatile int target;

  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  public TestRelay() throws IOException {
    threads.execute(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var client = listener.accept();
        sockets.add(client);
        threads.execute(() -> relay(client));
      } catch (IOException e) {
        return; // closed: the test is over
      }
    }
  }

  private void relay(Socket client) {
    try {
      var port = target == 0 ? connectPort(client) : target;
      var server = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
      sockets.add(server);
      threads.execute(() -> pump(server, client));
      pump(client, server);
    } catch (IOException e) {
      close(client);
    }
  }

  private int connectPort(Socket client) throws IOException {
    var reader =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    var connect = "" + reader.readLine();
    connects.add(connect);
    while (!("" + reader.readLine()).isEmpty()) {
      // headers
    }
    client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return Integer.parseInt(connect.replaceAll(".*:([0-9]+) .*", "$1"));
  }

  private static void pump(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // one of them is gone, and takes the other with it
    } finally {
      close(from);
      close(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    sockets.forEach(TestRelay::close);
    threads.shutdownNow();
  }
}
