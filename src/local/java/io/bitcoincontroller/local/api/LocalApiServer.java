package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.bitcoincontroller.local.http.Certificates;
import io.bitcoincontroller.local.http.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * A small Kubernetes API server on a loopback address, for people without a cluster and for tests.
 * It holds the default, kube-system and kube-public namespaces at the start.
 */
public final class LocalApiServer implements AutoCloseable {
  /**
   * How to serve.
   *
   * @param port 0 for any free one
   * @param token the bearer token of the one user
   * @param bookmarks after so long a silence a watch gets a bookmark, if it asked for bookmarks
   * @param streamingLists false refuses {@code sendInitialEvents} by 422, as 1.20 does
   */
  public record Options(int port, String token, Duration bookmarks, boolean streamingLists) {
    /** Any port, a random token, a bookmark a minute. */
    public static Options ordinary() {
      var random = new byte[24];
      new SecureRandom().nextBytes(random);
      var token = HexFormat.of().formatHex(random);
      return new Options(0, token, Duration.ofMinutes(1), true);
    }

    public Options withPort(int other) {
      return new Options(other, token, bookmarks, streamingLists);
    }

    public Options withBookmarks(Duration other) {
      return new Options(port, token, other, streamingLists);
    }

    public Options withStreamingLists(boolean other) {
      return new Options(port, token, bookmarks, other);
    }

    /** Not the token. */
    @Override
    public String toString() {
      return "Options[port=" + port + "]";
    }
  }

  private final Options options;
  private final MemoryStorage storage;
  private final Registry registry;
  private final Certificates certificates;
  private final Faults faults = new Faults();
  private final RequestLog log = new RequestLog();
  private final PodStreams podStreams = new PodStreams();
  private final Webhook webhook = new Webhook();
  private final HttpServer http;

  /** Serves at once, with nothing stored. */
  public LocalApiServer(Options options) throws IOException {
    this(options, new MemoryStorage());
  }

  /**
   * Serves at once.
   *
   * @param storage may be that of a closed server, as if etcd had outlived it
   * @throws IOException if the port is taken
   */
  public LocalApiServer(Options options, MemoryStorage storage) throws IOException {
    this.options = options;
    this.storage = storage;
    this.registry = new Registry(storage);
    this.certificates = Certificates.ofThisProcess();
    for (var name : List.of("default", "kube-system", "kube-public")) {
      createNamespace(storage, name);
    }
    this.http =
        new HttpServer(
            certificates.server(),
            InetAddress.getByAddress("127.0.0.1", new byte[] {127, 0, 0, 1}),
            options.port(),
            new ApiHandler(options, storage, faults, log, podStreams, webhook));
  }

  private static void createNamespace(MemoryStorage storage, String name) {
    if (storage.get(Kind.NAMESPACES, Kind.NAMESPACES.key("", name)).isEmpty()) {
      var namespace = JsonNodeFactory.instance.objectNode();
      namespace.put("apiVersion", "v1").put("kind", "Namespace");
      namespace.putObject("metadata").put("name", name);
      namespace.putObject("spec").putArray("finalizers").add("kubernetes");
      namespace.putObject("status").put("phase", "Active");
      storage.create(Kind.NAMESPACES, namespace);
    }
  }

  public Webhook webhook() {
    return webhook;
  }

  public URI uri() {
    return URI.create("https://127.0.0.1:" + http.port());
  }

  /** The certificate authority to trust, in PEM. */
  public String caPem() {
    return certificates.caPem();
  }

  /** Trusts this server. */
  public SSLContext clientTls() {
    return certificates.client();
  }

  public String token() {
    return options.token();
  }

  public MemoryStorage storage() {
    return storage;
  }

  /** All kinds that are served now, custom resources included. */
  public List<Kind> kinds() {
    return registry.all().stream().map(Served::kind).toList();
  }

  /**
   * The kind under which objects of a path are stored.
   *
   * @throws Storage.StatusException 404 if no such kind is served now
   */
  public Kind storageKind(String group, String version, String plural) {
    return registry.find(group, version, plural).orElseThrow(Errors::noSuchPath).kind();
  }

  public Faults faults() {
    return faults;
  }

  public RequestLog requests() {
    return log;
  }

  /** Where {@code exec} and {@code log} are registered. */
  public PodStreams podStreams() {
    return podStreams;
  }

  /** The kubeconfig of the administrator. */
  public String kubeconfig() {
    var ca = Base64.getEncoder().encodeToString(caPem().getBytes(StandardCharsets.UTF_8));
    return """
        apiVersion: v1
        kind: Config
        clusters:
        - name: local
          cluster:
            server: %s
            certificate-authority-data: %s
        users:
        - name: admin
          user:
            token: %s
        contexts:
        - name: local
          context:
            cluster: local
            user: admin
            namespace: default
        current-context: local
        """
        .formatted(uri(), ca, token());
  }

  /** Writes it, readable by its owner only. */
  public void writeKubeconfig(Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, kubeconfig());
  }

  /** Ends all connections as a broken network would; the server goes on. */
  public void cutConnections() {
    http.cutConnections();
  }

  /** Ends everything at once; what is stored stays in {@link #storage}. */
  @Override
  public void close() {
    http.close();
  }
}
