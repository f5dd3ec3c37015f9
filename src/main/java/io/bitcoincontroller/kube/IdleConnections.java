package io.bitcoincontroller.kube;

/**
 * How long HttpClient keeps a connection that nobody uses. Its own 30 s are exactly those after
 * which bitcoind closes one ({@code -rpcservertimeout}); a call that begins in that moment fails,
 * and a POST is not tried again.
 */
public final class IdleConnections {
  /** Below bitcoind's 30 s and kube-apiserver's 90 s, with room for a slow machine. */
  private static final String SECONDS = "20";

  private static final String PROPERTY = "jdk.httpclient.keepalive.timeout";

  private IdleConnections() {}

  /**
   * Sets the limit for the whole JVM, unless the command line did. HttpClient reads it once, so
   * that {@code main} calls this before anything else.
   *
   * @see java.net.http the package's documentation, for the property
   */
  public static void limit() {
    System.getProperties().putIfAbsent(PROPERTY, SECONDS);
  }
}
