package io.bitcoincontroller.tls;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLParameters;

/** A small HTTPS server on loopback; whatever its handler throws ends the connection. */
public final class TestServer implements AutoCloseable {
  public final List<String> requests = new CopyOnWriteArrayList<>();

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  public interface Handler {
    void handle(HttpExchange exchange) throws IOException, GeneralSecurityException;
  }

  public TestServer(String certificate, boolean asksForCertificate, Handler handler)
      throws IOException, GeneralSecurityException {
    this(InetAddress.ofLiteral("127.0.0.1"), certificate, asksForCertificate, handler);
  }

  public TestServer(
      InetAddress address, String certificate, boolean asksForCertificate, Handler handler)
      throws IOException, GeneralSecurityException {
    var tls = TestCertificates.serverContext(certificate);
    server = HttpsServer.create(new InetSocketAddress(address, 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters ssl = tls.getDefaultSSLParameters();
            ssl.setNeedClientAuth(asksForCertificate);
            parameters.setSSLParameters(ssl);
          }
        });
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          try {
            handler.handle(exchange);
          } catch (GeneralSecurityException e) {
            throw new IOException(e);
          }
        });
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public static void answer(HttpExchange exchange, int code, String body) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
