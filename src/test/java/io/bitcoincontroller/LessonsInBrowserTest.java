package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.browser.Chromium;
import io.bitcoincontroller.recorder.LessonsFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lessons in a browser: at each stop the page shows what the words speak of. */
class LessonsInBrowserTest {
  /** Of all recordings together; there were 108 when this was written. */
  private static final int FEWEST_STOPS = 100;

  /** Walks through one recording, and returns what is missing. */
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
      })('%s')""";

  @Test
  void eachStopShowsWhatItTells(@TempDir Path folder) throws Exception {
    var file = folder.resolve("lessons.html");
    LessonsFile.main(file.toString());
    var missing = new ArrayList<String>();
    var stops = 0;
    try (var chromium = Chromium.need(folder.resolve("chromium"));
        var tab = chromium.tab()) {
      tab.size(1280, 4000);
      tab.open(file.toUri().toString());
      var names = "lessonsHere.list.flatMap(recordingsOf).map(({ name }) => name)";
      for (var name : tab.value(names)) {
        var walked = tab.value(WALK.formatted(name.asText()));
        stops += walked.path("stops").asInt();
        walked.path("missing").forEach(each -> missing.add(each.asText()));
      }
      assertEquals(List.of(), tab.complaints());
    }
    assertEquals("", String.join("\n", missing));
    assertTrue(stops >= FEWEST_STOPS, stops + " stops");
  }
}
