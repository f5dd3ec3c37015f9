package io.bitcoincontroller.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.cache.WatchState.InitialEvents;
import io.bitcoincontroller.cache.WatchState.Listing;
import io.bitcoincontroller.cache.WatchState.Resuming;
import io.bitcoincontroller.cache.WatchState.Starting;
import io.bitcoincontroller.cache.WatchState.Watching;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.Reply.Failure;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.WatchEvent;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules one by one; {@link TranscriptTest} tells them as stories. */
class WatchStepTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final WatchStep<Pod> step =
      new WatchStep<>(new Watched<>(Resource.PODS, "n", "app=x"), Limits.STANDARD);
  private long now = 1000 * SECOND;
  private double random;

  private static final Past PAST = Past.NONE;
  private final Starting starting = new Starting(PAST, 300);
  private final InitialEvents initial = new InitialEvents(PAST, 300, now);
  private final Listing firstPage = Listing.firstPage(PAST);
  private final Listing laterPage = new Listing(PAST, "next", false);
  private final Resuming resuming = new Resuming(PAST, "12", 300);
  private final Watching watching = new Watching(PAST, "12", 300, now, 0, false);

  private Turn<Pod> next(WatchState state, Input<Pod> input) {
    return step.next(state, input, new Moment(now, random));
  }

  private static Input<Pod> refused(int code) {
    return new Input.Refused<>(failure(code));
  }

  private static Input<Pod> error(int code) {
    return new Input.Event<>(new WatchEvent.Failed<>(failure(code)));
  }

  private static Failure failure(int code) {
    return new Failure(code, "R" + code, "", List.of(), Optional.empty());
  }

  private static Failure tooLarge() {
    return new Failure(504, "Timeout", "", List.of("ResourceVersionTooLarge"), Optional.empty());
  }

  private static Pod pod(String version) {
    var meta = new Meta("n", "a", "1", version, 1, "", "", Map.of(), Map.of(), List.of());
    return new Pod(meta, new Pod.Status("", "", List.of(), List.of()));
  }

  private static Input<Pod> bookmark(String version, boolean end) {
    return new Input.Event<>(new WatchEvent.Bookmark<>(version, end));
  }

  private static Input<Pod> modified(String version) {
    return new Input.Event<>(new WatchEvent.Modified<>(pod(version)));
  }

  private static String sent(Turn<Pod> turn) {
    return assertInstanceOf(Next.Send.class, turn.next()).request().target();
  }

  private static long waits(Turn<Pod> turn) {
    return assertInstanceOf(Next.Wait.class, turn.next()).nanos();
  }

  /** By name: S(tarting), L(isting), R(esuming). */
  private static String name(WatchState state) {
    return state.getClass().getSimpleName();
  }

  @Test
  void theStreamedListIsAskedForFirst() {
    random = 0.999;
    var turn = next(Starting.with(PAST), new Input.Go<>());
    assertEquals(
        "/api/v1/namespaces/n/pods?watch=1&sendInitialEvents=true"
            + "&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=599"
            + "&labelSelector=app%3Dx",
        sent(turn));
    assertEquals(List.of(new Effect.BeginStaging<Pod>()), turn.effects());
    assertInstanceOf(InitialEvents.class, next(turn.state(), new Input.Opened<>()).state());
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 422})
  void aServerThatCantStreamListsIsNeverAskedAgain(int code) {
    for (var turn : List.of(next(starting, refused(code)), next(initial, error(code)))) {
      assertTrue(sent(turn).contains("limit=500"));
      assertTrue(turn.state().past().paged());
      var again = next(Starting.with(turn.state().past()), new Input.Go<>());
      assertTrue(sent(again).contains("limit=500"));
    }
  }

  @Test
  void aMissingEndMarkerIsRememberedToo() {
    var turn = next(initial, new Input.Silent<>());
    assertTrue(sent(turn).contains("limit=500"));
    assertTrue(turn.state().past().paged());
    assertEquals(List.of(new Effect.BeginStaging<Pod>()), turn.effects());
  }

  @Test
  void aStreamedListThatIsForbiddenIsTriedAsAPlainOneButNotRemembered() {
    var turn = next(starting, refused(403));
    assertTrue(sent(turn).contains("limit=500"));
    assertEquals(PAST, turn.state().past());
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 404, 410, 429, 500, 503, 504})
  void anyOtherRefusalOfAStreamedListIsWaitedOut(int code) {
    for (var turn : List.of(next(starting, refused(code)), next(initial, error(code)))) {
      assertInstanceOf(Starting.class, turn.state());
      assertEquals(800_000_000L, waits(turn));
      assertEquals(List.of(new Effect.Troubled<Pod>("HTTP " + code + " R" + code)), turn.effects());
    }
  }

  @Test
  void aResourceThatTheServerDoesNotServeIsToldWithHowToInstallIt() {
    var custom =
        new Resource<>("example.com", "v1", "Thing", "things", Pod.class, "kubectl apply -f it");
    var things = new WatchStep<>(new Watched<>(custom, "", ""), Limits.STANDARD);
    var turn = things.next(starting, refused(404), new Moment(now, random));
    var text =
        "the API server does not serve things.example.com/v1 (HTTP 404 R404): kubectl apply -f it";
    assertEquals(List.of(new Effect.Troubled<Pod>(text)), turn.effects());
  }

  @Test
  void aStreamedListThatEndsOrBreaksIsDroppedAndAskedForAgain() {
    for (var input : List.of(new Input.Ended<Pod>(), new Input.Broke<Pod>("cut", "cut"))) {
      var turn = next(initial, input);
      waits(turn);
      assertInstanceOf(Starting.class, turn.state());
      var again = next(turn.state(), new Input.Go<>());
      assertEquals(List.of(new Effect.BeginStaging<Pod>()), again.effects());
    }
  }

  @Test
  void initialEventsAreCollectedAndTheMarkerReplaces() {
    var staged = next(initial, modified("20"));
    assertEquals(List.of(new Effect.Stage<>(pod("20"))), staged.effects());
    var gone = next(initial, new Input.Event<>(new WatchEvent.Deleted<>(pod("21"))));
    assertEquals(List.of(new Effect.Unstage<>(pod("21"))), gone.effects());
    var unmarked = next(initial, bookmark("22", false));
    assertEquals(new Turn<Pod>(initial, List.of(), new Next.Read()), unmarked);
    var marked = next(initial, bookmark("23", true));
    assertEquals(List.of(new Effect.Replace<Pod>("23")), marked.effects());
    assertEquals("23", assertInstanceOf(Watching.class, marked.state()).version());
  }

  @Test
  void pagesAreReadToTheLastAndThenTheStoreIsReplaced() {
    var item = next(firstPage, new Input.Item<>(pod("3")));
    assertEquals(List.of(new Effect.Stage<>(pod("3"))), item.effects());
    var more = next(firstPage, new Input.PageEnd<>("9", "next"));
    assertTrue(sent(more).contains("continue=next"));
    assertEquals(List.of(), more.effects());
    var last = next(more.state(), new Input.PageEnd<>("9", ""));
    assertEquals(List.of(new Effect.Replace<Pod>("9")), last.effects());
    assertTrue(sent(last).contains("watch=1&resourceVersion=9&"));
  }

  @Test
  void aPageWhoseSnapshotIsGoneLeadsToOneListWithoutLimit() {
    var whole = next(laterPage, refused(410));
    assertEquals("/api/v1/namespaces/n/pods?labelSelector=app%3Dx", sent(whole));
    assertEquals(List.of(new Effect.BeginStaging<Pod>()), whole.effects());
    assertInstanceOf(Starting.class, next(whole.state(), refused(410)).state());
  }

  @ParameterizedTest
  @CsvSource({
    "400, Starting",
    "404, Starting",
    "422, Starting",
    "401, Listing",
    "403, Listing",
    "429, Listing",
    "500, Listing",
    "503, Listing"
  })
  void aRefusedPageIsAskedForAgainUnlessItIsWrong(int code, String then) {
    var turn = next(laterPage, refused(code));
    waits(turn);
    assertEquals(then, name(turn.state()));
  }

  @Test
  void aPageThatBreaksOrStaysSilentIsAskedForAgain() {
    for (var input : List.of(new Input.Broke<Pod>("cut", "cut"), new Input.Silent<Pod>())) {
      var first = next(firstPage, input);
      waits(first);
      var restarted = next(first.state(), new Input.Go<>());
      assertEquals(List.of(new Effect.BeginStaging<Pod>()), restarted.effects());
      var later = next(next(laterPage, input).state(), new Input.Go<>());
      assertTrue(sent(later).contains("continue=next"));
      assertEquals(List.of(), later.effects(), "the snapshot is the same, what came stays");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "410, Starting",
    "400, Starting",
    "404, Starting",
    "422, Starting",
    "401, Resuming",
    "403, Resuming",
    "429, Resuming",
    "500, Resuming",
    "503, Resuming",
    "504, Resuming",
    "0, Resuming"
  })
  void onlyALostHistoryOrAWrongRequestCostsAList(int code, String then) {
    for (var turn : List.of(next(resuming, refused(code)), next(watching, error(code)))) {
      waits(turn);
      assertEquals(then, name(turn.state()));
      if (turn.state() instanceof Resuming again) {
        assertEquals("12", again.version());
      }
    }
  }

  @Test
  void aVersionThatTheServerHasNotReachedIsForgotten() {
    var inStream = new Input.Event<Pod>(new WatchEvent.Failed<>(tooLarge()));
    for (var turn :
        List.of(next(resuming, new Input.Refused<>(tooLarge())), next(watching, inStream))) {
      waits(turn);
      assertInstanceOf(Starting.class, turn.state());
    }
  }

  @Test
  void noConnectionMeansTheSameVersionAgain() {
    var turn = next(resuming, new Input.Broke<>("refused", "refused"));
    waits(turn);
    assertTrue(sent(next(turn.state(), new Input.Go<>())).contains("resourceVersion=12&"));
  }

  @Test
  void retryAfterIsObeyedWithinABoundAndNeverShortensTheBackOff() {
    for (var row : Map.of(0L, 800_000_000L, 7L, 7 * SECOND, 86_400L, 300 * SECOND).entrySet()) {
      var why = new Failure(429, "", "", List.of(), Optional.of(Duration.ofSeconds(row.getKey())));
      assertEquals(row.getValue(), waits(next(resuming, new Input.Refused<>(why))));
    }
  }

  @Test
  void theBackOffDoublesToThirtySecondsAndStartsAnewAfterTwoQuietMinutes() {
    WatchState state = resuming;
    for (var wanted : List.of(0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30.0, 30.0)) {
      var turn = next(state, new Input.Broke<>("refused", "refused"));
      assertEquals(Math.round(wanted * SECOND), waits(turn));
      state = turn.state();
    }
    random = 0.5;
    now += 120 * SECOND;
    assertEquals(45 * SECOND, waits(next(state, new Input.Broke<>("refused", "refused"))));
    now += SECOND;
    assertEquals(1_200_000_000L, waits(next(state, new Input.Broke<>("refused", "refused"))));
  }

  @Test
  void theVersionMovesWithEventsAndBookmarksAndNeverBack() {
    var put = next(watching, modified("15"));
    assertEquals(List.of(new Effect.Put<>(pod("15"), "15")), put.effects());
    var moved = next(put.state(), bookmark("20", false));
    assertEquals(List.of(new Effect.MoveTo<Pod>("20")), moved.effects());
    for (var old : List.of(modified("19"), bookmark("9", false))) {
      var repeated = next(moved.state(), old);
      assertEquals(List.of(), repeated.effects());
      assertEquals("20", assertInstanceOf(Watching.class, repeated.state()).version());
    }
    var deleted = next(moved.state(), new Input.Event<>(new WatchEvent.Deleted<>(pod("21"))));
    assertEquals(List.of(new Effect.Remove<>(pod("21"), "21")), deleted.effects());
  }

  @Test
  void versionsWithoutAnOrderAreTakenAsTheyCome() {
    var turn = next(watching, modified("opaque-b"));
    turn = next(turn.state(), modified("opaque-a"));
    assertEquals(List.of(new Effect.Put<>(pod("opaque-a"), "opaque-a")), turn.effects());
  }

  @Test
  void aWatchThatEndsAfterItsTimeGoesOnAtOnce() {
    now += 300 * SECOND;
    var turn = next(watching, new Input.Ended<>());
    assertTrue(sent(turn).contains("resourceVersion=12&"));
    assertEquals(0, turn.state().past().failures());
  }

  @Test
  void aWatchThatLastedASecondIsNoShortOne() {
    now += SECOND;
    var turn = next(watching, new Input.Ended<>());
    assertTrue(sent(turn).contains("resourceVersion=12&"));
  }

  @Test
  void aSilentWatchIsReplacedAtOnce() {
    var turn = next(watching, new Input.Silent<>());
    assertTrue(sent(turn).contains("resourceVersion=12&"));
  }

  @Test
  void threeEmptyWatchesInARowLeadToANewList() {
    WatchState state = watching;
    for (var then : List.of("Resuming", "Resuming", "Starting")) {
      var turn = next(state, new Input.Ended<>());
      waits(turn);
      assertEquals(then, name(turn.state()));
      state = new Watching(turn.state().past(), "12", 300, now, 0, false);
    }
  }

  @Test
  void anEventBetweenEmptyWatchesStartsTheCountAnew() {
    var two = new Watching(PAST.emptyWatches(2), "12", 300, now, 0, false);
    var heard = next(two, bookmark("13", false)).state();
    assertInstanceOf(Resuming.class, next(heard, new Input.Ended<>()).state());
    waits(next(heard, new Input.Ended<>()));
  }

  @Test
  void aStreamThatBreaksLateIsNormalLifeAndAnEarlyOneIsTrouble() {
    var early = next(watching, new Input.Broke<>("cut", "cut"));
    assertEquals(List.of(new Effect.Troubled<Pod>("cut")), early.effects());
    now += 60 * SECOND;
    var late = next(watching, new Input.Broke<>("cut", "cut"));
    assertEquals(List.of(new Effect.Noted<Pod>("cut")), late.effects());
    assertTrue(sent(next(late.state(), new Input.Go<>())).contains("resourceVersion=12&"));
  }

  @Test
  void aTroubleIsToldOncePerChange() {
    var first = next(resuming, refused(403));
    assertEquals(1, first.effects().size());
    var same = next(first.state(), refused(403));
    assertEquals(List.of(), same.effects());
    var other = next(same.state(), refused(401));
    assertEquals(List.of(new Effect.Troubled<Pod>("HTTP 401 R401")), other.effects());
    var healed = next(other.state(), new Input.Opened<>());
    assertEquals(List.of(new Effect.Healed<Pod>()), healed.effects());
    assertEquals(Optional.empty(), healed.state().past().trouble());
  }

  @Test
  void aTroubleThatTheJdkWordsInTwoWaysIsToldOnce() {
    var first = next(resuming, Input.Broke.of(new SSLHandshakeException("terminated")));
    assertEquals(1, first.effects().size());
    var same = next(first.state(), Input.Broke.of(new SSLHandshakeException("closed")));
    assertEquals(List.of(), same.effects());
    var untrusted = new SSLHandshakeException("no path");
    untrusted.initCause(new CertificateException("no path"));
    assertEquals(1, next(same.state(), Input.Broke.of(untrusted)).effects().size());
    var unreadable = next(same.state(), Input.Broke.of(new IOException("no token file")));
    assertEquals(List.of(new Effect.Troubled<Pod>("no token file")), unreadable.effects());
  }

  @Test
  void aStreamThatIsNoGoodIsOnlyWellAgainWhenItBringsSomething() {
    var broke = next(watching, new Input.Broke<>("cut", "cut"));
    var opened = next(next(broke.state(), new Input.Go<>()).state(), new Input.Opened<>());
    assertEquals(List.of(), opened.effects());
    var heard = next(opened.state(), bookmark("13", false));
    assertEquals(List.of(new Effect.MoveTo<Pod>("13"), new Effect.Healed<Pod>()), heard.effects());
  }

  @Test
  void aBugOfOursLeadsToAFullSetFromEveryState() {
    for (var state : List.of(starting, initial, firstPage, laterPage, resuming, watching)) {
      var turn = next(state, new Input.Bug<>("NullPointerException"));
      waits(turn);
      assertInstanceOf(Starting.class, turn.state());
      assertEquals(List.of(new Effect.Troubled<Pod>("NullPointerException")), turn.effects());
    }
  }

  @Test
  void anAnswerToNoQuestionIsABug() {
    assertThrows(IllegalStateException.class, () -> next(starting, new Input.Ended<>()));
    assertThrows(IllegalStateException.class, () -> next(watching, new Input.Go<>()));
    assertThrows(IllegalStateException.class, () -> next(initial, new Input.Go<>()));
    assertThrows(IllegalStateException.class, () -> next(resuming, modified("1")));
  }

  @Test
  void patienceDependsOnWhatTheStreamHasShown() {
    var hard = 330 * SECOND;
    assertEquals(new Patience(hard, Long.MAX_VALUE), Limits.STANDARD.patience(watching));
    var once = next(watching, bookmark("13", false)).state();
    assertEquals(new Patience(hard, Long.MAX_VALUE), Limits.STANDARD.patience(once));
    var twice = next(once, bookmark("14", false)).state();
    assertEquals(new Patience(hard, 150 * SECOND), Limits.STANDARD.patience(twice));
    assertEquals(new Patience(60 * SECOND, Long.MAX_VALUE), Limits.STANDARD.patience(initial));
    assertEquals(new Patience(300 * SECOND, 30 * SECOND), Limits.STANDARD.patience(firstPage));
  }
}
