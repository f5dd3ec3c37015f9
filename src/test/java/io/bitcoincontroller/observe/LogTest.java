package io.bitcoincontroller.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.verify;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LogTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = spy(new PrintStream(bytes, true, UTF_8));

  private Log log(Log.Level level, Log.Format format) {
    return new Log(level, format, out, () -> Instant.parse("2026-01-31T12:00:00.123456Z"));
  }

  @Test
  void aTextLineHasTimeLevelWordsAndPairs() {
    log(Log.Level.INFO, Log.Format.TEXT)
        .info("node joined", "network", "default/my-network", "node", 2);
    assertEquals(
        "2026-01-31T12:00:00.123Z INFO  node joined network=default/my-network node=2\n",
        bytes.toString(UTF_8));
  }

  @Test
  void aValueCantForgeALineOrAPair() {
    log(Log.Level.INFO, Log.Format.TEXT).info("seen", "value", "a b=c\n2026 INFO forged");
    assertEquals(
        "2026-01-31T12:00:00.123Z INFO  seen value=\"a b=c\\n2026 INFO forged\"\n",
        bytes.toString(UTF_8));
  }

  @Test
  void aJsonLineIsOneObject() {
    log(Log.Level.INFO, Log.Format.JSON).warn("slow", "node", "a\"b");
    assertEquals(
        "{\"time\":\"2026-01-31T12:00:00.123Z\",\"level\":\"WARN\",\"msg\":\"slow\",\"node\":\"a\\\"b\"}\n",
        bytes.toString(UTF_8));
  }

  private void inPass17(Runnable work) {
    PassNumber.given(17, work).run();
  }

  @Test
  void aLineOfAPassEndsWithItsNumber() {
    var log = log(Log.Level.INFO, Log.Format.TEXT);
    inPass17(() -> log.info("node joined", "network", "default/my-network"));
    log.info("of no pass");
    assertEquals(
        """
        2026-01-31T12:00:00.123Z INFO  node joined network=default/my-network pass=17
        2026-01-31T12:00:00.123Z INFO  of no pass
        """,
        bytes.toString(UTF_8));
  }

  @Test
  void inJsonThePassIsANumber() {
    inPass17(() -> log(Log.Level.INFO, Log.Format.JSON).info("joined"));
    assertEquals(
        "{\"time\":\"2026-01-31T12:00:00.123Z\",\"level\":\"INFO\",\"msg\":\"joined\",\"pass\":17}\n",
        bytes.toString(UTF_8));
  }

  @Test
  void theNumberStandsBeforeATrace() {
    var log = log(Log.Level.INFO, Log.Format.TEXT);
    inPass17(() -> log.bug("broken", new IllegalStateException(), "key", "a"));
    var first = bytes.toString(UTF_8).lines().findFirst().orElseThrow();
    assertTrue(first.endsWith(" key=a pass=17"), first);
  }

  @Test
  void aThreadHasTheNumberOfThePassThatBeganIt() throws InterruptedException {
    var log = log(Log.Level.INFO, Log.Format.TEXT);
    var begun = new ArrayList<Thread>();
    inPass17(
        () ->
            begun.add(
                Thread.ofVirtual().unstarted(PassNumber.carried(() -> log.info("outlasts it")))));
    begun.getFirst().start();
    begun.getFirst().join();
    assertTrue(bytes.toString(UTF_8).endsWith("outlasts it pass=17\n"), bytes.toString(UTF_8));
  }

  @Test
  void whatIsBelowTheLevelIsNotWritten() {
    log(Log.Level.WARN, Log.Format.TEXT).info("nothing to see");
    verify(out, never()).println(org.mockito.ArgumentMatchers.anyString());
    assertEquals("", bytes.toString(UTF_8));
  }

  @Test
  void workThatMayNotGoOnFailsInSilenceUnlessItIsABug() {
    var leads = new AtomicBoolean(true);
    var log = log(Log.Level.INFO, Log.Format.TEXT).onlyWhile(leads::get);
    log.warn("failed");
    leads.set(false);
    log.warn("failed");
    log.bug("broken", new IllegalStateException());
    var time = "2026-01-31T12:00:00.123Z ";
    assertEquals(
        List.of(time + "WARN  failed", time + "ERROR broken: this is a bug, please report it"),
        bytes.toString(UTF_8).lines().limit(2).toList());
  }

  @Test
  void aLongValueIsCut() {
    log(Log.Level.INFO, Log.Format.TEXT).info("long", "value", "x".repeat(5000));
    assertEquals(true, bytes.size() < 1100, "" + bytes.size());
  }

  @Test
  void aKeyWithoutAValueIsOurBug() {
    var log = log(Log.Level.INFO, Log.Format.TEXT);
    assertThrows(IllegalArgumentException.class, () -> log.info("odd", "key"));
  }

  private static Throwable nested(int causes) {
    Throwable bug = new IllegalStateException("the cause\n2026 INFO  forged\u001b[2J");
    for (var i = 0; i < causes; i++) {
      bug = new IllegalArgumentException("around it", bug);
    }
    return bug;
  }

  @Test
  void aTraceIsWholeAndStandsIndentedOnItsOwnLines() {
    log(Log.Level.INFO, Log.Format.TEXT).bug("a pass failed", nested(3), "network", "default/a");
    var lines = bytes.toString(UTF_8).lines().toList();
    assertEquals(
        "2026-01-31T12:00:00.123Z ERROR a pass failed: this is a bug, please report it"
            + " network=default/a",
        lines.getFirst());
    assertEquals("    java.lang.IllegalArgumentException: around it", lines.get(1));
    assertTrue(lines.contains("    Caused by: java.lang.IllegalStateException: the cause"));
    assertTrue(lines.contains("    2026 INFO  forged[2J"), lines::toString);
    assertTrue(bytes.size() > 1500, "" + bytes.size());
    assertTrue(lines.stream().skip(1).allMatch(line -> line.startsWith("    ")), lines::toString);
  }

  @Test
  void ofAnEndlessTraceTheEndsAreShown() {
    for (var format : Log.Format.values()) {
      bytes.reset();
      log(Log.Level.INFO, format).bug("a pass failed", nested(1000));
      assertTrue(bytes.size() > 16_000 && bytes.size() < 40_000, format + " " + bytes.size());
      assertTrue(bytes.toString(UTF_8).contains("the cause"), "no cause");
    }
  }
}
