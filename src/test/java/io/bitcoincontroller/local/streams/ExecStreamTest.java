package io.bitcoincontroller.local.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.LocalCluster;
import io.bitcoincontroller.local.api.Kind;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.Waiting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Exec as a client of the protocol sees it; {@code KubectlPodsTest} has it as users do. */
@Timeout(300)
final class ExecStreamTest {
  private static final ObjectKey POD = new ObjectKey("default", "p");
  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int ERROR = 3;

  @TempDir private Path folder = Path.of("");

  @SuppressWarnings("NullAway.Init") // set before every test
  private LocalCluster cluster;

  @SuppressWarnings("NullAway.Init") // set before every test
  private HttpClient client;

  @BeforeEach
  void start() throws Exception {
    cluster = LocalCluster.start(LocalCluster.Options.ordinary(folder, folder.resolve("cluster")));
    client = HttpClient.newBuilder().sslContext(cluster.api().clientTls()).build();
    cluster.create(
        Kind.PODS,
        Json.MAPPER
            .readTree(
                """
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "default"},
                 "spec": {"terminationGracePeriodSeconds": 1, "containers": [
                   {"name": "c", "image": "none", "command": ["sh", "-c", "exec sleep 1000"]}]}}
                """)
            .require());
    Waiting.until("the pod runs", () -> "", () -> looks(running()));
  }

  @AfterEach
  void stop() throws IOException {
    client.shutdownNow();
    cluster.close();
  }

  private boolean running() {
    return cluster
        .storage()
        .get(Kind.PODS, POD)
        .map(pod -> pod.at("/status/phase").asText().equals("Running"))
        .orElse(false);
  }

  private static Seen looks(boolean good) {
    return good ? new Seen.Good("") : new Seen.NotYet("", "");
  }

  /** What came on each channel. */
  private static final class Heard implements WebSocket.Listener {
    private final Map<Integer, ByteArrayOutputStream> channels = new ConcurrentHashMap<>();
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      while (data.hasRemaining()) {
        message.write(data.get());
      }
      if (last) {
        var bytes = message.toByteArray();
        message.reset();
        channel(bytes[0]).write(bytes, 1, bytes.length - 1);
      }
      socket.request(1);
      return CompletableFuture.completedStage("taken");
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return CompletableFuture.completedStage("closed");
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.completeExceptionally(error);
    }

    private ByteArrayOutputStream channel(int number) {
      return channels.computeIfAbsent(number, _ -> new ByteArrayOutputStream());
    }

    String text(int channel) {
      return channel(channel).toString(StandardCharsets.UTF_8);
    }

    /** The status after the end. */
    JsonNode end() throws Exception {
      assertEquals(1000, closed.get(60, TimeUnit.SECONDS));
      return Json.MAPPER.readTree(text(ERROR));
    }
  }

  private WebSocket exec(Heard heard, String protocol, String options, String... command) {
    var words =
        List.of(command).stream()
            .map(word -> "&command=" + URLEncoder.encode(word, StandardCharsets.UTF_8))
            .collect(Collectors.joining());
    var target = "/api/v1/namespaces/default/pods/p/exec?" + options + words;
    var uri = cluster.api().uri().resolve(target).toString().replace("https://", "wss://");
    return client
        .newWebSocketBuilder()
        .header("Authorization", "Bearer " + cluster.api().token())
        .subprotocols(protocol)
        .buildAsync(URI.create(uri), heard)
        .join();
  }

  private static void type(WebSocket socket, int channel, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    var message = ByteBuffer.allocate(bytes.length + 1).put((byte) channel).put(bytes).flip();
    socket.sendBinary(message, true).join();
  }

  @Test
  void theErrorChannelHasTheExitCode() throws Exception {
    var heard = new Heard();
    var script = "echo out; echo err >&2; exit 7";
    exec(heard, "v4.channel.k8s.io", "stdout=true&stderr=true", "sh", "-c", script);
    var status = heard.end();
    assertEquals("NonZeroExitCode", status.path("reason").asText());
    assertEquals("7", status.at("/details/causes/0/message").asText());
    assertEquals("out\n", heard.text(STDOUT));
    assertEquals("err\n", heard.text(STDERR));
  }

  @Test
  void inputEndsByTheSignalOfV5() throws Exception {
    var heard = new Heard();
    var socket = exec(heard, "v5.channel.k8s.io", "stdin=true&stdout=true", "cat");
    type(socket, STDIN, "hello");
    socket.sendBinary(ByteBuffer.wrap(new byte[] {(byte) 255, STDIN}), true).join();
    assertEquals("Success", heard.end().path("status").asText());
    assertEquals("hello", heard.text(STDOUT));
  }

  @Test
  void aTerminalEchoesAndJoinsBothOutputs() throws Exception {
    var heard = new Heard();
    var options = "stdin=true&stdout=true&tty=true";
    var socket = exec(heard, "v5.channel.k8s.io", options, "sh", "-c", "read x; echo \"<$x>\" >&2");
    type(socket, 4, "{\"Width\":80,\"Height\":24}");
    type(socket, STDIN, "ab\177c\r");
    assertEquals("Success", heard.end().path("status").asText());
    assertEquals("ab\b \bc\r\n<ac>\r\n", heard.text(STDOUT));
  }

  @Test
  void controlCEndsTheCommandOfATerminal() throws Exception {
    var heard = new Heard();
    var options = "stdin=true&stdout=true&tty=true";
    var socket = exec(heard, "v5.channel.k8s.io", options, "sleep", "1000");
    type(socket, STDIN, "\3");
    assertEquals("137", heard.end().at("/details/causes/0/message").asText());
  }

  @Test
  void aClientThatGoesAwayEndsItsCommand() throws Exception {
    var heard = new Heard();
    var script = "echo $$; exec sleep 1000";
    var socket = exec(heard, "v5.channel.k8s.io", "stdout=true", "sh", "-c", script);
    Waiting.until("the pid", () -> "", () -> looks(heard.text(STDOUT).endsWith("\n")));
    var command = ProcessHandle.of(Long.parseLong(heard.text(STDOUT).strip())).orElseThrow();
    assertTrue(command.isAlive());
    socket.abort();
    Waiting.until("the command has ended", () -> "", () -> looks(!command.isAlive()));
  }

  @Test
  void aProtocolThatIsNotSpokenIsRefused() {
    var refusal =
        assertThrows(
            CompletionException.class,
            () -> exec(new Heard(), "base64.channel.k8s.io", "stdout=true", "true"));
    assertTrue(String.valueOf(refusal.getCause()).contains("WebSocketHandshakeException"));
    assertFalse(cluster.storage().get(Kind.PODS, POD).isEmpty());
  }
}
