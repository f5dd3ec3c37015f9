package io.bitcoincontroller.tls;

import java.security.KeyManagementException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * {@code tls-server-name}: connections ask for, and are checked against, another name than that of
 * the URL. HttpClient knows no such thing, and names the URL's host to every engine it gets; so the
 * engines that it gets here replace that host, and all the checking stays the JDK's own.
 */
final class ServerNameContext extends SSLContextSpi {
  private final SSLContext context;
  private final String serverName;

  private ServerNameContext(SSLContext context, String serverName) {
    this.context = context;
    this.serverName = serverName;
  }

  static SSLContext of(SSLContext context, String serverName) {
    return new SSLContext(
        new ServerNameContext(context, serverName),
        context.getProvider(),
        context.getProtocol()) {};
  }

  @Override
  protected SSLEngine engineCreateSSLEngine(String host, int port) {
    return new ServerNameEngine(context.createSSLEngine(serverName, port), serverName);
  }

  @Override
  protected SSLEngine engineCreateSSLEngine() {
    return engineCreateSSLEngine(serverName, -1);
  }

  @Override
  protected SSLParameters engineGetDefaultSSLParameters() {
    return context.getDefaultSSLParameters();
  }

  @Override
  protected SSLParameters engineGetSupportedSSLParameters() {
    return context.getSupportedSSLParameters();
  }

  @Override
  protected SSLSessionContext engineGetClientSessionContext() {
    return context.getClientSessionContext();
  }

  @Override
  protected SSLSessionContext engineGetServerSessionContext() {
    return context.getServerSessionContext();
  }

  @Override
  protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
      throws KeyManagementException {
    throw new KeyManagementException("made from a context that is initialised already");
  }

  @Override
  protected SSLSocketFactory engineGetSocketFactory() {
    throw new UnsupportedOperationException("HttpClient uses engines");
  }

  @Override
  protected SSLServerSocketFactory engineGetServerSocketFactory() {
    throw new UnsupportedOperationException("this is a client's context");
  }
}
