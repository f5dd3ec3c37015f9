package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.browser.Chromium;
import io.bitcoincontroller.browser.Tab;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.local.user.Judge;
import io.bitcoincontroller.local.user.Network;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page in a browser, with the shipped controller and real nodes. Most tests open a recording of
 * it: three nodes become a network, a block is mined, the network is split, and each side mines.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class PageInBrowserTest {
  /** Nobody has it, so it is a declared peer that is never reached. */
  private static final String PEER = "127.0.0.1:9";

  /** Two that nobody owns: in the same second, one would mine the same block on both sides. */
  private static final String MINER = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";

  private static final String OTHER_MINER = "raw(51)#8lvh9jxk";

  private static final String KEY = "default/story";

  /** Number of the first pass that saw a link between two nodes that was not up yet. */
  private static final String LAST_ENDED =
      "[...page.recording.passes].findLast(([, entries]) => entries.some(({ kind }) => kind === 'end'))[0]";

  private static final String FIRST_WITHOUT_LINK =
      "[...page.recording.passes.values()].flat().find((entry) => entry.kind === 'observed'"
          + " && entry.network === '%s' && entry.links.some((link) => link.state !== 'up')).pass"
              .formatted(KEY);

  /** Number of the first pass that ran because an object changed. */
  private static final String FIRST_FOR_A_CHANGE =
      "[...page.recording.passes.values()].flat().find((entry) => entry.kind === 'pass'"
          + " && entry.network === '%s' && entry.causes.some((cause) => cause.of)).pass"
              .formatted(KEY);

  private Path folder;
  private Chromium chromium;
  private Stage stage;
  private Network story;
  private Path recording;

  @BeforeAll
  void play(@TempDir Path folder) throws Exception {
    this.folder = folder;
    chromium = Chromium.need(folder.resolve("chromium"));
    stage = new Stage(folder.resolve("stage"));
    stage.startController();
    stage.create("other", "{nodes: 0}");
    story =
        stage.create(
            "story", "{nodes: 3, secret: bitcoin-default-secret, peers: [\"" + PEER + "\"]}");
    stage.await("the nodes are meshed", story::well);
    mine(0, "generatetoaddress", MINER);
    stage.await("all have the block", () -> Judge.synced(story.chains(3), 1));
    stage.change(story, "{\"partition\": [[0, 1]]}");
    awaitPartitions();
    mine(1, "generatetoaddress", MINER);
    mine(2, "generatetodescriptor", OTHER_MINER);
    stage.await("two chains of two blocks", this::twoChains);
    recording = folder.resolve("story.ndjson");
    Files.writeString(recording, stage.controller().get("/record").body());
  }

  @AfterAll
  void end() throws IOException {
    try (var _ = stage) {
      chromium.close();
    }
  }

  private void mine(int ordinal, String method, String miner)
      throws IOException, InterruptedException {
    story.bitcoinCli(story.podName(ordinal), method, "1", miner);
  }

  private void awaitPartitions() throws InterruptedException {
    stage.await(
        "two sides",
        () -> {
          var meshed = story.condition("Meshed");
          return meshed.path("status").asText().equals("True")
                  && meshed.path("message").asText().startsWith("2 partitions: 1 of 1")
              ? new Seen.Good("")
              : new Seen.NotYet("2 partitions", "" + meshed);
        });
  }

  private Seen twoChains() throws IOException, InterruptedException {
    var status = story.status();
    return status.path("tips").asInt() == 2 && status.path("height").asInt() == 2
        ? new Seen.Good("")
        : new Seen.NotYet("2 tips at height 2", "" + status);
  }

  private String live() throws IOException {
    return "http://" + stage.controller().httpAddress() + "/";
  }

  /** A tab with the live page. */
  private Tab watching() throws IOException, InterruptedException {
    var tab = chromium.tab();
    tab.open(live());
    tab.await("it is connected", "page.connected && page.recording.last !== undefined");
    tab.choose("#network", KEY);
    tab.awaitText("#summary", KEY + ", as pass ", "3 nodes");
    return tab;
  }

  /** A tab with the recording, at its end. */
  private Tab reading() throws IOException, InterruptedException {
    var tab = chromium.tab();
    tab.open(live());
    tab.give("#file", recording);
    tab.awaitText("#source", "a recording of");
    tab.choose("#network", KEY);
    tab.awaitText("#summary", KEY);
    return tab;
  }

  /** Nothing is in the console, and nobody else was asked for anything. */
  private void assertClean(Tab tab) throws IOException {
    assertEquals(List.of(), tab.complaints());
    var own = live();
    var foreign = tab.requests().stream().filter(each -> !each.startsWith(own));
    var local = Set.of("about", "data", "blob", "file");
    assertEquals(
        List.of(), foreign.filter(each -> !local.contains(each.split(":", 2)[0])).toList());
  }

  @Test
  void thePictureHasTheNodesAsTheyAre() throws Exception {
    try (var tab = watching()) {
      for (var ordinal = 0; ordinal < 3; ordinal++) {
        var address = story.pod(ordinal).orElseThrow().status().podIP();
        var label = "node " + ordinal + ": up, ready, " + address + ", height 2";
        tab.await(label, "document.querySelector('[aria-label^=\"" + label + "\"]') !== null");
      }
      tab.awaitText("#nodes", "declared peers of node 0: " + PEER + " missing");
      tab.awaitText("#legend", "up: 1", "missing: 0", "declared peers up: 0 of 3");
      tab.awaitText("#tips", "Meshed True", "Synced False");
      tab.press("#table-details summary", "Enter");
      tab.awaitText("#table", story.podName(2), PEER);
      tab.size(1280, 900);
      var table = "document.querySelector('#table')";
      tab.await("all columns", table + ".scrollWidth <= " + table + ".clientWidth");
      tab.choose("#network", "default/other");
      tab.awaitText("#mesh", "This network has no nodes.");
      assertClean(tab);
    }
  }

  @Test
  void aLinkThatIsWantedAndNotThereIsShownAndTold() throws Exception {
    try (var tab = reading()) {
      tab.value("goToPass(" + FIRST_WITHOUT_LINK + ")");
      tab.await("a line", "document.querySelector('#links .dialling, #links .missing') !== null");
      tab.awaitText("#links", "dialling");
      var pair =
          "page.recording.bySeq(page.recording.passes.get("
              + FIRST_WITHOUT_LINK
              + ").find((entry) => entry.kind === 'observed').seq)"
              + ".links.find((link) => link.state === 'dialling')";
      tab.choose("#one", tab.value(pair + ".from").asText());
      tab.choose("#other", tab.value(pair + ".to").asText());
      tab.awaitText("#link-story", "is wanted and missing", "onetry");
      tab.value("goLive()");
      tab.awaitText("#legend", "up: 1", "dialling: 0");
      assertClean(tab);
    }
  }

  @Test
  void aPassHasItsCausesDifferencesAndCallsTiedTogether() throws Exception {
    try (var tab = reading()) {
      var pass = tab.value(FIRST_WITHOUT_LINK).asText();
      tab.value("goToPass(" + pass + ")");
      tab.awaitText("#pass", "Pass " + pass, "Causes:", "dials node", "→ node", "onetry");
      tab.value("goToPass(" + FIRST_FOR_A_CHANGE + ")");
      tab.press("[data-panel=now]", "Enter");
      tab.awaitText("#answer", "over " + KEY, "It ran because of", "appeared");
      tab.press("#answer li button.entry", "Enter");
      tab.await("the thread leads to a change or a cause", "page.focus !== undefined");
      tab.await("it is told", "!$('entry').textContent.startsWith('Choose')");
      tab.value("goToPass(" + pass + ")");
      tab.awaitText("#pass", "→ node");
      tab.press("#pass .thread-list .thread-list button.entry", "Enter");
      tab.awaitText("#entry", "call to node");
      tab.await("its bead is marked", "document.querySelectorAll('#picture .focus').length === 1");
      assertClean(tab);
    }
  }

  @Test
  void whyNothingSaysWhenTheNextLookIsDue() throws Exception {
    try (var tab = reading()) {
      tab.press("[data-panel=nothing]", "Enter");
      tab.value("goToPass(" + LAST_ENDED + ")"); // the recording may end within a pass
      tab.awaitText("#answer", "The last pass, ", "If nothing else happens", "Synced is False");
      tab.press("[data-panel=entries]", "Enter");
      tab.awaitText("#answer", "observed 3 nodes", "planned 0 differences", "call to node 1");
      tab.click("#slowest");
      tab.await(
          "calls alone",
          "[...document.querySelectorAll('#answer td:last-child')]"
              + ".every((cell) => cell.textContent.startsWith('call to'))");
      tab.click("#slowest");
      tab.value("choose({filter: 'PLANNED'})");
      tab.awaitText("#answer", "planned 0 differences");
      tab.await("no other words", "!$('answer').textContent.includes('call to')");
      tab.value("choose({filter: ''})");
      tab.value("goToPass(" + FIRST_WITHOUT_LINK + ")");
      tab.awaitText("#answer", "cause: an object changed");
      assertClean(tab);
    }
  }

  @Test
  void timeIsWalkedByButtonsKeysAndTheSlider() throws Exception {
    try (var tab = reading()) {
      tab.press("#scrubber", "ArrowLeft");
      tab.awaitText("#moment-says", "1.0 s before the end");
      tab.click("[data-step=\"-10\"]");
      tab.await("no longer live", "!page.live");
      tab.value("goToPass(" + FIRST_WITHOUT_LINK + ")");
      var before = tab.value("page.focus").asLong();
      tab.value("document.activeElement.blur()");
      tab.press("]");
      tab.await("a step on", "page.focus > " + before);
      tab.press("[");
      tab.await("and back", "page.focus === " + before);
      var pass =
          tab.value("viewOf(page.recording, momentShown(), page.network).pass.number").asInt();
      tab.press("}");
      tab.awaitText("#pass", "over " + KEY);
      tab.await(
          "a later pass",
          "viewOf(page.recording, momentShown(), page.network).pass.number > " + pass);
      tab.click("[data-pass=\"-1\"]");
      tab.awaitText("#pass", "Pass " + pass + " ");
      tab.click("#picture [data-seq]");
      tab.await("a bead is chosen", "document.querySelectorAll('#picture .focus').length === 1");
      var typed = tab.value("clock(page.recording, page.recording.last.t).slice(0, 8)").asText();
      tab.press("#scrubber", "Home");
      tab.await("the oldest", "page.moment === page.recording.first.t");
      tab.value("$('moment').focus(), $('moment').value = '" + typed + "'");
      tab.press("Enter");
      tab.await("the time that was typed", "$('moment').value.startsWith('" + typed + "')");
      tab.press("#scrubber", "End");
      tab.await("the newest", "page.live");
      assertClean(tab);
    }
  }

  @Test
  void twoMomentsAreComparedAndHaveAnAddress() throws Exception {
    try (var tab = watching()) {
      tab.value("goTo(page.recording.first.t)");
      tab.awaitText("#summary", "Nothing of " + KEY + " is observed");
      tab.click("#mark");
      tab.awaitText("#answer", "Nothing is different");
      tab.value("goToPass(page.recording.state.networks.get(page.network).end.pass)");
      tab.awaitText("#answer", "differences between the mark", "node 0", "link 0–1", "height 2");
      var shown = tab.text("#pass");
      var named = "location.hash.includes('t=' + Math.round(page.moment)) ? location.href : ''";
      var address = tab.await("its address", named);
      try (var other = chromium.tab()) {
        other.open(address);
        other.awaitText("#pass", shown.substring(0, shown.indexOf("Causes")));
        other.awaitText("#answer", "differences between the mark");
        other.await("it stands still", "!page.live && page.mark !== undefined");
        assertClean(other);
      }
      assertClean(tab);
    }
  }

  @Test
  void whatIsSavedOpensAgainWithoutAController() throws Exception {
    var saved = Files.createDirectories(folder.resolve("saved"));
    try (var tab = watching()) {
      tab.keepDownloads(saved);
      tab.choose("#network", "default/other");
      tab.awaitText("#mesh", "This network has no nodes.");
      tab.click("#save");
      Waiting.until("a file", () -> "" + tab.complaints(), () -> whole(saved));
      assertClean(tab);
    }
    var page = folder.resolve("page.html");
    Files.writeString(page, stage.controller().get("/").body());
    try (var tab = chromium.tab();
        var files = Files.newDirectoryStream(saved, "*.ndjson")) {
      tab.open(page.toUri().toString());
      tab.awaitText("#source", "No controller answers here");
      tab.give("#file", files.iterator().next());
      tab.awaitText("#source", "a recording of");
      tab.await("the network that was shown", "$('network').value === 'default/other'");
      tab.choose("#network", KEY);
      tab.awaitText("#summary", KEY, "3 nodes");
      tab.await(
          "the same again",
          "recordingOf(page.recording.lines()).lines() === page.recording.lines()");
      tab.value("openFile(new File(['nope'], 'x.ndjson'))");
      tab.awaitText("#notice", "x.ndjson can't be opened", "Line 1 is no JSON");
      assertClean(tab);
    }
  }

  private static Seen whole(Path saved) throws IOException {
    try (var files = Files.newDirectoryStream(saved, "*.ndjson")) {
      for (var file : files) {
        return new Seen.Good(file.toString());
      }
    }
    return new Seen.NotYet("a file", "none");
  }

  @Test
  void aBesideRecordingShowsWhereTheyFirstDiffer() throws Exception {
    var lines = Files.readAllLines(recording);
    var other = folder.resolve("other.ndjson");
    Files.writeString(other, String.join("\n", lines.subList(0, lines.size() - 40)) + "\n");
    try (var tab = reading()) {
      tab.value("asSecond = true");
      tab.give("#file", other);
      tab.awaitText("#answer", "The first ", "entries are the same", "the recording has ended");
      var entries = tab.value("page.recording.end").asInt();
      tab.press("#swap", "Enter");
      tab.await("the other one is shown", "page.recording.end < " + entries);
      assertClean(tab);
    }
  }

  @Test
  void theSidesOfAPartitionHaveTheirChains() throws Exception {
    try (var tab = reading()) {
      tab.awaitText("#tips", "side 1: nodes 0–1", "side 2: nodes 2");
      tab.awaitText("#tips", "2 best blocks", "A: ", "nodes 0, 1", "B: ", "node 2");
      tab.await("two bands", "document.querySelectorAll('#links .side').length === 2");
      var colour = "document.querySelector('[data-node=\"%d\"] circle').className.baseVal";
      assertEquals(tab.value(colour.formatted(0)), tab.value(colour.formatted(1)));
      assertNotEquals(tab.value(colour.formatted(0)), tab.value(colour.formatted(2)));
      tab.click("[data-node=\"2\"] circle");
      tab.await("it is chosen", "document.querySelector('.node.chosen').dataset.node === '2'");
      tab.click("[data-node=\"0\"] circle");
      tab.awaitText("#link-story", "saw no link between node 2 and node 0, and wants none");
      tab.awaitText("#link-story", "Side 2 is nodes 2, side 1 is nodes 0–1.");
      tab.press("Escape");
      tab.await("none is chosen", "document.querySelector('.node.chosen, .aside') === null");
      assertClean(tab);
    }
  }

  @Test
  void aNewBlockIsMarkedForAWhileAndTold() throws Exception {
    var grew =
        "page.recording.find(page.recording.end - 1, -1, (entry) => entry.kind === 'observed'"
            + " && entry.network === page.network && entry.grown.includes(2))";
    try (var tab = reading()) {
      tab.value("goToEntry(" + grew + ".seq)");
      tab.awaitText("#nodes", "node 2 has a new block, height 2");
      tab.awaitText("#entry", "; new blocks at node", "height 2");
      tab.value(
          "goToEntry(" + grew.replace("entry.grown.includes(2)", "!entry.grown.length") + ".seq)");
      tab.await("where none is new, none is marked", "!document.querySelector('#nodes .block')");
      assertClean(tab);
    }
  }

  @Test
  void aPageGoesOnWithTheNextController() throws Exception {
    var first = stage.controller();
    try (var tab = watching()) {
      var address = first.httpAddress();
      assertEquals(0, first.end());
      tab.awaitText("#source", "the connection is lost");
      stage.startController("--bind-address", address);
      tab.await(
          "a recording of its own",
          "page.connected && page.recording.first?.seq === 1 && page.recording.start.mono < 60e6");
      tab.awaitText("#summary", KEY, "3 nodes, 3 ready");
      tab.await("entries without gaps", "page.recording.last.seq === page.recording.end");
      var unexpected =
          tab.complaints().stream().filter(each -> !each.contains("net::ERR_")).toList();
      assertEquals(List.of(), unexpected);
    }
  }

  @Test
  void itSuitsDarkRoomsCalmPeopleAndNarrowScreens() throws Exception {
    try (var tab = reading()) {
      var ink = "getComputedStyle(document.body).color";
      tab.prefer("prefers-color-scheme", "light");
      var light = tab.await("a colour", ink);
      tab.prefer("prefers-color-scheme", "dark");
      assertNotEquals(light, tab.value(ink).asText());
      tab.prefer("prefers-reduced-motion", "reduce");
      tab.await("calm", "calm.matches");
      assertEquals(0, tab.value("document.getAnimations().length").asInt());
      tab.size(360, 800);
      tab.await(
          "one column",
          "getComputedStyle(document.querySelector('main')).gridTemplateColumns.split(' ').length"
              + " === 1");
      tab.await("nothing sticks out", "document.documentElement.scrollWidth <= 360");
      tab.awaitText("#summary", KEY);
      assertClean(tab);
    }
  }

  @Test
  void whateverIsOperatedHasANameAndIsReachedByKey() throws Exception {
    try (var tab = reading()) {
      var operated = Set.of("button", "combobox", "slider", "textbox", "checkbox", "link");
      var found = tab.accessible();
      var nameless = found.stream().filter(each -> operated.contains(each.replace(":", "")));
      assertEquals(List.of(), nameless.toList());
      for (var name :
          List.of(
              "combobox:Network",
              "slider:Moment",
              "textbox:Moment",
              "button:Why now?",
              "button:Why nothing?",
              "checkbox:all networks",
              "group:The mesh")) {
        assertTrue(found.contains(name), name + " in " + found);
      }
      assertTrue(found.stream().anyMatch(each -> each.contains("node 2: up, ready")), "" + found);
      tab.press("#help", "Enter");
      tab.await("a dialog", "$('words').open");
      tab.press("#words-close", "Enter");
      tab.await("closed", "!$('words').open");
      var unreached =
          "[...document.querySelectorAll('button, input, select, summary')].filter((element) =>"
              + " element.checkVisibility() && element.tabIndex < 0 && element.id !== 'file')";
      assertEquals(0, tab.value(unreached + ".length").asInt());
      assertClean(tab);
    }
  }

  @Test
  void wordsOfARecordingAreNoMarkup() throws Exception {
    var words = "<img src=x onerror=alert(1)><b>x</b>";
    var entry =
        "{\"seq\":9000000,\"t\":9000000000000,\"kind\":\"change\",\"resource\":\"pods\","
            + "\"object\":\""
            + words
            + "\",\"type\":\"ADDED\",\"network\":\""
            + KEY
            + "\",\"concerns\":true}\n";
    var spoilt = folder.resolve("spoilt.ndjson");
    Files.writeString(spoilt, Files.readString(recording) + entry);
    try (var tab = reading()) {
      tab.give("#file", spoilt);
      tab.press("[data-panel=entries]", "Enter");
      tab.awaitText("#answer", words);
      assertFalse(tab.value("document.querySelector('main img, td b') !== null").asBoolean());
      assertClean(tab);
    }
  }

  /**
   * A pass takes its key, and then records that it begins: a cause that comes in between is the
   * next one's. A cause is queued, and then recorded: its pass may have begun.
   */
  private static final String TWO_PASSES =
      """
      {"kind":"start","format":2,"controller":"made","version":"1","at":0,"mono":0}
      {"seq":1,"t":1000,"kind":"cause","network":"a/b","id":1,"cause":"synced","how":"queued"}
      {"seq":2,"t":2000,"kind":"cause","network":"a/b","id":2,"cause":"late","how":"again"}
      {"seq":3,"t":2100,"kind":"pass","pass":1,"network":"a/b","causes":[{"id":1,"cause":"synced"}],"more":0}
      {"seq":4,"t":2200,"kind":"plan","pass":1,"network":"a/b","differences":[{"lane":"objects","target":"GET /api/v1/namespaces/a/services/b-svc","words":"Service b-svc is not as it shall be"}],"conditions":[{"type":"Meshed","status":"False","reason":"x","message":"y"}]}
      {"seq":5,"t":2300,"kind":"call","pass":1,"network":"a/b","to":"api","target":"GET /api/v1/namespaces/a/services/b-svc","outcome":"ok","why":"HTTP 200","micros":5}
      {"seq":6,"t":2400,"kind":"call","pass":1,"network":"a/b","to":"api","target":"PATCH /api/v1/namespaces/a/services/b-svc","outcome":"ok","why":"HTTP 200","micros":5}
      {"seq":7,"t":3000000,"kind":"end","pass":1,"network":"a/b","outcome":"synced","words":""}
      {"seq":8,"t":4000000,"kind":"pass","pass":2,"network":"a/b","causes":[{"id":2,"cause":"late"}],"more":0}
      {"seq":9,"t":5000000,"kind":"plan","pass":2,"network":"a/b","differences":[{"lane":"objects","target":"POST /apis/policy/v1/namespaces/a/poddisruptionbudgets?x=y","words":"PodDisruptionBudget b-pdb is not there"}],"conditions":[{"type":"Meshed","status":"True","reason":"x","message":"y"}]}
      {"seq":10,"t":5100000,"kind":"call","pass":2,"network":"a/b","to":"api","target":"GET /apis/policy/v1/namespaces/a/poddisruptionbudgets?limit=9","outcome":"ok","why":"HTTP 200","micros":5}
      {"seq":11,"t":5200000,"kind":"call","pass":2,"network":"a/b","to":"api","target":"POST /apis/policy/v1/namespaces/a/poddisruptionbudgets?x=y","outcome":"ok","why":"HTTP 201","micros":5}
      {"seq":12,"t":6000000,"kind":"end","pass":2,"network":"a/b","outcome":"synced","words":""}
      {"seq":13,"t":7000000,"kind":"pass","pass":3,"network":"a/b","causes":[{"id":3,"cause":"asked"}],"more":0}
      {"seq":14,"t":7000100,"kind":"cause","network":"a/b","id":3,"cause":"asked","how":"queued"}
      {"seq":15,"t":8000000,"kind":"end","pass":3,"network":"a/b","outcome":"synced","words":""}
      """;

  private Tab readingTwoPasses() throws Exception {
    var made = folder.resolve("two-passes.ndjson");
    Files.writeString(made, TWO_PASSES);
    var tab = reading();
    tab.give("#file", made);
    tab.awaitText("#source", "a recording of made");
    return tab;
  }

  @Test
  void aCauseIsThatOfThePassThatNamesIt() throws Exception {
    try (var tab = readingTwoPasses()) {
      assertEquals(
          "1 by pass 1, 2 by pass 2, 3 by pass 3",
          tab.value(
                  "placed([...Array(page.recording.end).keys()].map((at) => page.recording.at(at)), 99)"
                      + ".capsules.map(({ takenBy, beads }) =>"
                      + " `${beads.map(({ entry }) => entry.id)} by pass ${takenBy}`).join(', ')")
              .asText());
      tab.value("goToPass(2)");
      tab.awaitText("#pass", "Pass 2", "a pass was running, and another one was to follow");
      assertEquals(0, tab.value("page.recording.state.networks.get('a/b').waiting.length").asInt());
      tab.value("goTo(3500000)");
      tab.click("[data-panel=nothing]");
      tab.awaitText("#answer", "1 cause waits for a pass");
      assertClean(tab);
    }
  }

  /**
   * A network that is told in full, and passes that find it as its status says; one that is never
   * told.
   */
  private static final String QUIET =
      """
      {"kind":"start","format":2,"controller":"made","version":"1","at":0,"mono":0}
      {"seq":1,"t":1000,"kind":"pass","pass":1,"network":"a/b","causes":[],"more":0}
      {"seq":2,"t":2000,"kind":"observed","pass":1,"network":"a/b","nodes":[{"ordinal":0,"ready":true,"state":"up","height":7}],"links":[]}
      {"seq":3,"t":2100,"kind":"plan","pass":1,"network":"a/b","differences":[{"lane":"objects","words":"Service b-svc is not there"}],"conditions":[{"type":"Ready","status":"True","reason":"x","message":"y"}]}
      {"seq":4,"t":3000,"kind":"end","pass":1,"network":"a/b","outcome":"synced","words":"","delays":[{"after":25000000,"id":3,"cause":"period"}]}
      {"seq":5,"t":25003000,"kind":"pass","pass":2,"network":"a/b","causes":[{"id":3,"cause":"period"}],"more":0}
      {"seq":6,"t":25003500,"kind":"observed","pass":2,"network":"a/b","as":"status"}
      {"seq":7,"t":25004000,"kind":"end","pass":2,"network":"a/b","outcome":"synced","words":"","delays":[{"after":26000000,"id":4,"cause":"period"}]}
      {"seq":8,"t":25005000,"kind":"pass","pass":3,"network":"a/c","causes":[],"more":0}
      {"seq":9,"t":25006000,"kind":"observed","pass":3,"network":"a/c","as":"status"}
      {"seq":10,"t":25007000,"kind":"end","pass":3,"network":"a/c","outcome":"synced","words":"","delays":[]}
      """;

  @Test
  void aPassThatFoundAllAsTheStatusSaysSaysSo() throws Exception {
    var made = folder.resolve("quiet.ndjson");
    Files.writeString(made, QUIET);
    try (var tab = reading()) {
      tab.give("#file", made);
      tab.awaitText("#source", "a recording of made");
      tab.value("choose({ network: 'a/b' })");
      tab.awaitText(
          "#summary",
          "as pass 1 saw it at",
          "height 7",
          "Ready True",
          "Pass 2, at",
          "found all as the stored status says");
      tab.awaitText(
          "#pass", "Pass 2", "all as the stored status says", "None: there was nothing to do");
      assertFalse(tab.text("#pass").contains("b-svc"), tab.text("#pass"));
      tab.click("[data-panel=nothing]");
      tab.awaitText("#answer", "in each period", "If it finds all as the stored status says again");
      assertEquals(
          QUIET.lines().skip(1).map(PageInBrowserTest::json).toList(),
          tab.value("page.recording.lines('a/b')")
              .asText()
              .lines()
              .skip(1)
              .map(PageInBrowserTest::json)
              .toList());
      tab.value("choose({ network: 'a/c' })");
      tab.awaitText("#summary", "a/c is not observed in full up to this moment", "Pass 3, at");
      tab.awaitText("#pass", "Pass 3", "all as the stored status says");
      assertClean(tab);
    }
  }

  private static JsonNode json(String line) {
    try {
      return Json.MAPPER.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void allCallsForADifferenceStandBelowIt() throws Exception {
    try (var tab = readingTwoPasses()) {
      tab.value("goToPass(1)");
      tab.awaitText("#pass", "Difference: 1", "→ API server: PATCH");
      assertFalse(tab.text("#pass").contains("Other calls"), tab.text("#pass"));
      tab.value("goToPass(2)");
      tab.awaitText("#pass", "Pass 2", "PodDisruptionBudget b-pdb is not there");
      var others = tab.text("#pass");
      assertTrue(
          others.contains("Other calls: 1"), "a look at others' is no call for it: " + others);
      assertClean(tab);
    }
  }

  @Test
  void theTimesWithoutAWholeMeshAreGoneToByABarAndByAButton() throws Exception {
    try (var tab = readingTwoPasses()) {
      for (var way : List.of("#unmeshed button", "#density .unmeshed")) {
        tab.value("goLive()");
        tab.await("the newest", "page.live");
        tab.value(
            "document.querySelector('"
                + way
                + "').dispatchEvent(new MouseEvent('click', { bubbles: true }))");
        tab.await("when it began", "page.moment === 2200");
      }
      tab.await(
          "the strip is below the slider's way",
          "(() => { const [a, b] = ['scrubber', 'density'].map((id) =>"
              + " $(id).getBoundingClientRect());"
              + " return Math.abs(b.left - a.left - 8) < 1 && Math.abs(a.right - b.right - 8) < 1; })()");
      assertClean(tab);
    }
  }
}
