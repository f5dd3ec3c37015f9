package io.bitcoincontroller.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bitcoincontroller.api.Status.Difference;
import io.bitcoincontroller.plan.Plan;
import io.bitcoincontroller.plan.World;
import io.bitcoincontroller.recorder.Recorder;
import io.bitcoincontroller.recorder.Transcript;
import io.bitcoincontroller.timing.Ticker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is recorded of a pass over a network that is well. */
final class RecordingTest {
  private static final String AS_STATUS = "observed as";

  private static World well() {
    return new World("nodes: 3").meshed();
  }

  /** What passes leave, one after the other; the status differs so from the stored one. */
  private static List<String> passes(World world, Recorder recorder, Difference... differences)
      throws IOException {
    var recording = new Recording(world.network.metadata().key(), recorder);
    var seen = world.seen();
    for (var difference : differences) {
      recording.planned(seen, Plan.of(seen));
      recording.compared(difference);
      recording.over();
    }
    return kinds(recorder);
  }

  private static List<String> kinds(Recorder recorder) throws IOException {
    var out = new ByteArrayOutputStream();
    new Transcript(recorder, "", "", 0).write(out);
    return out.toString(StandardCharsets.UTF_8).lines().skip(1).map(RecordingTest::kind).toList();
  }

  private static String kind(String line) {
    var kind = line.replaceAll(".*\"kind\":\"([a-z]+)\".*", "$1");
    return kind + (line.contains("\"as\":\"status\"") ? " as" : "");
  }

  private static Recorder recorder() {
    return new Recorder(Ticker.SYSTEM, 100_000);
  }

  @Test
  void whileNobodyLooksAPassThatFindsNothingNewTellsNoMoreThanThat() throws Exception {
    assertEquals(
        List.of(AS_STATUS, AS_STATUS),
        passes(well(), recorder(), Difference.NONE, Difference.NONE));
  }

  @Test
  void whatDiffersIsToldAndHowItIsAfterwards() throws Exception {
    for (var difference : List.of(Difference.NUMBERS, Difference.PROGRESS, Difference.MEANING)) {
      assertEquals(
          List.of("observed", "plan", "observed", "plan", AS_STATUS),
          passes(well(), recorder(), difference, Difference.NONE, Difference.NONE));
    }
  }

  @Test
  void aPassThatDoesSomethingIsTold() throws Exception {
    assertEquals(
        List.of("observed", "plan"), passes(new World("nodes: 3"), recorder(), Difference.NONE));
  }

  @Test
  void whoeverLooksIsToldAll() throws Exception {
    var watched = Recorder.alwaysWatched(Ticker.SYSTEM, 100_000);
    assertEquals(List.of("observed", "plan"), passes(well(), watched, Difference.NONE));
  }

  @Test
  void aPassThatEndsEarlyIsTold() throws Exception {
    var recorder = recorder();
    var world = well();
    var recording = new Recording(world.network.metadata().key(), recorder);
    recording.planned(world.seen(), Plan.of(world.seen()));
    recording.over();
    assertEquals(List.of("observed", "plan"), kinds(recorder));
  }

  @Test
  void oneThatIsOffGetsNothing() throws Exception {
    assertEquals(List.of(), passes(well(), Recorder.off(), Difference.MEANING));
  }
}
