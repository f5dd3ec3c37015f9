package io.bitcoincontroller.local.realcluster;

import io.bitcoincontroller.access.ClusterAccess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Passes connections on to a server on loopback, until it is cut or frozen. So one client loses a
 * server that all others keep.
 */
public final class Wire implements AutoCloseable {
  private static final int BUFFER = 16 * 1024;
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final int target;
  private final ServerSocket listener = new ServerSocket(0, 50, LOOPBACK);
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean cut;
  private volatile long allowance = Long.MAX_VALUE;

  /** To the server of this access. */
  public Wire(ClusterAccess access) throws IOException {
    this.target = access.server().getPort();
    threads.execute(this::accept);
  }

  /** Where clients find the server at this end. */
  public URI server() {
    return URI.create("https://127.0.0.1:" + listener.getLocalPort());
  }

  /** The same access, by this wire. */
  public ClusterAccess through(ClusterAccess access) {
    return new ClusterAccess(
        server(), access.tls(), access.credential(), access.proxy(), access.namespace());
  }

  /** Ends every connection, and each new one at once, until {@link #mend}. */
  public void cut() {
    cut = true;
    links.forEach(Link::close);
  }

  public void mend() {
    cut = false;
  }

  /** No byte passes on the present connections from now on; new ones work. */
  public void freeze() {
    links.forEach(Link::freeze);
  }

  /** Each new connection brings so many bytes to the client, then no more until {@link #thaw}. */
  public void freezeAfter(long bytes) {
    allowance = bytes;
  }

  /** Whether some connection holds bytes back. */
  public boolean frozen() {
    return links.stream().anyMatch(Link::frozen);
  }

  public void thaw() {
    allowance = Long.MAX_VALUE;
    links.forEach(Link::thaw);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var client = listener.accept();
        threads.execute(() -> connect(client));
      } catch (IOException e) {
        return; // closed: the test is over
      }
    }
  }

  private void connect(Socket client) {
    try (client) {
      if (cut) {
        return;
      }
      try (var server = new Socket(LOOPBACK, target)) {
        var link = new Link(client, server, allowance);
        links.add(link);
        threads.execute(link::up);
        if (!cut) {
          link.down();
        }
        links.remove(link);
      }
    } catch (IOException e) {
      // one end is gone, or the server is: both sockets are closed, and the client sees it
    }
  }

  /** One connection. */
  private static final class Link {
    private final Socket client;
    private final Socket server;

    /** Bytes that may pass still, in either direction. Guarded by this. */
    private long left;

    private int waiting;

    Link(Socket client, Socket server, long left) {
      this.client = client;
      this.server = server;
      this.left = left;
    }

    void up() {
      pump(client, server, 0);
    }

    void down() {
      pump(server, client, 1);
    }

    /** Each end takes the other with it. */
    private void pump(Socket from, Socket to, int costs) {
      try (from;
          to) {
        var buffer = new byte[BUFFER];
        for (var n = from.getInputStream().read(buffer);
            n >= 0;
            n = from.getInputStream().read(buffer)) {
          pass((long) n * costs);
          to.getOutputStream().write(buffer, 0, n);
        }
      } catch (IOException e) {
        // closed, by an end or by cut()
      } catch (InterruptedException e) {
        // the test is over
      }
    }

    private synchronized void pass(long bytes) throws InterruptedException {
      waiting++;
      while (left <= 0) {
        wait();
      }
      waiting--;
      left -= bytes;
    }

    synchronized void freeze() {
      left = 0;
    }

    synchronized boolean frozen() {
      return left <= 0 && waiting > 0;
    }

    synchronized void thaw() {
      left = Long.MAX_VALUE;
      notifyAll();
    }

    void close() {
      try (client;
          server) {
        thaw();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
    threads.shutdownNow();
  }
}
