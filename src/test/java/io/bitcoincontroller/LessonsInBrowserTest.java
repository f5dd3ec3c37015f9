package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.browser.Chromium;
import io.bitcoincontroller.browser.Tab;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.recorder.LessonsFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lessons in a browser, as one file without a controller. */
final class LessonsInBrowserTest {
  /** Of all recordings together; there were 108 when this was written. */
  private static final int FEWEST_STOPS = 100;

  private static final String START = "{\"kind\":\"start\",\"format\":2,\"at\":0}";

  /** A delay that is over while the next pass runs; then the process leads no more. */
  private static final List<String> QUEUE =
      List.of(
          START,
          end(1, 1000, 1, "failed", "{\"id\":7,\"cause\":\"retry\",\"after\":1000}"),
          entry(
              2, 1500, "pass", "\"pass\":2,\"more\":0,\"causes\":[{\"id\":8,\"cause\":\"late\"}]"),
          end(3, 4000, 2, "synced", "{\"id\":9,\"cause\":\"period\",\"after\":1000}"),
          "{\"seq\":4,\"t\":8000,\"kind\":\"leader\",\"leads\":false}",
          entry(5, 8500, "cause", "\"id\":10,\"cause\":\"late\",\"how\":\"refused\""));

  /** A network that is gone before its next look. */
  private static final List<String> GONE =
      List.of(
          START,
          end(1, 1_000_000, 1, "synced", "{\"id\":7,\"cause\":\"period\",\"after\":25000000}"),
          entry(
              2,
              5_000_000,
              "pass",
              "\"pass\":2,\"more\":0,\"causes\":[{\"id\":8,\"cause\":\"late\"}]"),
          end(3, 5_000_001, 2, "gone", ""),
          entry(4, 5_000_002, "gone", "\"pass\":2"));

  private static String entry(int seq, long micros, String kind, String fields) {
    var head =
        "{\"seq\":" + seq + ",\"t\":" + micros + ",\"kind\":\"" + kind + "\",\"network\":\"a/b\",";
    return head + fields + "}";
  }

  private static String end(int seq, long micros, int pass, String outcome, String delays) {
    var fields = "\"pass\":%d,\"outcome\":\"%s\",\"delays\":[%s]".formatted(pass, outcome, delays);
    return entry(seq, micros, "end", fields);
  }

  private static final String NAMES =
      "lessonsHere.list.flatMap(recordingsOf).map(({ name }) => name)";

  /** A function that walks through the recording of a name; wrong is what its stops lack. */
  private static final String WALK =
      """
      (async (name) => {
        await openLesson(name);
        const missing = [];
        const { stops } = page.recording;
        const boxOf = (element) => element.getBoundingClientRect();
        for (let at = 0; at < stops.length; at++) {
          if (at) stepStop(1);
          draw();
          const { title, shows, opens, between } = stops[at];
          const lack = (what) => missing.push(`${name}, "${title}": ${what}`);
          const lanes = boxOf($('lanes'));
          const marks = [...document.querySelectorAll('#picture .focus, #arcs .focus')];
          const seen = marks.map(boxOf).filter((box) => box.width && box.left >= lanes.left
            && box.right <= lanes.right && box.top >= lanes.top && box.bottom <= lanes.bottom);
          if (seen.length !== 1) lack(`${seen.length} marks of its entry in the lanes`);
          const main = document.querySelector('main');
          const drawn = [...main.querySelectorAll('svg text')].map((text) => text.textContent);
          const words = [main.innerText, ...drawn].join(' ');
          shows.filter((text) => !words.includes(text)).forEach((text) => lack(`no "${text}"`));
          if (!$('stop-words').textContent.includes(title)) lack('its words');
          const pressed = document.querySelector('[data-panel][aria-pressed=true]').dataset.panel;
          if (pressed !== opens) lack(`${pressed} is answered, and not ${opens}`);
          if (between.some((node, end) => node !== Number($(end ? 'other' : 'one').value)))
            lack(`nodes ${$('one').value} and ${$('other').value} are told of`);
          if (between.length && !/saw /.test($('link-story').textContent)) lack('the two nodes');
        }
        return { told: stops.length, wrong: missing };
      })""";

