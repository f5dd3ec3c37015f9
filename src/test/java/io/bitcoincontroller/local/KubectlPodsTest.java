package io.bitcoincontroller.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bitcoincontroller.local.user.Kubectl;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people type about running pods, with the kubectl of this machine. */
@Timeout(300)
final class KubectlPodsTest {
  /** The first kubectl that speaks WebSocket for exec. */
  private static final int WEB_SOCKETS = 30;

  private static final String PODS =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: p, labels: {app: x}}
      spec:
        terminationGracePeriodSeconds: 1
        containers:
        - name: main
          image: none
          command: [sh, -c, 'echo one; echo two; exec sleep 1000']
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: short}
      spec:
        restartPolicy: Never
        containers:
        - name: main
          image: none
          command: [sh, -c, 'for i in 1 2 3; do echo $i; done; sleep 1; echo end']
      """;

  @TempDir private Path folder = Path.of("");

  private Optional<LocalCluster> cluster = Optional.empty();

  @SuppressWarnings("NullAway.Init") // set before every test
  private Kubectl kubectl;

  @BeforeEach
  void start() throws Exception {
    var program = Kubectl.find();
    assumeTrue(program.isPresent(), "kubectl is not on PATH: what people type was not tried");
    var options = LocalCluster.Options.ordinary(folder, folder.resolve("cluster"));
    cluster = Optional.of(LocalCluster.start(options));
    kubectl = new Kubectl(program.get(), cluster.get().kubeconfig(), folder);
    Files.writeString(folder.resolve("pods.yaml"), PODS);
    kubectl.works("apply", "-f", "pods.yaml");
    kubectl.works("wait", "--for=condition=Ready", "pod/p", "--timeout=60s");
    awaitLog("p", "one\ntwo\n");
    awaitLog("short", "1\n2\n3\n");
  }

  /** A container that has no probe is ready before it has said anything. */
  private void awaitLog(String pod, String begin) throws InterruptedException {
    Waiting.until(
        "the log of " + pod,
        () -> "",
        () -> {
          var log = kubectl.run("logs", pod).output();
          return log.startsWith(begin) ? new Seen.Good("") : new Seen.NotYet(begin, log);
        });
  }

  @AfterEach
  void stop() throws IOException {
    if (cluster.isPresent()) {
      cluster.get().close();
    }
  }

  private void assumeWebSockets() throws IOException, InterruptedException {
    assumeTrue(kubectl.minorVersion() >= WEB_SOCKETS, "this kubectl speaks only SPDY for exec");
  }

  @Test
  void aCommandsOutputErrorsAndExitCodeComeBack() throws Exception {
    assumeWebSockets();
    assertEquals("p\n", kubectl.works("exec", "p", "--", "sh", "-c", "echo $HOSTNAME"));
    var failing = kubectl.run("exec", "p", "--", "sh", "-c", "echo out; echo err >&2; exit 3");
    assertEquals(3, failing.code());
    assertTrue(failing.output().contains("out\n"), failing.output());
    assertTrue(failing.output().contains("err\n"), failing.output());
    var missing = kubectl.run("exec", "p", "--", "nope");
    assertEquals(1, missing.code());
    assertTrue(missing.output().contains("\"nope\": executable file not found"), missing.output());
  }

  @Test
  void inputReachesTheCommandAndItsEndToo() throws Exception {
    assumeWebSockets();
    var input = "line of input\n".repeat(100_000);
    assertEquals(input, kubectl.works(input, List.of("exec", "-i", "p", "--", "cat")));
  }

  @Test
  void anExecThatCantBeSaysWhy() throws Exception {
    var noPod = kubectl.run("exec", "nope", "--", "true").output();
    assertTrue(noPod.contains("pods \"nope\" not found"), noPod);
    var noContainer = kubectl.run("exec", "p", "-c", "other", "--", "true").output();
    assertTrue(noContainer.contains("container other is not valid for pod p"), noContainer);
    if (kubectl.minorVersion() < WEB_SOCKETS) {
      var spdy = kubectl.run("exec", "p", "--", "true").output();
      assertTrue(spdy.contains("exec speaks WebSocket here, as kubectl does from 1.30"), spdy);
    }
  }

  @Test
  void logsAreShownWholeOrTheirLastLinesOrUntilTheEnd() throws Exception {
    assertEquals("one\ntwo\n", kubectl.works("logs", "p"));
    assertEquals("two\n", kubectl.works("logs", "-l", "app=x", "--tail=1"));
    assertEquals("1\n2\n3\nend\n", kubectl.works("logs", "-f", "short"));
    assertEquals("1\n2\n", kubectl.works("logs", "short", "--limit-bytes=4"));
    var previous = kubectl.run("logs", "p", "--previous").output();
    assertTrue(previous.contains("previous terminated container"), previous);
  }

  @Test
  void whatTheClusterHasNotIsRefusedInWords() throws Exception {
    var forward = kubectl.run("port-forward", "p", "0:18443").output();
    assertTrue(forward.contains("the local cluster has no port-forward"), forward);
  }

  @Test
  void deletedPodsAreWaitedFor() throws Exception {
    assertTrue(kubectl.works("get", "pods", "-o", "wide").contains("127."), "no address");
    kubectl.works("delete", "pod", "p", "--timeout=60s");
    var gone = kubectl.run("get", "pod", "p");
    assertTrue(gone.output().contains("NotFound"), gone.output());
  }
}
