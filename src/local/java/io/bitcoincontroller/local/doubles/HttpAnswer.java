package io.bitcoincontroller.local.doubles;

import java.nio.charset.StandardCharsets;

/** An answer of the RPC server before it is on the wire. */
record HttpAnswer(int status, String contentType, String body) {
  private static final String HTML = "text/html; charset=ISO-8859-1";

  static final HttpAnswer BUSY = new HttpAnswer(503, HTML, "Work queue depth exceeded");
  static final HttpAnswer UNAUTHORIZED = new HttpAnswer(401, HTML, "");
  static final HttpAnswer FORBIDDEN = new HttpAnswer(403, HTML, "");

  static HttpAnswer json(int status, String body) {
    return new HttpAnswer(status, "application/json", body);
  }

  static HttpAnswer page(String body) {
    return new HttpAnswer(200, HTML, body);
  }

  /** Up to the empty line. */
  String head(boolean tellsLength) {
    var length =
        tellsLength
            ? "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length
            : "Connection: close";
    var challenge = status == 401 ? "WWW-Authenticate: Basic realm=\"jsonrpc\"\r\n" : "";
    var location = status == 302 ? "Location: http://127.0.0.1:1/\r\n" : "";
    return "HTTP/1.1 "
        + status
        + " As Told\r\n"
        + challenge
        + location
        + length
        + "\r\nContent-Type: "
        + contentType
        + "\r\n\r\n";
  }

  byte[] bytes() {
    return (head(true) + body).getBytes(StandardCharsets.UTF_8);
  }
}
