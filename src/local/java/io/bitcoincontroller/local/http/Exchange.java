package io.bitcoincontroller.local.http;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/** The answer to one request. Exactly one of its methods is called, once. */
public final class Exchange {
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final boolean head;
  private int code;
  private boolean reusable;
  private IntConsumer answered = _ -> {};

  Exchange(Socket socket, InputStream in, OutputStream out, boolean head) {
    this.socket = socket;
    this.in = in;
    this.out = out;
    this.head = head;
  }

  /** Calls the listener with the status code just before the first byte is sent. */
  public void whenAnswered(IntConsumer listener) {
    answered = listener;
  }

  /** The status code of the answer; 0 while there is none. */
  public int code() {
    return code;
  }

  /** Whether the connection can take another request. */
  boolean reusable() {
    return reusable;
  }

  /** A whole answer. */
  public void respond(int status, Map<String, String> headers, byte[] body) throws IOException {
    var all = new LinkedHashMap<>(headers);
    all.put("Content-Length", Integer.toString(body.length));
    start(status, all);
    if (!head) {
      out.write(body);
    }
    out.flush();
    reusable = true;
  }

  /**
   * An answer whose length isn't known: every flush is a chunk. The connection can be used again
   * only if the stream is closed in order.
   */
  public OutputStream stream(int status, Map<String, String> headers) throws IOException {
    var all = new LinkedHashMap<>(headers);
    all.put("Transfer-Encoding", "chunked");
    start(status, all);
    out.flush();
    return new Chunks();
  }

  /** The raw connection after {@code 101 Switching Protocols}; it ends with the handler. */
  public Raw upgrade(Map<String, String> headers) throws IOException {
    start(101, headers);
    out.flush();
    return new Raw(in, out);
  }

  /** Both directions of an upgraded connection. */
  public record Raw(InputStream in, OutputStream out) {}

  /** Ends the connection as a broken network would, in the middle of an answer. */
  public void cut() throws IOException {
    out.flush();
    socket.close();
  }

  private void start(int status, Map<String, String> headers) throws IOException {
    if (code != 0) {
      throw new IllegalStateException("a second answer to one request");
    }
    code = status;
    answered.accept(status);
    var text = new StringBuilder("HTTP/1.1 " + status + " \r\n");
    headers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    out.write(text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
  }

  private final class Chunks extends OutputStream {
    private final ByteArrayOutputStream chunk = new ByteArrayOutputStream();

    @Override
    public void write(int b) {
      chunk.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      chunk.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      if (chunk.size() > 0) {
        out.write((Integer.toHexString(chunk.size()) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        chunk.writeTo(out);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        chunk.reset();
      }
      out.flush();
    }

    @Override
    public void close() throws IOException {
      flush();
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
      reusable = true;
    }
  }

  static OutputStream buffered(OutputStream out) {
    return new BufferedOutputStream(out, 16 * 1024);
  }
}
