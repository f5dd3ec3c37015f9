package io.bitcoincontroller.local.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads requests from a connection, by RFC 9112, within limits. */
final class RequestReader {
  private static final int LONGEST_LINE = 16 * 1024;
  private static final int MOST_HEADERS = 100;

  /** As the real API server: just above what etcd takes. */
  private static final int LARGEST_BODY = 3 * 1024 * 1024;

  private final InputStream in;
  private final OutputStream out;

  RequestReader(InputStream in, OutputStream out) {
    this.in = new BufferedInputStream(in);
    this.out = out;
  }

  /** What an upgraded connection reads from: some of it may be buffered here. */
  InputStream rest() {
    return in;
  }

  /** Waits for the first byte of a request. False at the end of the connection. */
  boolean waitForNext() throws IOException {
    in.mark(1);
    var first = in.read();
    if (first < 0) {
      return false;
    }
    in.reset();
    return true;
  }

  /**
   * The next request.
   *
   * @return empty if the connection ended before its first byte
   * @throws BadRequestException if it can't be read or is over a limit
   */
  Optional<HttpRequest> read() throws IOException {
    var line = line();
    // RFC 9112 section 2.2: a server should ignore an empty line before the request line
    if (line.isPresent() && line.get().isEmpty()) {
      line = line();
    }
    if (line.isEmpty()) {
      return Optional.empty();
    }
    var parts = line.get().split(" ", -1);
    if (parts.length != 3 || !parts[2].startsWith("HTTP/1.") || !parts[1].startsWith("/")) {
      throw new BadRequestException(400, "not an HTTP/1.1 request line");
    }
    var headers = headers();
    return Optional.of(
        new HttpRequest(
            parts[0], parts[1], headers, new String(body(headers), StandardCharsets.UTF_8)));
  }

  private Map<String, String> headers() throws IOException {
    var headers = new LinkedHashMap<String, String>();
    for (var count = 0; ; count++) {
      var line = line().orElseThrow(() -> new EOFException("the headers end too early"));
      if (line.isEmpty()) {
        return headers;
      }
      var colon = line.indexOf(':');
      if (colon < 1 || count >= MOST_HEADERS) {
        throw new BadRequestException(
            colon < 1 ? 400 : 431, colon < 1 ? "a header without a colon" : "too many headers");
      }
      var name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      headers.merge(name, line.substring(colon + 1).strip(), (a, b) -> a + "," + b);
    }
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    var encoding = headers.getOrDefault("transfer-encoding", "");
    var length = headers.getOrDefault("content-length", "");
    if (encoding.isEmpty() && length.isEmpty()) {
      return new byte[0];
    }
    if (!encoding.isEmpty() && !length.isEmpty()) {
      // RFC 9112 section 6.1: an attempt at request smuggling
      throw new BadRequestException(400, "both Content-Length and Transfer-Encoding");
    }
    if (!encoding.isEmpty() && !encoding.equalsIgnoreCase("chunked")) {
      throw new BadRequestException(501, "unknown Transfer-Encoding");
    }
    var size = encoding.isEmpty() ? number(length, 10) : 0;
    if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
    return encoding.isEmpty() ? exactly(size) : chunks();
  }

  private byte[] chunks() throws IOException {
    var body = new ByteArrayOutputStream();
    while (true) {
      var line = line().orElseThrow(() -> new EOFException("the body ends too early"));
      var size = number(line.split(";", 2)[0].strip(), 16);
      if (body.size() + size > LARGEST_BODY) {
        throw tooLarge();
      }
      if (size == 0) {
        headers();
        return body.toByteArray();
      }
      body.writeBytes(exactly(size));
      if (!line().orElse("-").isEmpty()) {
        throw new BadRequestException(400, "a chunk is longer than it says");
      }
    }
  }

  private static int number(String text, int radix) {
    if (!text.matches("[0-9a-fA-F]{1,15}")) {
      throw new BadRequestException(400, "not a length");
    }
    try {
      var number = Long.parseLong(text, radix);
      if (number > LARGEST_BODY) {
        throw tooLarge();
      }
      return (int) number;
    } catch (NumberFormatException e) {
      throw new BadRequestException(400, "not a length", e);
    }
  }

  private static BadRequestException tooLarge() {
    return new BadRequestException(413, "the body is over " + LARGEST_BODY + " bytes");
  }

  private byte[] exactly(int size) throws IOException {
    var bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException("the body ends too early");
    }
    return bytes;
  }

  private Optional<String> line() throws IOException {
    var line = new ByteArrayOutputStream();
    while (true) {
      var c = in.read();
      if (c < 0) {
        if (line.size() == 0) {
          return Optional.empty();
        }
        throw new EOFException("a line ends too early");
      }
      if (c == '\n') {
        var text = line.toString(StandardCharsets.UTF_8);
        return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
      }
      if (line.size() >= LONGEST_LINE) {
        throw new BadRequestException(431, "a line is over " + LONGEST_LINE + " bytes");
      }
      line.write(c);
    }
  }
}
