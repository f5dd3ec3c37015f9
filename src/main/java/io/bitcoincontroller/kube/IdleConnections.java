package io.bitcoincontroller.kube;

/**
 * How long HttpClient keeps a connection that nobody uses, and how many; and how much an answer may
 * say before its body.
 *
 * <p>Its own 30 s are exactly those after which bitcoind closes one ({@code -rpcservertimeout}); a
 * call that begins in that moment fails, and a POST is not tried again. A node that comes up is
 * called some times within some seconds, and later twice a minute: a connection that is kept for
 * longer than the first is kept in vain, and takes 20 kB.
 */
public final class IdleConnections {
  /** Above the five seconds after which a mesh that has settled is looked at once more. */
  private static final String SECONDS = "6";

  /** Of each client: the nodes of a hundred networks that come up at one time. */
  private static final String MOST = "320";

  /**
   * The JDK's own 384 KiB become some megabytes of fields, and each of hundreds of nodes may send
   * them at one time. kube-apiserver's warnings are the longest that anybody needs: 4 KiB.
   */
  private static final String LARGEST_HEAD = "16384";

  private IdleConnections() {}

  /**
   * Sets the limits for the whole JVM, unless the command line did. HttpClient reads them once, so
   * that {@code main} calls this before anything else.
   *
   * @see java.net.http the package's documentation, for the properties
   */
  public static void limit() {
    System.getProperties().putIfAbsent("jdk.httpclient.keepalive.timeout", SECONDS);
    System.getProperties().putIfAbsent("jdk.httpclient.connectionPoolSize", MOST);
    System.getProperties().putIfAbsent("jdk.http.maxHeaderSize", LARGEST_HEAD);
  }
}
