package io.bitcoincontroller.observe;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;

/** A client that does not take what it asked for, beyond the first line of the answer. */
public final class SlowReader implements Closeable {
  private final Socket socket = new Socket();
  private final String answered;

  /** Waits until it is being answered. */
  public SlowReader(HealthServer server, String path) throws IOException {
    socket.setReceiveBufferSize(4096);
    socket.setSoTimeout(30_000);
    socket.connect(server.address());
    var request = "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(UTF_8));
    answered = new String(socket.getInputStream().readNBytes("HTTP/1.1 200".length()), UTF_8);
  }

  /** Protocol and code. */
  public String answered() {
    return answered;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