  /**
   * Looks at the end of each pass in the recording of a name. If the next pass over the key was
   * caused by nothing but its delay, "why nothing?" has to have said when it would be queued.
   */
  private static final String FORETELL =
      """
      (async (name) => {
        const recording = recordingOf(await lessonText(name));
        const entries = recording.chunks.flatMap((chunk) => chunk.entries);
        const wrong = [];
        let told = 0;
        for (const end of entries.filter(({ kind }) => kind === 'end')) {
          const isNext = ({ kind, network, seq }) =>
            kind === 'pass' && network === end.network && seq > end.seq;
          const next = entries.find(isNext);
          const [cause] = next?.causes ?? [];
          if (!cause || cause.of || next.causes.length > 1 || !recording.delays.has(cause.id)) continue;
          const delay = entries.flatMap(delaysOf).find(({ id }) => id === cause.id);
          told++;
          const story = whyNothing(viewOf(recording, end.t, end.network));
          const words = story.flatMap(({ parts }) => parts).map((part) => part.text ?? part).join('');
          const due = clock(recording, delay.t + delay.after);
          const why = [delayWords(delay), causeWords(recording, delay)];
          if (!words.includes(due) || !why.some((each) => words.includes(each)))
            wrong.push(`${name}, at ${end.t}: not "${due}": ${words}`);
        }
        return { told, wrong };
      })""";

  /**
   * Reads the recording of a name as if it began later, as one does that has dropped entries, from
   * every third of its entries on. A time that only seems to have queued the key must not wait for
   * ever: after a pass nothing waits that was due long before it.
   */
  private static final String REFUTE =
      """
      (async (name) => {
        const text = await lessonText(name);
        const [start, ...lines] = text.split('\\n').filter((line) => !line.includes('"kind":"stop"'));
        const wrong = [];
        let cuts = 0;
        for (let cut = 0; cut < lines.length - 1; cut += 3) {
          const { state, last } = recordingOf([start, ...lines.slice(cut)].join('\\n'));
          cuts++;
          for (const network of state.networks.keys()) {
            const { pass, waiting } = knownAt(state, network, last.t);
            const refuted = waiting.filter(({ seq, t }) => !seq && pass && t < pass.t - 1e6);
            if (refuted.length) wrong.push(`${name} after ${cut}: ${JSON.stringify(refuted)}`);
          }
        }
        return { told: cuts, wrong };
      })""";

  @TempDir private Path folder;

  private interface Look {
    void at(Tab tab) throws Exception;
  }

  /** Looks at the file with all lessons. */
  private void look(Look look) throws Exception {
    var file = folder.resolve("lessons.html");
    LessonsFile.main(file.toString());
    try (var chromium = Chromium.need(folder.resolve("chromium"));
        var tab = chromium.tab()) {
      tab.size(1280, 4000);
      tab.open(file.toUri().toString());
      look.at(tab);
      assertEquals(List.of(), tab.complaints());
    }
  }

  @Test
  void eachStopShowsWhatItTells() throws Exception {
    look(tab -> ofEachRecording(WALK, FEWEST_STOPS, tab));
  }

  @Test
  void theEndOfAPassForetellsTheNextOne() throws Exception {
    look(tab -> ofEachRecording(FORETELL, 70, tab));
  }

  private static void ofEachRecording(String function, int fewest, Tab tab) throws Exception {
    var wrong = new ArrayList<String>();
    var told = 0;
    for (var name : tab.value(NAMES)) {
      var heard = tab.value(function + "('" + name.asText() + "')");
      told += heard.path("told").asInt();
      heard.path("wrong").forEach(each -> wrong.add(each.asText()));
    }
    assertEquals("", String.join("\n", wrong));
    assertTrue(told >= fewest, told + " were looked at");
  }

  @Test
  void aRecordingThatBeginsLaterDoesNotWaitForEver() throws Exception {
    look(tab -> ofEachRecording(REFUTE, 500, tab));
  }

