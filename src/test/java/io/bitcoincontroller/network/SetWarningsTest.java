package io.bitcoincontroller.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.observe.LogLines;
import io.bitcoincontroller.plan.Child;
import io.bitcoincontroller.plan.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Why pods can't be made is asked for rarely, and told as long as it is so. */
class SetWarningsTest {
  private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

  private final Meta set = ((Child.Ours) new World("nodes: 3").statefulSet).object().metadata();
  private final List<ApiRequest> requests = new ArrayList<>();
  private long seconds;
  private String events = "[]";
  private Optional<Reply> failure = Optional.empty();
  private final CostlyLooks costly = new CostlyLooks();
  private final SetWarnings warnings = warnings();

  /** How long an answer takes. */
  private long slow;

  private SetWarnings warnings() {
    return new SetWarnings(
        (request, _) -> {
          requests.add(request);
          seconds += slow;
          return failure.orElseGet(() -> new Reply.Success(200, World.yaml("items: " + events)));
        },
        costly,
        () -> Duration.ofSeconds(seconds).toNanos(),
        () -> START.plusSeconds(seconds),
        LogLines.onStandardError());
  }

  private String look(boolean missing) throws InterruptedException {
    return warnings.look(set, missing).orElse("");
  }

  private static String event(String reason, String message, String time) {
    return "{reason: %s, message: '%s', %s}".formatted(reason, message, time);
  }

  private static String at(long seconds) {
    return "lastTimestamp: '" + START.plusSeconds(seconds) + "'";
  }

  @Test
  void whilePodsComeNothingIsAsked() throws Exception {
    for (seconds = 0; seconds < 60; seconds++) {
      assertEquals("", look(seconds % 3 != 0));
    }
    assertEquals(List.of(), requests);
  }

  @Test
  void whereTheyStayAwayTheNewestWarningIsToldAndAskedForEveryTenSeconds() throws Exception {
    events =
        "["
            + event("FailedCreate", "old", at(1))
            + ","
            + event(
                "FailedCreate",
                "create Pod net-sts-1 in StatefulSet net-sts failed error: pods \"net-sts-1\" is"
                    + " forbidden: exceeded quota",
                at(2))
            + ", {reason: Other, message: no time}]";
    var told = "FailedCreate: pods \"net-sts-1\" is forbidden: exceeded quota";
    for (seconds = 0; seconds < 33; seconds++) {
      assertEquals(seconds < 3 ? "" : told, look(true), "" + seconds);
    }
    assertEquals(3, requests.size());
    assertEquals(
        "/api/v1/namespaces/default/events?fieldSelector=involvedObject.uid%3Duid-sts%2Ctype%3DWarning&limit=50",
        requests.getFirst().target());
    assertEquals("", look(false), "they came");
  }

  @Test
  void eachFormOfAnEventsTimeIsRead() throws Exception {
    for (var time :
        List.of(
            at(7),
            "lastTimestamp: null, eventTime: '2026-01-31T12:00:07.000000Z'",
            "series: {lastObservedTime: '2026-01-31T12:00:07.000000Z'}",
            "metadata: {creationTimestamp: '2026-01-31T12:00:07Z'}")) {
      events = "[" + event("B", "new", time) + "," + event("A", "old", at(6)) + "]";
      look(false);
      look(true);
      seconds += 5;
      assertEquals("B: new", look(true), time);
      seconds = 0;
    }
  }

  @Test
  void whatWasSaidBeforeAllPodsWereThereHasAnotherCause() throws Exception {
    events = "[" + event("FailedCreate", "quota", at(5)) + "]";
    seconds = 100;
    look(false);
    seconds = 200;
    look(true);
    seconds = 210;
    assertEquals("", look(true));
    events = "[" + event("FailedCreate", "quota", at(5)) + "," + event("X", "y", at(205)) + "]";
    seconds = 221;
    assertEquals("X: y", look(true));
  }

  /** A controller that has just begun knows of no time when all were there. */
  @Test
  void afterARestartWhatIsThereIsTold() throws Exception {
    events = "[" + event("FailedCreate", "quota", at(5)) + "]";
    seconds = 3000;
    look(true);
    seconds = 3005;
    assertEquals("FailedCreate: quota", look(true));
  }

  @Test
  void anAnswerThatFailsChangesNothing() throws Exception {
    events = "[" + event("FailedCreate", "quota", at(5)) + "]";
    look(true);
    seconds = 5;
    assertEquals("FailedCreate: quota", look(true));
    failure = Optional.of(new Reply.Failure(403, "Forbidden", "no", List.of(), Optional.empty()));
    seconds = 16;
    assertEquals("FailedCreate: quota", look(true));
  }

  @Test
  void longAndStrangeWordsAreCut() throws Exception {
    events = "[" + event("FailedCreate", "x".repeat(100_000), at(5)) + ", 7, {}, [], null]";
    look(true);
    seconds = 5;
    var told = look(true);
    assertTrue(told.startsWith("FailedCreate: xxx") && told.length() == 200, told);
    for (var nothing : List.of("7", "{a: b}", "null")) {
      events = nothing;
      seconds += 10;
      look(true);
    }
  }

  /** The API server looks through all events of the namespace. */
  @Test
  void manyNetworksOfANamespaceTakeATenthOfAWorker() throws Exception {
    events = "[" + event("FailedCreate", "quota", at(5)) + "]";
    slow = 1;
    var networks = Stream.generate(this::warnings).limit(20).toList();
    for (seconds = 0; seconds < 1000; seconds++) {
      for (var network : networks) {
        network.look(set, true);
      }
    }
    assertTrue(requests.size() >= 90 && requests.size() <= 101, "" + requests.size());
  }

  @Test
  void whoeverIsReadingKeepsTheOthersFromIt() {
    assertTrue(costly.take("a", 0));
    assertFalse(costly.take("a", Duration.ofDays(1).toNanos()));
    assertTrue(costly.take("b", 0));
    costly.end("a", 0, 5);
    assertFalse(costly.take("a", 49));
    assertTrue(costly.take("a", 50));
  }
}
