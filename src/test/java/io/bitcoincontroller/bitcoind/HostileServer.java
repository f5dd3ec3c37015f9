package io.bitcoincontroller.bitcoind;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What listens where a bitcoind should, and answers each request with the same. */
final class HostileServer implements AutoCloseable {
  /** What is wrong with the HTTP around a body; each fault is one sentence. */
  enum Wire {
    /** Nothing. */
    NONE,
    /** The head never ends: one field after the other. */
    ENDLESS_FIELDS,
    /** One field never ends. */
    ENDLESS_FIELD,
    /** The status line never ends. */
    ENDLESS_STATUS,
    /** The head comes byte by byte, for ever. */
    DRIPPING_HEAD,
    /** The body comes byte by byte, for ever. */
    DRIPPING_BODY,
    /** It tells over and over that it goes on. */
    CONTINUES,
    /** It changes to another protocol. */
    SWITCHES,
    /** The length is below zero. */
    NEGATIVE_LENGTH,
    /** The length is no number. */
    ODD_LENGTH,
    /** There are two lengths. */
    TWO_LENGTHS,
    /** The length is more than there ever was. */
    HUGE_LENGTH,
    /** Chunks, of which one is longer than there ever was. */
    HUGE_CHUNK,
    /** Chunks, of a size below zero. */
    NEGATIVE_CHUNK,
    /** Chunks, with a size that never ends. */
    ENDLESS_CHUNK_SIZE,
    /** Chunks of a byte each, for ever. */
    TINY_CHUNKS,
    /** Chunks, with fields after them that never end. */
    ENDLESS_TRAILERS,
    /** It says that the body is compressed. */
    GZIP,
    /** It sends the client elsewhere. */
    REDIRECT,
    /** It refuses the credentials, and does not say how they should be. */
    NO_CHALLENGE,
    /** It wants credentials for a proxy. */
    PROXY,
    /** A status without a body, with one. */
    NO_CONTENT,
    /** A status that there is not. */
    ODD_STATUS,
    /** No HTTP at all. */
    NOISE,
    /** The connection is cut at once. */
    CUT
  }

  private final ServerSocket listener;
  private final Wire wire;
  private final byte[] body;

  HostileServer(Wire wire, byte[] body) throws IOException {
    this.wire = wire;
    this.body = body;
    this.listener = new ServerSocket(0, 1000, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofVirtual().start(this::accept);
  }

  URI server() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/");
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException _) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = socket.getInputStream();
      while (request(in)) {
        answer(socket.getOutputStream());
      }
    } catch (IOException _) {
      // the client had enough
    }
  }

  private static boolean request(InputStream in) throws IOException {
    var head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      var next = in.read();
      if (next < 0) {
        return false;
      }
      head.write(next);
    }
    var length =
        head.toString(StandardCharsets.ISO_8859_1)
            .replaceAll("(?s).*Content-Length: (\\d+).*", "$1");
    return in.readNBytes(Integer.parseInt(length)).length > 0;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void forEver(OutputStream out, String begin, String more) throws IOException {
    out.write(bytes(begin));
    while (true) {
      out.write(bytes(more));
      LockSupport.parkNanos(1); // other tests share the carrier
    }
  }

  private static void drip(OutputStream out, String begin) throws IOException {
    out.write(bytes(begin));
    while (true) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      out.write('x');
    }
  }

  private void answer(OutputStream out) throws IOException {
    var ok = "HTTP/1.1 200 OK\r\n";
    var length = "Content-Length: " + body.length + "\r\n";
    var chunked = "Transfer-Encoding: chunked\r\n\r\n";
    switch (wire) {
      case NONE -> whole(out, ok + length);
      case ENDLESS_FIELDS -> {
        out.write(bytes(ok));
        for (var n = 0L; true; n++) {
          out.write(bytes(Long.toString(n, 36) + ":\r\n"));
          LockSupport.parkNanos(1);
        }
      }
      case ENDLESS_FIELD -> forEver(out, ok + "X: ", "x".repeat(1000));
      case ENDLESS_STATUS -> forEver(out, "HTTP/1.1 200 ", "O".repeat(1000));
      case DRIPPING_HEAD -> drip(out, ok + "X: ");
      case DRIPPING_BODY -> drip(out, ok + "\r\n[{\"result\":\"");
      case CONTINUES -> forEver(out, "", "HTTP/1.1 100 Continue\r\n\r\n");
      case SWITCHES -> whole(out, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n");
      case NEGATIVE_LENGTH -> whole(out, ok + "Content-Length: -1\r\n");
      case ODD_LENGTH -> whole(out, ok + "Content-Length: many\r\n");
      case TWO_LENGTHS -> whole(out, ok + "Content-Length: 5\r\n" + length);
      case HUGE_LENGTH -> whole(out, ok + "Content-Length: 9223372036854775807\r\n");
      case HUGE_CHUNK -> forEver(out, ok + chunked + "7fffffff\r\n", " ".repeat(1000));
      case NEGATIVE_CHUNK -> forEver(out, ok + chunked + "-5\r\n", "[".repeat(1000));
      case ENDLESS_CHUNK_SIZE -> forEver(out, ok + chunked, "0".repeat(1000));
      case TINY_CHUNKS -> forEver(out, ok + chunked, "1;x=y\r\n \r\n".repeat(100));
      case ENDLESS_TRAILERS -> forEver(out, ok + chunked + "0\r\n", "a: b\r\n".repeat(100));
      case GZIP -> whole(out, ok + "Content-Encoding: gzip\r\n" + length);
      case REDIRECT -> whole(out, "HTTP/1.1 308 P\r\nLocation: http://127.0.0.1:1/\r\n" + length);
      case NO_CHALLENGE -> whole(out, "HTTP/1.1 401 Unauthorized\r\n" + length);
      case PROXY -> whole(out, "HTTP/1.1 407 P\r\nProxy-Authenticate: Basic\r\n" + length);
      case NO_CONTENT -> whole(out, "HTTP/1.1 204 No Content\r\n" + length);
      case ODD_STATUS -> whole(out, "HTTP/1.1 999 \u0007\r\n" + length);
      case NOISE -> {
        out.write(body);
        throw new IOException("that was all");
      }
      case CUT -> throw new IOException("nothing");
    }
  }

  private void whole(OutputStream out, String head) throws IOException {
    out.write(bytes(head + "\r\n"));
    out.write(body);
  }
}