  /** Each is a whole recording, a moment, and what "why nothing?" has to say then. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a delay that is over while a pass runs | 3000 | the next one takes the key
          a pass that nobody leads any more | 9000 | as long as this process does not lead
          """)
  void whatComesNextIsSaid(String what, long moment, String words) throws Exception {
    look(tab -> assertTrue(story(tab, QUEUE, moment).contains(words), what));
  }

  @Test
  void aDelayOutlivesItsNetwork() throws Exception {
    look(
        tab -> {
          assertTrue(story(tab, GONE, 6_000_000).contains("in 20.0 s, the key is queued"));
          assertTrue(story(tab, GONE, 26_000_000).contains("1 cause waits"));
        });
  }

  private static String story(Tab tab, List<String> lines, long moment) throws Exception {
    var recording = Json.MAPPER.writeValueAsString(lines);
    return tab.value(
            "whyNothing(viewOf(recordingOf("
                + recording
                + ".join('\\n')), "
                + moment
                + ", 'a/b')).flatMap(({ parts }) => parts).map((part) => part.text ?? part).join('')")
        .asText();
  }

  @Test
  void aStopIsThatOfTheMoment() throws Exception {
    look(this::goAwayFromAStop);
  }

  private void goAwayFromAStop(Tab tab) throws Exception {
    tab.value("openLesson('06-lost-answer')");
    tab.awaitText("#stop-words", "Two nodes are enough");
    tab.click("#stop-next");
    tab.awaitText("#stop-words", "2 of 7");
    tab.click("#live");
    tab.awaitText("#stop-words", "7 of 7");
    tab.awaitText("#stop-passed", "The page shows a moment");
    tab.click("#stop-back");
    tab.await("it is there", "$('stop-passed').textContent === ''");
    tab.click("#stop-before");
    tab.awaitText("#stop-words", "6 of 7");
    tab.await("its address", "location.hash.includes('t=' + page.recording.stops[5].t)");
    var address = tab.value("location.hash").asText();
    tab.value("openLesson('01-a-network-comes-up')");
    tab.await("its address", "location.hash.includes('lesson=01')");
    tab.value("location.hash = " + Json.MAPPER.writeValueAsString(address));
    tab.awaitText("#stop-words", "6 of 7");
    tab.value("goTo(0)");
    tab.awaitText("#stop-words", "before the first of 7 stops");
    tab.click("#stop-next");
    tab.awaitText("#stop-words", "1 of 7");
  }

  @Test
  void theOtherProcessIsShownByItsClock() throws Exception {
    look(this::compareProcesses);
  }

  private void compareProcesses(Tab tab) throws Exception {
    tab.value("openLesson('09-paused-leader')");
    tab.awaitText("#stop-words", "1 of ");
    tab.value("choose({ panel: 'sides' })");
    tab.awaitText("#answer", "two processes");
    tab.awaitText("#answer", "Beside it: The other controller");
    var marked = "document.querySelector('.sides .differs').textContent";
    tab.await("the row of the stop", marked + ".includes('2 nodes')");
  }

  @Test
  void entriesAreThoseOfTheLastMinuteIfAskedFor() throws Exception {
    look(this::narrow);
  }

  private void narrow(Tab tab) throws Exception {
    tab.value("openLesson('05-half-open-watch')");
    tab.await("it is open", "page.recording.stops.length > 0");
    tab.value("goLive(), choose({ panel: 'entries' })");
    tab.awaitText("#answer", "before this moment");
    var oldest =
        "Math.min(...[...document.querySelectorAll('#answer [data-seq]')]"
            + ".map((entry) => page.recording.bySeq(Number(entry.dataset.seq)).t))";
    var minuteAgo = tab.value("momentShown() - 60e6").asDouble();
    tab.value("choose({ filter: 'watch' })");
    tab.await("an older one", oldest + " < " + minuteAgo);
    tab.click("#recent");
    tab.awaitText("#answer", "of the minute before this moment");
    tab.await("none that is older", oldest + " >= " + minuteAgo);
  }

  @Test
  void aWatchThatIsWellAgainIsNotInTrouble() throws Exception {
    look(this::askWhyNothing);
  }

  private void askWhyNothing(Tab tab) throws Exception {
    var story =
        """
        whyNothing(viewOf(recordingOf(['{"kind":"start","format":2}',
          '{"seq":1,"t":1,"kind":"watch","resource":"pods","event":"trouble","words":"cut"}',
          '{"seq":2,"t":2,"kind":"watch","resource":"pods","event":"well"}'].join('\\n')), %d, ''))
          .flatMap((line) => line.parts).map((part) => part.text ?? part).join(' ')""";
    assertTrue(tab.value(story.formatted(1)).asText().contains("show nothing at this moment"));
    assertFalse(tab.value(story.formatted(2)).asText().contains("show nothing"));
  }
}
