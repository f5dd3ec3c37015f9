package io.bitcoincontroller.recorder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.observe.PassNumber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RecorderTest {
  private final AtomicLong now = new AtomicLong(1_000_000);
  private final Recorder recorder = new Recorder(now::get, 100_000);

  private List<String> lines() {
    return entries().stream().map(Entry::line).toList();
  }

  private List<Entry> entries() {
    var all = new ArrayList<Entry>();
    for (var last = 0L; last < recorder.extent().last(); ) {
      var some = recorder.after(last, _ -> true);
      all.addAll(some.entries());
      last = some.looked();
    }
    return all;
  }

  @Test
  void anEntryIsALineWithNumberTimeKindAndNetwork() {
    now.addAndGet(5_000);
    var number = recorder.record("gone", "ns/a", json -> json.writeStringField("words", "a\nb"));
    assertEquals(1, number);
    assertEquals(
        List.of("{\"seq\":1,\"t\":5,\"kind\":\"gone\",\"network\":\"ns/a\",\"words\":\"a\\nb\"}"),
        lines());
  }

  @Test
  void whatAPassRecordsHasItsNumber() {
    PassNumber.given(17, () -> recorder.record("end", "ns/a", _ -> {})).run();
    assertEquals(
        List.of("{\"seq\":1,\"t\":0,\"kind\":\"end\",\"pass\":17,\"network\":\"ns/a\"}"), lines());
  }

  @Test
  void aBodyThatFailsLeavesTheNextEntryWhole() {
    recorder.record("gone", "ns/a", _ -> {});
    assertThrows(
        IllegalStateException.class,
        () ->
            recorder.record(
                "call",
                "ns/a",
                json -> {
                  json.writeArrayFieldStart("half");
                  throw new IllegalStateException("a bug");
                }));
    recorder.record("end", "ns/b", json -> json.writeStringField("words", "ü"));
    assertEquals(
        List.of(
            "{\"seq\":1,\"t\":0,\"kind\":\"gone\",\"network\":\"ns/a\"}",
            "{\"seq\":2,\"t\":0,\"kind\":\"end\",\"network\":\"ns/b\",\"words\":\"\\u00FC\"}"),
        lines());
  }

  @Test
  void theSameNewsOnlyNameTheEntryThatHasThem() {
    for (var words : List.of("old", "old", "new", "new", "old")) {
      recorder.recordNews("plan", "ns/a", json -> json.writeStringField("words", words));
    }
    recorder.recordNews("plan", "ns/b", json -> json.writeStringField("words", "old"));
    var same =
        lines().stream().map(line -> line.replaceAll(".*\"network\":\"ns/.\",", "")).toList();
    assertEquals(
        List.of(
            "\"words\":\"old\"}",
            "\"same\":1}",
            "\"words\":\"new\"}",
            "\"same\":3}",
            "\"words\":\"old\"}",
            "\"words\":\"old\"}"),
        same);
  }

  @Test
  void newsAreToldAgainBeforeTheEntryThatHasThemFallsOut() {
    for (var i = 0; i < 5_000; i++) {
      recorder.recordNews("plan", "ns/a", json -> json.writeStringField("words", "the same"));
      assertTrue(
          entries().stream().anyMatch(entry -> entry.line().contains("the same")),
          "nothing that is kept has the words, after " + i);
    }
  }

  @Test
  void aNetworkThatIsGoneIsForgotten() {
    recorder.recordNews("plan", "ns/a", _ -> {});
    recorder.forget("ns/a");
    recorder.recordNews("plan", "ns/a", _ -> {});
    assertFalse(lines().getLast().contains("same"), lines()::toString);
  }

  @Test
  void oneThatIsOffAsksForNothing() {
    var off = Recorder.off();
    var number =
        off.record(
            "plan",
            "",
            _ -> {
              throw new AssertionError("asked");
            });
    assertEquals(0, number);
    assertEquals(0, off.bytes());
  }

  @Test
  void itIsWatchedForAMinuteAfterALook() {
    assertFalse(recorder.isWatched());
    assertTrue(recorder.look(), "nobody looked before");
    now.addAndGet(Duration.ofSeconds(59).toNanos());
    assertTrue(recorder.isWatched());
    assertFalse(recorder.look(), "somebody still looks");
    now.addAndGet(Duration.ofSeconds(60).toNanos());
    assertFalse(recorder.isWatched());
    assertTrue(recorder.look());
  }

  @Test
  void aReaderIsWokenByTheNextEntry() throws Exception {
    var reader = Thread.ofVirtual().unstarted(() -> recorder.record("gone", "", _ -> {}));
    reader.start();
    assertTrue(recorder.await(0, Duration.ofMinutes(1).toNanos()));
    assertFalse(recorder.await(1, 1));
  }

  @Test
  void manyCausesAreCounted() {
    var causes = Causes.NONE;
    for (var i = 0; i < 20; i++) {
      causes = causes.and(Cause.of(Cause.Kind.LATE));
    }
    assertEquals(16, causes.list().size());
    assertEquals(4, causes.more());
  }
}
