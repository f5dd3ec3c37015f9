package io.bitcoincontroller.kube;

/**
 * How long HttpClient keeps a connection that nobody uses, and how many; how much memory it takes
 * for each; and how much an answer may say before its body.
 *
 * <p>Its own 30 s are exactly those after which bitcoind closes one ({@code -rpcservertimeout}); a
 * call that begins in that moment fails, and a POST is not tried again. And it would keep one to
 * every node of a thousand networks, 8 kB each, for what is asked about twice a minute.
 */
public final class IdleConnections {
  /** Below bitcoind's 30 s and kube-apiserver's 90 s, with room for a slow machine. */
  private static final String SECONDS = "20";

  /** Of each client: the nodes of a hundred networks that come up at one time. */
  private static final String MOST = "320";

  /**
   * Of each connection without TLS, such as those to nodes: what a node says mostly has less than 2
   * KiB. With the JDK's own 16 KiB, the buffers of six hundred calls under way would be a tenth of
   * the image's heap.
   */
  private static final String BUFFER = "4096";

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
    System.getProperties().putIfAbsent("jdk.httpclient.bufsize", BUFFER);
    System.getProperties().putIfAbsent("jdk.http.maxHeaderSize", LARGEST_HEAD);
  }
}
