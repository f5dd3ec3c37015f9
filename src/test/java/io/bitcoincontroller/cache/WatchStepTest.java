package io.bitcoincontroller.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.cache.Limits.Patience;
import io.bitcoincontroller.cache.Turn.Effect;
import io.bitcoincontroller.cache.Turn.Moment;
import io.bitcoincontroller.cache.Turn.Next;
import io.bitcoincontroller.cache.WatchState.InitialEvents;
import io.bitcoincontroller.cache.WatchState.Listing;
import io.bitcoincontroller.cache.WatchState.Probing;
import io.bitcoincontroller.cache.WatchState.Resuming;
import io.bitcoincontroller.cache.WatchState.Starting;
import io.bitcoincontroller.cache.WatchState.Watching;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.Reply.Failure;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.WatchEvent;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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
  private OptionalLong outage = OptionalLong.empty();

  private final TrackRecord track = TrackRecord.beginning(now);
  private final Starting starting = new Starting(track, 50);
  private final InitialEvents initial = new InitialEvents(track, 50, now);
  private final Listing firstPage = Listing.firstPage(track);
  private final Listing laterPage = new Listing(track, "next", false, now);

  /** The store is at 12; the last watch was opened at 10, and the one before at 8. */
  private static final Span SPAN = new Span("8", "10", "12");

  private final Probing probing = Probing.after(track, SPAN);
  private final Resuming resuming = new Resuming(track, SPAN, 50);
  private final Watching watching = new Watching(track, SPAN.watchOpened(), 50, now);

  private Turn<Pod> next(WatchState state, Input<Pod> input) {
    return step.next(state, input, new Moment(now, random, outage));
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
    var meta = new Meta("n", "a", "1", version, 1, "", Map.of(), Map.of(), List.of());
    return new Pod(meta, Pod.Spec.NO_CLAIM, new Pod.Status("", "", List.of(), List.of()));
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

  private static String name(WatchState state) {
    return state.getClass().getSimpleName();
  }

  @Test
  void theStreamedListIsAskedForFirst() {
    random = 0.999;
    var turn = next(Starting.of(track), new Input.Go<>());
    assertEquals(
        "/api/v1/namespaces/n/pods?watch=1&sendInitialEvents=true"
            + "&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=65"
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
      assertTrue(turn.state().track().paged());
      var again = next(Starting.of(turn.state().track()), new Input.Go<>());
      assertTrue(sent(again).contains("limit=500"));
    }
  }

  @Test
  void aMissingEndMarkerIsRememberedToo() {
    var turn = next(initial, new Input.Silent<>());
    assertTrue(sent(turn).contains("limit=500"));
    assertTrue(turn.state().track().paged());
    assertEquals(List.of(new Effect.BeginStaging<Pod>()), turn.effects());
  }

  @Test
  void aStreamedListThatIsForbiddenIsTriedAsAPlainOneButNotRemembered() {
    var turn = next(starting, refused(403));
    assertTrue(sent(turn).contains("limit=500"));
    assertEquals(track, turn.state().track());
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 404, 410, 429, 500, 503, 504})
  void anyOtherRefusalOfAStreamedListIsWaitedOut(int code) {
    for (var turn : List.of(next(starting, refused(code)), next(initial, error(code)))) {
      assertInstanceOf(Starting.class, turn.state());
      assertEquals(800_000_000L, waits(turn));
      assertEquals(List.of(new Effect.Warn<Pod>("HTTP " + code + " R" + code)), turn.effects());
    }
  }

  @Test
  void aResourceThatTheServerDoesNotServeIsToldWithHowToInstallIt() {
    var custom =
        new Resource<>("example.com", "v1", "Thing", "things", Pod.class, "kubectl apply -f it");
    var things = new WatchStep<>(new Watched<>(custom, "", ""), Limits.STANDARD);
    var turn = things.next(starting, refused(404), new Moment(now, random, outage));
    var text =
        "the API server does not serve things.example.com/v1 (HTTP 404 R404): kubectl apply -f it";
    assertEquals(List.of(new Effect.Warn<Pod>(text)), turn.effects());
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
    assertEquals(Span.at("23"), assertInstanceOf(Watching.class, marked.state()).span());
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
  void pagesProveNoMoreThanThatTheFirstWasAskedFor() {
    var asked = now;
    var first = next(firstPage, new Input.Go<>());
    now += 20 * SECOND;
    var second = next(first.state(), new Input.PageEnd<>("9", "next"));
    now += SECOND;
    var refused = next(second.state(), refused(429));
    now += 20 * SECOND;
    var again = next(refused.state(), new Input.Go<>());
    now += 20 * SECOND;
    var last = next(again.state(), new Input.PageEnd<>("9", ""));
    assertEquals(List.of(new Effect.Replace<Pod>("9")), last.effects().subList(0, 1));
    assertEquals(asked, last.state().track().provedNanos());
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
    "500, Starting",
    "503, Starting"
  })
  void aPageIsAskedForAgainIfTheRefusalIsAboutUsAndNotAboutTheSnapshot(int code, String then) {
    var turn = next(laterPage, refused(code));
    waits(turn);
    assertEquals(then, name(turn.state()));
  }

  @Test
  void aPageThatBreaksOrStaysSilentMeansAllOfIt() {
    for (var page : List.of(firstPage, laterPage)) {
      for (var input : List.of(new Input.Broke<Pod>("cut", "cut"), new Input.Silent<Pod>())) {
        var turn = next(page, input);
        waits(turn);
        assertInstanceOf(Starting.class, turn.state());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "410, Starting",
    "400, Starting",
    "404, Starting",
    "422, Starting",
    "500, Starting",
    "503, Starting",
    "504, Starting",
    "0, Starting",
    "401, Probing",
    "403, Probing",
    "429, Probing"
  })
  void aRefusedWatchCostsAListUnlessTheListWouldBeRefusedAsWell(int code, String then) {
    for (var turn : List.of(next(resuming, refused(code)), next(probing, refused(code)))) {
      waits(turn);
      assertEquals(then, name(turn.state()));
      if (turn.state() instanceof Probing again) {
        assertEquals(SPAN, again.span());
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

  /** The server that comes back may have another history, which has overtaken ours. */
  @Test
  void afterNoConnectionNoNumberIsBelieved() {
    for (var state : List.of(resuming, probing)) {
      var turn = next(state, new Input.Broke<>("refused", "refused"));
      waits(turn);
      assertTrue(sent(next(turn.state(), new Input.Go<>())).contains("sendInitialEvents"));
    }
  }

  /** Another reflector was refused meanwhile; this one has only lost its watch. */
  @Test
  void noNumberIsBelievedIfTheServerWasOutOfReachForAnybodySinceTheLastProof() {
    var answer = new Input.PageEnd<Pod>("12", "");
    outage = OptionalLong.of(now - SECOND);
    assertTrue(sent(next(probing, answer)).contains("watch=1&resourceVersion=8&"), "before it");
    outage = OptionalLong.of(now + SECOND);
    now += 2 * SECOND;
    assertTrue(sent(next(probing, answer)).contains("sendInitialEvents"));
    var livedOut = new Probing(track, SPAN, true, now);
    assertTrue(sent(next(livedOut, answer)).contains("watch=1&resourceVersion="), "it stayed");
    outage = OptionalLong.of(now + SECOND);
    now += 2 * SECOND;
    assertTrue(sent(next(livedOut, answer)).contains("sendInitialEvents"), "it went then");
    assertTrue(sent(next(probing, new Input.Go<>())).contains("sendInitialEvents"), "no look");
    var opened = next(resuming, new Input.Opened<>());
    assertTrue(sent(opened).contains("sendInitialEvents"), "the request had to wait");
    assertInstanceOf(Effect.Note.class, opened.effects().getFirst());
  }

  @Test
  void aServerIsOutOfReachIfNobodyAnswersThatCould() {
    var refused = new ConnectException("refused");
    assertTrue(WatchStep.outOfReach(Input.Broke.of(refused)));
    assertTrue(WatchStep.outOfReach(Input.Broke.of(new HttpConnectTimeoutException("no answer"))));
    assertFalse(WatchStep.outOfReach(Input.Broke.of(new HttpTimeoutException("slow"))));
    for (var code : List.of(502, 503, 504)) {
      assertTrue(WatchStep.outOfReach(refused(code)), "" + code);
    }
    for (var code : List.of(401, 403, 404, 410, 422, 429, 500)) {
      assertFalse(WatchStep.outOfReach(refused(code)), "" + code);
    }
    assertFalse(WatchStep.outOfReach(new Input.Refused<>(tooLarge())));
    assertFalse(WatchStep.outOfReach(new Input.Opened<Pod>()));
  }

  @Test
  void theSmallestListAsksForTheServersVersion() {
    var asked = next(probing, new Input.Go<>());
    assertEquals("/api/v1/namespaces/n/pods?limit=1", sent(asked));
    assertEquals(List.of(), next(probing, new Input.Opened<>()).effects());
    assertEquals(List.of(), next(probing, new Input.Item<>(pod("77"))).effects());
    var same = next(probing, new Input.PageEnd<>("12", "more"));
    assertTrue(sent(same).contains("watch=1&resourceVersion=8&"));
    assertEquals(List.of(), same.effects());
    var silent = next(probing, new Input.Silent<>());
    assertInstanceOf(Starting.class, silent.state());
  }

  @Test
  void aServerThatIsOlderThanTheStoreHasAnotherHistory() {
    var turn = next(probing, new Input.PageEnd<>("11", ""));
    waits(turn);
    assertInstanceOf(Starting.class, turn.state());
    assertEquals(new Effect.AnotherHistory<Pod>(), turn.effects().getFirst());
    var told = assertInstanceOf(Effect.Warn.class, turn.effects().getLast()).text();
    assertTrue(told.contains("is at version 11, and was at 12 before"), told);
  }

  @Test
  void aWatchThatLivedOutItsTimeInSilenceIsAProofOnceTheServersVersionIsKnown() {
    now += 50 * SECOND;
    var ended = next(watching, new Input.Ended<>());
    assertTrue(sent(ended).endsWith("limit=1"), "12 may be a version of the future");
    var probed = next(ended.state(), new Input.PageEnd<>("12", ""));
    assertEquals(now, probed.state().track().provedNanos());
    assertTrue(sent(probed).contains("resourceVersion=12&"), "it has replayed up to 12");
    var broken = next(Probing.after(track, SPAN), new Input.PageEnd<>("12", ""));
    assertEquals(track, broken.state().track(), "nobody knows what a broken watch has kept back");
  }

  /** A balancer may end every watch after some seconds, and pass nothing on. */
  @Test
  void aWatchThatEndsBeforeItsTimeWithoutAWordIsNoProof() {
    now += 46 * SECOND;
    var ended = next(watching, new Input.Ended<>());
    waits(ended);
    assertEquals(1, ended.state().track().fruitless());
    var probed = next(ended.state(), new Input.PageEnd<>("12", ""));
    assertEquals(track.provedNanos(), probed.state().track().provedNanos());
    now += SECOND;
    assertEquals(0, next(watching, new Input.Ended<>()).state().track().fruitless());
  }

  @Test
  void aWatchThatEndsBeforeItsTimeWithSomethingOfUseIsFollowedByAnother() {
    now += SECOND;
    var heard = next(watching, bookmark("13", false));
    now += 30 * SECOND;
    var ended = next(heard.state(), new Input.Ended<>());
    assertTrue(sent(ended).endsWith("limit=1"));
    var probed = next(ended.state(), new Input.PageEnd<>("13", ""));
    assertEquals(heard.state().track(), probed.state().track(), "that was the last proof");
  }

  @Test
  void anEventOrBookmarkThatIsNotOlderThanTheStoreIsAProofAndARepetitionIsNone() {
    now += 30 * SECOND;
    for (var input : List.of(modified("13"), bookmark("12", false), bookmark("13", false))) {
      assertEquals(now, next(watching, input).state().track().provedNanos());
    }
    for (var input : List.of(modified("12"), modified("11"), bookmark("11", false))) {
      assertEquals(track, next(watching, input).state().track());
    }
  }

  @Test
  void aWatchWithAFreshProofIsFollowedAtOnceByOneThatReplaysIt() {
    now += 48 * SECOND;
    var heard = next(watching, bookmark("20", false));
    now += 2 * SECOND;
    var ended = next(heard.state(), new Input.Ended<>());
    assertTrue(sent(ended).contains("watch=1&resourceVersion=12&"), "where the last one began");
    var opened = next(ended.state(), new Input.Opened<>());
    assertEquals(List.of(new Effect.Forget<Pod>("12")), opened.effects());
    assertEquals(0, ended.state().track().failures());
  }

  /** It may have broken in the middle of the repetitions. */
  @Test
  void aWatchWithoutAProofIsFollowedByOneThatBeginsWhereItBegan() {
    var heard = next(watching, modified("11"));
    var broke = next(heard.state(), new Input.Broke<>("cut", "cut"));
    var probed = next(broke.state(), new Input.PageEnd<>("12", ""));
    assertTrue(sent(probed).contains("watch=1&resourceVersion=8&"));
  }

  @Test
  void withAnOldProofAListIsDueWhateverHappened() {
    now += 91 * SECOND;
    for (var input : List.of(new Input.Ended<Pod>(), new Input.Silent<Pod>())) {
      assertTrue(sent(next(watching, input)).contains("sendInitialEvents"));
    }
    var refused = next(resuming, refused(403));
    assertTrue(sent(next(refused.state(), new Input.Go<>())).contains("sendInitialEvents"));
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
    WatchState state = starting;
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
    var older = next(moved.state(), modified("19"));
    assertEquals(
        List.of(new Effect.Put<>(pod("19"), "19")), older.effects(), "perhaps it was lost");
    assertEquals("20", assertInstanceOf(Watching.class, older.state()).span().version());
    assertEquals(moved.state(), next(moved.state(), bookmark("9", false)).state());
    assertEquals(List.of(), next(moved.state(), bookmark("9", false)).effects());
    var deleted = next(moved.state(), new Input.Event<>(new WatchEvent.Deleted<>(pod("21"))));
    assertEquals(List.of(new Effect.Remove<>(pod("21"), "21")), deleted.effects());
  }

  @Test
  void versionsWithoutAnOrderAreTakenAsTheyComeAndNotReplayed() {
    now += SECOND;
    var turn = next(watching, modified("opaque-b"));
    turn = next(turn.state(), modified("opaque-a"));
    assertEquals(List.of(new Effect.Put<>(pod("opaque-a"), "opaque-a")), turn.effects());
    now += 5 * SECOND;
    assertTrue(sent(next(turn.state(), new Input.Ended<>())).contains("resourceVersion=opaque-a&"));
  }

  @Test
  void aSilentWatchIsReplacedAtOnceByAShorterOne() {
    now += 77 * SECOND;
    var turn = next(watching, new Input.Silent<>());
    assertTrue(sent(turn).endsWith("limit=1"));
    var again = next(turn.state(), new Input.PageEnd<>("12", ""));
    assertTrue(sent(again).contains("resourceVersion=8&"), sent(again));
    assertTrue(sent(again).contains("timeoutSeconds=13&"), "its end comes before a list is due");
  }

  @Test
  void threeFruitlessWatchesInARowLeadToANewList() {
    var fruitless =
        List.<Input<Pod>>of(
            new Input.Ended<>(), error(500), error(403), error(0), new Input.Broke<>("cut", "cut"));
    for (var input : fruitless) {
      WatchState state = watching;
      for (var then : List.of("Probing", "Probing", "Starting")) {
        var turn = next(state, input);
        waits(turn);
        var again = next(turn.state(), new Input.Go<>());
        assertEquals(then, name(again.state()), input::toString);
        state = new Watching(turn.state().track(), SPAN.watchOpened(), 50, now);
      }
    }
  }

  @Test
  void aProofBetweenFruitlessWatchesStartsTheCountAnewAndARepetitionDoesNot() {
    var two = new Watching(track.fruitless(2), SPAN.watchOpened(), 50, now);
    assertEquals(2, next(two, modified("11")).state().track().fruitless());
    var heard = next(two, bookmark("13", false)).state();
    assertEquals(0, heard.track().fruitless());
    var again = next(heard, new Input.Ended<>());
    assertInstanceOf(Probing.class, next(again.state(), new Input.Go<>()).state());
  }

  @Test
  void aStreamThatBreaksLateIsNormalLifeAndAnEarlyOneIsTrouble() {
    var early = next(watching, new Input.Broke<>("cut", "cut"));
    assertEquals(List.of(new Effect.Warn<Pod>("cut")), early.effects());
    now += 60 * SECOND;
    var late = next(watching, new Input.Broke<>("cut", "cut"));
    assertEquals(List.of(new Effect.Note<Pod>("cut")), late.effects());
    assertTrue(sent(next(late.state(), new Input.Go<>())).endsWith("limit=1"));
  }

  @Test
  void aTroubleIsToldOncePerChange() {
    var first = next(resuming, refused(403));
    assertEquals(1, first.effects().size());
    var same = next(first.state(), refused(403));
    assertEquals(List.of(), same.effects());
    var other = next(same.state(), refused(401));
    assertEquals(List.of(new Effect.Warn<Pod>("HTTP 401 R401")), other.effects());
    var probed = next(other.state(), new Input.PageEnd<>("12", ""));
    assertEquals(List.of(), probed.effects(), "it may be watches alone that are refused");
    var healed = next(probed.state(), new Input.Opened<>());
    assertEquals(List.of(new Effect.Forget<>("8"), new Effect.AllClear<Pod>()), healed.effects());
    assertEquals(Optional.empty(), healed.state().track().setback());
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
    assertEquals(List.of(new Effect.Warn<Pod>("no token file")), unreadable.effects());
  }

  @Test
  void aStreamThatIsNoGoodIsOnlyWellAgainWhenItBringsSomething() {
    var broke = next(watching, new Input.Broke<>("cut", "cut"));
    var probed = next(broke.state(), new Input.PageEnd<>("12", ""));
    var opened = next(probed.state(), new Input.Opened<>());
    assertEquals(List.of(new Effect.Forget<Pod>("8")), opened.effects());
    assertEquals(1, next(opened.state(), modified("9")).effects().size(), "a repetition");
    var heard = next(opened.state(), bookmark("13", false));
    assertEquals(
        List.of(new Effect.MoveTo<Pod>("13"), new Effect.AllClear<Pod>()), heard.effects());
  }

  @Test
  void aBugOfOursLeadsToAFullSetFromEveryState() {
    for (var state :
        List.of(starting, initial, firstPage, laterPage, probing, resuming, watching)) {
      var turn = next(state, new Input.Bug<>("NullPointerException"));
      waits(turn);
      assertInstanceOf(Starting.class, turn.state());
      assertEquals(List.of(new Effect.Warn<Pod>("NullPointerException")), turn.effects());
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
  void aStreamHasTheTimeThatItWasAskedFor() {
    assertEquals(new Patience(65 * SECOND, Long.MAX_VALUE), Limits.STANDARD.patience(watching));
    assertEquals(new Patience(40 * SECOND, Long.MAX_VALUE), Limits.STANDARD.patience(initial));
    assertEquals(new Patience(300 * SECOND, 30 * SECOND), Limits.STANDARD.patience(firstPage));
  }
}
