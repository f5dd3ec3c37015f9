package io.bitcoincontroller.leader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.kube.Meta;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every row of the election: state and event in, state and action out. */
class ElectionTest {
  private static final long S = 1_000_000_000;
  private static final Election.Next READ = new Election.Next.Read();
  private static final Election.Next CREATE = new Election.Next.Create();
  private static final Election.Next RETRY = new Election.Next.Wait(2 * S);
  private static final Election.State NOTHING_SEEN = new Election.State.Following(Optional.empty());
  private static final Election.Input WOKE = new Election.Input.Go();
  private static final Election.Input CONFLICT = new Election.Input.Conflict();
  private static final Election.Input NO_ANSWER = new Election.Input.NoAnswer();
  private static final Election.Input ABSENT = new Election.Input.Absent();

  private final Election election = new Election("me", LeaseTimes.DEFAULT);

  static Lease lease(String uid, String version, String holder) {
    var meta = new Meta("ns", "l", uid, version, 0, "", Map.of(), Map.of(), List.of());
    return new Lease(meta, new Lease.Spec(holder, 15, "", 0));
  }

  private static Election.State following(Lease lease, long since) {
    return new Election.State.Following(Optional.of(new Election.Sighting(lease, since)));
  }

  private static Election.State leading(Lease lease, long renewedAt) {
    return new Election.State.Leading(lease, renewedAt);
  }

  private void turn(
      Election.State from, Election.Input input, long now, Election.State to, Election.Next next) {
    assertEquals(new Election.Turn(to, next), election.next(from, input, now, 0));
  }

  private final Lease theirs = lease("u", "5", "they");
  private final Lease ours = lease("u", "6", "me");

  @Test
  void aFollowerReadsWheneverItWakes() {
    turn(NOTHING_SEEN, WOKE, 0, NOTHING_SEEN, READ);
    turn(following(theirs, 0), WOKE, 99 * S, following(theirs, 0), READ);
  }

  @Test
  void whereThereIsNoLeaseOneIsMade() {
    turn(NOTHING_SEEN, ABSENT, 0, NOTHING_SEEN, CREATE);
    turn(following(theirs, 0), ABSENT, 0, NOTHING_SEEN, CREATE);
  }

  @Test
  void aLeaseIsTakenOnlyWhenItsHolderWasSilentForAllOfIt() {
    var found = new Election.Input.Found(theirs);
    turn(NOTHING_SEEN, found, 7, following(theirs, 7), RETRY);
    turn(following(theirs, 7), found, 7 + 13 * S, following(theirs, 7), RETRY);
    turn(
        following(theirs, 7),
        found,
        7 + 15 * S - 1,
        following(theirs, 7),
        new Election.Next.Wait(1));
    turn(
        following(theirs, 7),
        found,
        7 + 15 * S,
        following(theirs, 7),
        new Election.Next.Write(theirs));
  }

  @Test
  void anyChangeOfTheLeaseIsASignOfLife() {
    var renewed = lease("u", "9", "they");
    var found = new Election.Input.Found(renewed);
    turn(following(theirs, 0), found, 15 * S, following(renewed, 15 * S), RETRY);
    var madeAgain = lease("other", "5", "they");
    turn(
        following(theirs, 0),
        new Election.Input.Found(madeAgain),
        15 * S,
        following(madeAgain, 15 * S),
        RETRY);
  }

  @Test
  void aFreeLeaseAndOneThatIsOursAlreadyAreTakenAtOnce() {
    for (var holder : List.of("", "me")) {
      var free = lease("u", "5", holder);
      turn(
          NOTHING_SEEN,
          new Election.Input.Found(free),
          0,
          following(free, 0),
          new Election.Next.Write(free));
    }
  }

  @Test
  void whoseWriteWasStoredLeadsFromWhenItWasSent() {
    turn(
        following(theirs, 0),
        new Election.Input.Stored(ours, 20 * S),
        21 * S,
        leading(ours, 20 * S),
        RETRY);
    turn(
        NOTHING_SEEN,
        new Election.Input.Stored(ours, 20 * S),
        29 * S,
        leading(ours, 20 * S),
        new Election.Next.Wait(S));
  }

