package io.bitcoincontroller.local.kubelet;

import static io.bitcoincontroller.local.kubelet.TestNode.await;
import static io.bitcoincontroller.local.kubelet.TestNode.key;
import static io.bitcoincontroller.local.kubelet.TestNode.object;
import static io.bitcoincontroller.local.kubelet.TestNode.shellPod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.api.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pods of plain shell commands: what the kubelet does with any process. */
final class KubeletTest {
  private TestNode node;

  @BeforeEach
  void startNode() throws IOException {
    node = new TestNode();
  }

  @AfterEach
  void closeNode() throws IOException {
    node.close();
    assertFalse(Files.exists(node.folder), "the folder is still there");
  }

  @Test
  void theEnvironmentComesFromFieldsSecretsAndConfigMaps() throws Exception {
    node.storage.create(Kind.SECRETS, object("Secret", "s", "{'data': {'password': 'eHl6'}}"));
    node.storage.create(Kind.CONFIG_MAPS, object("ConfigMap", "c", "{'data': {'k': 'v'}}"));
    var pod =
        shellPod(
            "p",
            "echo $NAME $NAMESPACE $IP $PASSWORD $KEY $BOTH '$$(NAME)'; exec sleep 1000",
            """
            {'env': [
              {'name': 'NAME', 'valueFrom': {'fieldRef': {'fieldPath': 'metadata.name'}}},
              {'name': 'NAMESPACE', 'valueFrom': {'fieldRef': {'fieldPath': 'metadata.namespace'}}},
              {'name': 'IP', 'valueFrom': {'fieldRef': {'fieldPath': 'status.podIP'}}},
              {'name': 'PASSWORD', 'valueFrom': {'secretKeyRef': {'name': 's', 'key': 'password'}}},
              {'name': 'KEY', 'valueFrom': {'configMapKeyRef': {'name': 'c', 'key': 'k'}}},
              {'name': 'BOTH', 'value': '$(NAME)/$(KEY)'}]}
            """);
    node.storage.create(Kind.PODS, pod);
    await("the pod is ready", () -> node.ready("p"));
    var address = node.pod("p").at("/status/podIP").asText();
    await("the log is written", () -> logs("p").endsWith("\n"));
    assertEquals("p default " + address + " xyz v p/v $(NAME)\n", logs("p"));
  }

