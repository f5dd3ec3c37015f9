package io.bitcoincontroller.local.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Speaks to the server byte by byte. */
@Timeout(120)
final class HttpServerTest {
  private static final String CLOSE = "Connection: close\r\n";

  @SuppressWarnings("NullAway.Init") // set before every test
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        new HttpServer(
            Certificates.ofThisProcess().server(),
            InetAddress.getLoopbackAddress(),
            0,
            HttpServerTest::answer);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static void answer(HttpRequest request, Exchange exchange) throws IOException {
    switch (request.path()) {
      case "/stream" -> {
        try (var out = exchange.stream(200, Map.of())) {
          out.write("one".getBytes(StandardCharsets.UTF_8));
          out.flush();
          out.write("two".getBytes(StandardCharsets.UTF_8));
        }
      }
      case "/upgrade" -> {
        var raw = exchange.upgrade(Map.of("Upgrade", "echo", "Connection", "Upgrade"));
        raw.out().write(raw.in().read());
        raw.out().flush();
      }
      default -> {
        var text = request.method() + " " + request.query() + " " + request.body();
        exchange.respond(200, Map.of(), text.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /** Sends all of the text and reads until the server closes the connection. */
  private String talk(String text) throws IOException {
    var factory = Certificates.ofThisProcess().client().getSocketFactory();
    try (var socket =
        (SSLSocket) factory.createSocket(InetAddress.getLoopbackAddress(), server.port())) {
      var parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void answers(String start, String request) throws IOException {
    var answer = talk(request);
    assertTrue(answer.startsWith("HTTP/1.1 " + start), answer);
  }

  @Test
  void severalRequestsUseOneConnection() throws IOException {
    var answer =
        talk(
            "GET /a?x=1&y=%20 HTTP/1.1\r\n\r\n"
                + "POST /b HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi"
                + "GET /c HTTP/1.1\r\n"
                + CLOSE
                + "\r\n");
    assertTrue(answer.contains("GET {x=1, y= } "), answer);
    assertTrue(answer.contains("POST {} hi"), answer);
    assertTrue(answer.endsWith("GET {} "), answer);
  }

  @Test
  void aChunkedBodyIsReadAndAskedForFirstIfTheClientWaits() throws IOException {
    var answer =
        talk(
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n"
                + CLOSE
                + "\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200"), answer);
    assertTrue(answer.endsWith("POST {} abcde"), answer);
  }

  @Test
  void everyFlushOfAStreamIsAChunk() throws IOException {
    var answer = talk("GET /stream HTTP/1.1\r\n" + CLOSE + "\r\n");
    assertTrue(answer.endsWith("\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"), answer);
  }

  @Test
  void headAnswersHaveNoBody() throws IOException {
    var answer = talk("HEAD / HTTP/1.1\r\n" + CLOSE + "\r\n");
    assertTrue(answer.endsWith("Content-Length: 8\r\n\r\n"), answer);
  }

  @Test
  void anUpgradedConnectionIsTheHandlers() throws IOException {
    var answer = talk("GET /upgrade HTTP/1.1\r\n\r\nx");
    assertTrue(answer.startsWith("HTTP/1.1 101"), answer);
    assertTrue(answer.endsWith("\r\n\r\nx"), answer);
  }

  @Test
  void whatIsNotHttpOrTooMuchIsRefused() throws IOException {
    answers("400", "nonsense\r\n\r\n");
    answers("400", "GET / HTTP/1.1\r\nno colon\r\n\r\n");
    answers("400", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n");
    answers("400", "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n");
    answers("400", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
    answers("501", "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n");
    answers("413", "POST / HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n");
    answers("431", "GET /" + "x".repeat(20_000));
    answers("431", "GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(101) + "\r\n");
  }

  @Test
  void closingEndsOpenConnections() throws IOException {
    var factory = Certificates.ofThisProcess().client().getSocketFactory();
    try (var socket =
        (SSLSocket) factory.createSocket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.startHandshake();
      server.close();
      int end;
      try {
        end = socket.getInputStream().read();
      } catch (IOException e) {
        end = -1;
      }
      assertEquals(-1, end);
    }
  }
}