  @Test
  void aFollowerWhoseWriteFailedTriesAgainLater() {
    turn(following(theirs, 0), CONFLICT, S, following(theirs, 0), RETRY);
    turn(following(theirs, 0), NO_ANSWER, S, following(theirs, 0), RETRY);
  }

  @Test
  void followersAreSpreadByAFifthOfTheRetry() {
    var turn = election.next(NOTHING_SEEN, NO_ANSWER, 0, 0.5);
    assertEquals(new Election.Next.Wait(2 * S - S / 5), turn.next());
  }

  @Test
  void aLeaderRenewsWheneverItWakes() {
    turn(leading(ours, 0), WOKE, 2 * S, leading(ours, 0), new Election.Next.Write(ours));
    var renewed = lease("u", "7", "me");
    turn(
        leading(ours, 0),
        new Election.Input.Stored(renewed, 2 * S),
        3 * S,
        leading(renewed, 2 * S),
        RETRY);
  }

  @Test
  void aLeaderWithoutAnAnswerTriesAgainButNotBeyondItsDeadline() {
    turn(leading(ours, 0), NO_ANSWER, 3 * S, leading(ours, 0), RETRY);
    turn(leading(ours, 0), NO_ANSWER, 9 * S, leading(ours, 0), new Election.Next.Wait(S));
  }

  @Test
  void afterTheRenewDeadlineNoEventKeepsALeaderLeading() {
    for (var input :
        List.of(WOKE, NO_ANSWER, CONFLICT, ABSENT, new Election.Input.Stored(ours, 9 * S))) {
      turn(leading(ours, 0), input, 10 * S, following(ours, 10 * S), RETRY);
    }
    turn(leading(ours, 0), WOKE, 10 * S - 1, leading(ours, 0), new Election.Next.Write(ours));
  }

  @Test
  void aLeaderThatFindsTheLeaseChangedReads() {
    turn(leading(ours, 0), CONFLICT, S, leading(ours, 0), READ);
    var edited = lease("u", "8", "me");
    turn(leading(ours, 0), new Election.Input.Found(edited), S, leading(edited, 0), RETRY);
    turn(leading(ours, 0), new Election.Input.Found(theirs), S, following(theirs, S), RETRY);
  }

  @Test
  void aLeaderWhoseLeaseWasDeletedMakesItAgain() {
    turn(leading(ours, 0), ABSENT, S, leading(ours, 0), CREATE);
  }

  @Test
  void leadingEndsByTheClockAloneWithNoEvent() {
    assertTrue(election.leads(leading(ours, 5), 5 + 10 * S - 1));
    assertFalse(election.leads(leading(ours, 5), 5 + 10 * S));
    assertFalse(election.leads(following(ours, 5), 6));
  }

  @Test
  void anAnswerIsAwaitedNoLongerThanTheLeadershipLasts() {
    assertEquals(10 * S / 3, election.answerNanos(leading(ours, 0), 6 * S), "leaves other tries");
    assertEquals(2 * S, election.answerNanos(leading(ours, 0), 8 * S));
    assertEquals(1, election.answerNanos(leading(ours, 0), 60 * S));
    assertEquals(10 * S / 3, election.answerNanos(NOTHING_SEEN, 60 * S));
  }

  @Test
  void timesThatCantBeSafeAreRefused() {
    var s = Duration.ofSeconds(1);
    assertThrows(IllegalArgumentException.class, () -> new LeaseTimes(s, s, s.dividedBy(9)));
    assertThrows(IllegalArgumentException.class, () -> new LeaseTimes(s.plusMillis(500), s, s));
    assertThrows(
        IllegalArgumentException.class,
        () -> new LeaseTimes(Duration.ofDays(2), s, s.dividedBy(2)));
    assertThrows(
        IllegalArgumentException.class, () -> new LeaseTimes(s.multipliedBy(3), s, Duration.ZERO));
    assertThrows(
        IllegalArgumentException.class,
        () -> new LeaseTimes(s.multipliedBy(3), s, Duration.ofMillis(501)));
    assertInstanceOf(
        LeaseTimes.class, new LeaseTimes(s.multipliedBy(3), s, Duration.ofMillis(500)));
  }
}
