package io.bitcoincontroller.local.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The server's end of a WebSocket connection (RFC 6455) that carries binary messages.
 *
 * <p>One thread receives; any number may send. Pings are answered while somebody receives.
 */
public final class WebSocket {
  /** RFC 6455 section 7.4.1: all went well. */
  public static final int NORMAL = 1000;

  /** In bytes; a longer message ends the connection. */
  public static final int LONGEST_MESSAGE = 1024 * 1024;

  private static final int PROTOCOL_ERROR = 1002;
  private static final int NOT_BINARY = 1003;
  private static final int TOO_BIG = 1009;

  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;
  private static final int LONGEST_CONTROL = 125;

  /** RFC 6455 section 1.3. */
  private static final String ACCEPT_SALT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final InputStream in;
  private final OutputStream out;

  /** Guarded by this: nothing may follow the close frame. */
  private boolean closing;

  WebSocket(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  /** Whether a request asks for a WebSocket. */
  public static boolean requested(HttpRequest request) {
    return request.header("Upgrade").equalsIgnoreCase("websocket")
        && request.header("Connection").toLowerCase(Locale.ROOT).contains("upgrade");
  }

  /** The protocols that the client speaks, its favourite first. */
  public static List<String> protocols(HttpRequest request) {
    return Arrays.stream(request.header("Sec-WebSocket-Protocol").split(",", -1))
        .map(String::strip)
        .toList();
  }

  /**
   * Answers the handshake.
   *
   * @param protocol one of {@link #protocols}
   * @throws BadRequestException if it is none
   */
  public static WebSocket accept(HttpRequest request, Exchange exchange, String protocol)
      throws IOException {
    var key = request.header("Sec-WebSocket-Key");
    if (!request.header("Sec-WebSocket-Version").equals("13") || key.isEmpty()) {
      throw new BadRequestException(400, "not a WebSocket handshake of version 13");
    }
    var raw =
        exchange.upgrade(
            Map.of(
                "Upgrade",
                "websocket",
                "Connection",
                "Upgrade",
                "Sec-WebSocket-Accept",
                acceptance(key),
                "Sec-WebSocket-Protocol",
                protocol));
    return new WebSocket(raw.in(), raw.out());
  }

  static String acceptance(String key) {
    try {
      var sha = MessageDigest.getInstance("SHA-1");
      var digest = sha.digest((key + ACCEPT_SALT).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }

  private static final class Frame {
    final int opcode;
    final boolean last;
    final byte[] payload;

    Frame(int opcode, boolean last, byte[] payload) {
      this.opcode = opcode;
      this.last = last;
      this.payload = payload;
    }
  }

  /** The client broke a rule; {@code code} is for the close frame. */
  private static final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1;
    final int code;

    ProtocolException(int code, String why) {
      super(why);
      this.code = code;
    }
  }

  /**
   * Waits for the next message.
   *
   * @return empty when the client closes in order
   * @throws IOException if the connection breaks, or the client breaks a rule or a limit
   */
  public Optional<byte[]> receive() throws IOException {
    try {
      return nextMessage();
    } catch (ProtocolException e) {
      close(e.code, String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private Optional<byte[]> nextMessage() throws IOException {
    var message = new ByteArrayOutputStream();
    var begun = false;
    while (true) {
      var frame = frame(LONGEST_MESSAGE - message.size());
      switch (frame.opcode) {
        case PING -> write(PONG, frame.payload);
        case PONG -> {}
        case CLOSE -> {
          close(NORMAL, "");
          return Optional.empty();
        }
        case BINARY, CONTINUATION -> {
          if (begun != (frame.opcode == CONTINUATION)) {
            throw new ProtocolException(PROTOCOL_ERROR, "a fragment out of order");
          }
          begun = true;
          message.writeBytes(frame.payload);
          if (frame.last) {
            return Optional.of(message.toByteArray());
          }
        }
        case TEXT -> throw new ProtocolException(NOT_BINARY, "only binary messages are read");
        default -> throw new ProtocolException(PROTOCOL_ERROR, "an unknown kind of frame");
      }
    }
  }

  /** RFC 6455 section 5.2. */
  private Frame frame(int room) throws IOException {
    var head = exactly(2);
    var opcode = head[0] & 0x0F;
    var last = (head[0] & FINAL) != 0;
    var size = (long) (head[1] & 0x7F);
    if (size > LONGEST_CONTROL) {
      size =
          size == 126
              ? ByteBuffer.wrap(exactly(2)).getShort() & 0xFFFF
              : ByteBuffer.wrap(exactly(8)).getLong();
    }
    if ((head[0] & 0x70) != 0 || (head[1] & MASKED) == 0) {
      throw new ProtocolException(PROTOCOL_ERROR, "an unmasked frame, or bits of an extension");
    }
    if (opcode >= CLOSE && (size > LONGEST_CONTROL || !last)) {
      throw new ProtocolException(PROTOCOL_ERROR, "a control frame in pieces");
    }
    if (size < 0 || size > Math.max(room, LONGEST_CONTROL)) {
      throw new ProtocolException(TOO_BIG, "a message over " + LONGEST_MESSAGE + " bytes");
    }
    var mask = exactly(4);
    var payload = exactly((int) size);
    for (var i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i % 4];
    }
    return new Frame(opcode, last, payload);
  }

  private byte[] exactly(int size) throws IOException {
    var bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException("the connection ended without a close frame");
    }
    return bytes;
  }

  /** Sends one message: the channel's byte, and so many bytes after it. */
  public void send(int channel, byte[] bytes, int length) throws IOException {
    var message = ByteBuffer.allocate(length + 1).put((byte) channel).put(bytes, 0, length);
    write(BINARY, message.array());
  }

  /**
   * Sends the close frame, once. {@link #receive} sees the client's answer.
   *
   * @param why at most 100 ASCII characters
   */
  public void close(int code, String why) throws IOException {
    var text = why.getBytes(StandardCharsets.UTF_8);
    var payload = ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text);
    write(CLOSE, payload.array());
  }

  private synchronized void write(int opcode, byte[] payload) throws IOException {
    if (closing) {
      return;
    }
    closing = opcode == CLOSE;
    out.write(FINAL | opcode);
    if (payload.length <= LONGEST_CONTROL) {
      out.write(payload.length);
    } else if (payload.length < 1 << 16) {
      out.write(126);
      out.write(ByteBuffer.allocate(2).putShort((short) payload.length).array());
    } else {
      out.write(127);
      out.write(ByteBuffer.allocate(8).putLong(payload.length).array());
    }
    out.write(payload);
    out.flush();
  }
}