  private String logs(String pod) {
    try {
      return node.kubelet.logs(key(pod));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aMissingSecretIsNamedAndAwaited() {
    var pod =
        shellPod(
            "p",
            "exec sleep 1000",
            """
            {'env': [{'name': 'X', 'valueFrom': {'secretKeyRef': {'name': 'later', 'key': 'k'}}}]}
            """);
    node.storage.create(Kind.PODS, pod);
    await("the container waits", () -> waiting("p").equals("CreateContainerConfigError"));
    assertEquals(
        "secret \"later\" not found", node.container("p").at("/state/waiting/message").asText());
    assertEquals("Pending", node.pod("p").at("/status/phase").asText());
    node.storage.create(Kind.SECRETS, object("Secret", "later", "{'data': {'k': 'eHl6'}}"));
    await("the pod is ready", () -> node.ready("p"));
    assertEquals(0, node.container("p").path("restartCount").asInt());
  }

  private String waiting(String pod) {
    return node.container(pod).at("/state/waiting/reason").asText();
  }

  @Test
  void aProgramThatIsNotThereIsTriedAgainWithBackOff() {
    var pod = object("Pod", "p", "{'spec': {'containers': [{'name': 'c', 'command': ['nope']}]}}");
    node.storage.create(Kind.PODS, pod);
    await("the container backs off", () -> waiting("p").equals("CrashLoopBackOff"));
    var last = node.container("p").at("/lastState/terminated");
    assertEquals("StartError", last.path("reason").asText());
    assertTrue(last.path("message").asText().contains("\"nope\""), last.toString());
  }

  @Test
  void aFailingLivenessProbeRestartsTheContainer() {
    var probe = "{'exec': {'command': ['test', '!', '-e', 'sick']}, 'periodSeconds': 1,";
    var script = "test -e sick && rm sick || { touch sick; sleep 1000; }; exec sleep 1000";
    var pod = shellPod("p", script, "{'livenessProbe': " + probe + " 'failureThreshold': 1}}");
    ((ObjectNode) pod.path("spec")).put("terminationGracePeriodSeconds", 30);
    node.storage.create(Kind.PODS, pod);
    // the next life's first probe may come before its first command
    await("a restart", () -> node.container("p").path("restartCount").asInt() > 0);
    assertEquals(143, node.container("p").at("/lastState/terminated/exitCode").asInt());
    await("the pod is ready again", () -> node.ready("p"));
  }

  @Test
  void aPodThatIsNotRestartedEndsAsItsExitCodeSays() {
    for (var exitCode : List.of(0, 3)) {
      var name = "p" + exitCode;
      var pod = shellPod(name, "exit " + exitCode, "{}");
      pod.withObject("/spec").put("restartPolicy", "Never");
      node.storage.create(Kind.PODS, pod);
      var phase = exitCode == 0 ? "Succeeded" : "Failed";
      await(phase, () -> node.pod(name).at("/status/phase").asText().equals(phase));
    }
  }

  @Test
  void aProcessThatIgnoresTermIsKilledAfterTheGracePeriodWithItsChildren() throws Exception {
    var script = "trap '' TERM; sleep 1000 & echo $!; wait; wait";
    node.storage.create(Kind.PODS, shellPod("p", script, "{}"));
    await("the child's pid is logged", () -> node.ready("p") && logs("p").endsWith("\n"));
    var main = node.kubelet.process(key("p")).orElseThrow().toHandle();
    var child = ProcessHandle.of(Long.parseLong(logs("p").strip())).orElseThrow();
    node.storage.delete(Kind.PODS, key("p"));
    await("the pod is gone", () -> node.gone("p"));
    assertFalse(main.isAlive(), "the process lives");
    await("the child is gone", () -> !child.isAlive());
  }

  @Test
  void aPodDeletedByForceLeavesNoProcess() {
    node.storage.create(Kind.PODS, shellPod("p", "sleep 1000 & echo $!; wait", "{}"));
    await("the child's pid is logged", () -> node.ready("p") && logs("p").endsWith("\n"));
    var process = node.kubelet.process(key("p")).orElseThrow();
    var child = ProcessHandle.of(Long.parseLong(logs("p").strip())).orElseThrow();
    node.storage.remove(Kind.PODS, key("p"));
    await("its process is gone", () -> !process.isAlive());
    await("the child is gone", () -> !child.isAlive());
  }

  @Test
  void whatTheLocalClusterCantDoIsSaidInThePodsStatus() {
    var pod = shellPod("p", "exec sleep 1000", "{'readinessProbe': {'tcpSocket': {'port': 80}}}");
    node.storage.create(Kind.PODS, pod);
    await("the refusal", () -> waiting("p").equals("CreateContainerError"));
    var message = node.container("p").at("/state/waiting/message").asText();
    assertTrue(message.contains("readinessProbe by exec only"), message);
  }

  @Test
  void aCommandThatTakesTooLongIsEndedAndOneThatIsNotThereIs127() throws Exception {
    node.storage.create(Kind.PODS, shellPod("p", "exec sleep 1000", "{}"));
    await("the pod is ready", () -> node.ready("p"));
    var command = List.of("sh", "-c", "echo out; echo err >&2; exec sleep 1000");
    var slow = node.kubelet.exec(key("p"), command, Duration.ofSeconds(5)); // it has to begin
    assertEquals(new Kubelet.ExecResult(137, "out\n", "err\n", true), slow);
    var nope = node.kubelet.exec(key("p"), List.of("nope"), Duration.ofSeconds(5));
    assertEquals(127, nope.exitCode());
  }
}
