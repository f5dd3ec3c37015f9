package io.bitcoincontroller.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Why a container does not start, in one line. */
class LastWordsTest {
  private static final String TIME = "2026-11-26T15:07:17Z ";

  @Test
  void bitcoindsLineErrorIsPicked() {
    assertEquals(
        "Error: Prune mode is incompatible with -txindex.",
        LastWords.of(
            TIME
                + "Config file arg: txindex=\"1\"\n"
                + "Error: Prune mode is incompatible with -txindex.\n"
                + (TIME + "Shutdown done\n")));
  }

  @Test
  void aLineThatPointsToOthersIsJoinedWithTheOneThatItMeans() {
    assertEquals(
        "Error: Settings file could not be written: - Error: Unable to open settings file",
        LastWords.of(
            "Error: Settings file could not be written:\n- Error: Unable to open settings file\n"));
    assertEquals(
        "Error: Unable to start HTTP server. See debug log for details. [warning] Unable to open"
            + " cookie authentication file /nope.tmp for writing",
        LastWords.of(
            TIME
                + "[warning] Unable to open cookie authentication file /nope.tmp for writing\n"
                + (TIME + "[error] Unable to start HTTP server. See debug log for details.\n")
                + "Error: Unable to start HTTP server. See debug log for details.\n"
                + (TIME + "[net] stopped\n")));
    var alone = "Error: Unable to start HTTP server. See debug log for details.";
    assertEquals(alone, LastWords.of(alone));
    assertEquals("Error: half:", LastWords.of("Error: half:"));
  }

  /** Or each restart would be news. */
  @Test
  void withoutSuchALineItIsTheLastOneWithoutItsTime() {
    assertEquals("EXCEPTION: bad", LastWords.of(TIME + "begins\n" + TIME + "EXCEPTION: bad\n\n"));
    assertEquals(
        "exec: \"bitcoind\": executable file not found in $PATH",
        LastWords.of("exec: \"bitcoind\": executable file not found in $PATH"));
    assertEquals("", LastWords.of(" \n\t\n"));
  }

  @Test
  void whateverWasWrittenItIsOneShortLineWithoutControls() {
    var seed = System.nanoTime();
    System.out.println("LastWordsTest: seed " + seed);
    var random = new Random(seed);
    for (var i = 0; i < 5_000; i++) {
      var text = new StringBuilder(random.nextBoolean() ? "Error: " : "");
      for (var n = random.nextInt(i % 100 == 0 ? 9000 : 500); n > 0; n--) {
        text.appendCodePoint(
            switch (random.nextInt(4)) {
              case 0 -> random.nextInt(0xa0);
              case 1 -> 0x2020 + random.nextInt(0x20);
              case 2 -> 0x1f600 + random.nextInt(0x40);
              default -> 'a';
            });
      }
      for (var words : new String[] {LastWords.of(text + ""), LastWords.sentence(text + "")}) {
        assertTrue(words.length() <= LastWords.LONGEST, words);
        assertFalse(words.codePoints().anyMatch(LastWordsTest::breaksALine), words);
        assertEquals(
            words,
            new String(
                words.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                java.nio.charset.StandardCharsets.UTF_8));
      }
    }
  }

  private static boolean breaksALine(int c) {
    return Character.isISOControl(c)
        || Character.getType(c) == Character.FORMAT
        || Character.getType(c) == Character.LINE_SEPARATOR;
  }

  private static Pod pod(String status) throws Exception {
    return Json.MAPPER.readValue(
        ("{'metadata':{'name':'x'},'status':{" + status + "}}").replace('\'', '"'), Pod.class);
  }

  private static String terminated(String reason, int code, String message) {
    return "{'terminated':{'reason':'%s','exitCode':%d,'message':'%s'}}"
        .formatted(reason, code, message);
  }

  private static Pod container(String state, String last, boolean started, int restarts)
      throws Exception {
    return pod(
        "'phase':'Running','containerStatuses':[{'state':%s,'lastState':%s,'started':%s,'restartCount':%d}]"
            .formatted(state, last, started, restarts));
  }

  @Test
  void aContainersEndIsToldByItsLastWords() throws Exception {
    var end = terminated("Error", 1, "Error: bad");
    var waiting = "{'waiting':{'reason':'CrashLoopBackOff','message':'back-off 10s'}}";
    assertEquals(Optional.of("Error: bad"), container(end, "{}", false, 0).trouble());
    assertEquals(Optional.of("Error: bad"), container("{'running':{}}", end, false, 1).trouble());
    var loop = Optional.of("CrashLoopBackOff: Error: bad");
    assertEquals(loop, container(waiting, end, false, 1).trouble());
    assertEquals(loop, container("{'running':{}}", end, false, 2).trouble(), "tried again");
    assertEquals(loop, container(end, "{}", false, 2).trouble(), "failed again");
    assertEquals(Optional.of("CrashLoopBackOff"), container(waiting, "{}", false, 1).trouble());
  }

  @Test
  void aContainerWithoutWordsIsToldByWhatTheKubeletKnows() throws Exception {
    assertTrue(
        container(terminated("OOMKilled", 137, ""), "{}", false, 0)
            .trouble()
            .orElseThrow()
            .endsWith("raise spec.resources.limits.memory"));
    assertEquals(
        Optional.of("it ended with exit code 137"),
        container(terminated("Error", 137, ""), "{}", false, 0).trouble());
    assertEquals(
        Optional.of("CreateContainerConfigError: configmap \\\"x\\\" not found".replace("\\", "")),
        container(
                "{'waiting':{'reason':'CreateContainerConfigError','message':'configmap \\'x\\' not found'}}"
                    .replace("\\'", "\\\""),
                "{}",
                false,
                0)
            .trouble());
    for (var pull : new String[] {"ErrImagePull", "ImagePullBackOff"}) {
      assertEquals(
          Optional.of("ImagePullBackOff: check spec.image, and who may pull it"),
          container("{'waiting':{'reason':'" + pull + "','message':'x'}}", "{}", false, 0)
              .trouble());
    }
  }

  @Test
  void aStartThatTakesItsTimeIsNoTroubleButIsSaid() throws Exception {
    var starting = container("{'running':{}}", "{}", false, 0);
    assertEquals(Optional.empty(), starting.trouble());
    assertEquals(Optional.of("bitcoind is still starting"), starting.obstacle());
    var hung = container("{'running':{}}", terminated("Error", 1, "long ago"), true, 3);
    assertEquals(Optional.empty(), hung.trouble());
    assertEquals(Optional.of("its readiness probe fails"), hung.obstacle());
    assertEquals(
        Optional.empty(),
        pod("'phase':'Pending','containerStatuses':[{'state':{'waiting':{'reason':'ContainerCreating'}}}]")
            .obstacle());
  }

  @Test
  void aPodWithoutAPlaceIsToldInTheSchedulersSentence() throws Exception {
    var message = "0/3 nodes are available: 3 Insufficient memory.";
    assertEquals(
        Optional.of("Unschedulable: " + message),
        pod("'phase':'Pending','conditions':[{'type':'PodScheduled','status':'False','reason':'Unschedulable','message':'"
                + message
                + "'}]")
            .obstacle());
  }

  @Test
  void ofAReadyPodNothingOfThisIsKept() throws Exception {
    var ready =
        pod(
            "'phase':'Running','podIP':'10.0.0.1','conditions':[{'type':'Ready','status':'True'}],"
                + "'containerStatuses':[{'state':{'waiting':{'reason':'x'}}}]");
    assertEquals(0, ready.status().containerStatuses().size());
    assertEquals(Optional.empty(), ready.trouble());
  }
}
