package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.browser.Chromium;
import io.bitcoincontroller.browser.Tab;
import io.bitcoincontroller.recorder.LessonsFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lessons in a browser, as one file without a controller. */
final class LessonsInBrowserTest {
  /** Of all recordings together; there were 108 when this was written. */
  private static final int FEWEST_STOPS = 100;

  /** A function that walks through the recording of a name, and returns what is missing. */
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
        return { stops: stops.length, missing };
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
    look(this::walk);
  }

  private void walk(Tab tab) throws Exception {
    var missing = new ArrayList<String>();
    var stops = 0;
    var names = "lessonsHere.list.flatMap(recordingsOf).map(({ name }) => name)";
    for (var name : tab.value(names)) {
      var walked = tab.value(WALK + "('" + name.asText() + "')");
      stops += walked.path("stops").asInt();
      walked.path("missing").forEach(each -> missing.add(each.asText()));
    }
    assertEquals("", String.join("\n", missing));
    assertTrue(stops >= FEWEST_STOPS, stops + " stops");
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
        whyNothing(viewOf(recordingOf(['{"kind":"start","format":1}',
          '{"seq":1,"t":1,"kind":"watch","resource":"pods","event":"trouble","words":"cut"}',
          '{"seq":2,"t":2,"kind":"watch","resource":"pods","event":"well"}'].join('\\n')), %d, ''))
          .flatMap((line) => line.parts).map((part) => part.text ?? part).join(' ')""";
    assertTrue(tab.value(story.formatted(1)).asText().contains("show nothing at this moment"));
    assertFalse(tab.value(story.formatted(2)).asText().contains("show nothing"));
  }
}
