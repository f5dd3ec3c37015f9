package io.bitcoincontroller.cache;

/**
 * Where a reflector stands. Each state says where its errors lead; {@link WatchStep} holds the
 * rules. "Waits" means the back-off, or what the server's Retry-After asks for if that is longer.
 *
 * <p>One rule bounds how old a store can get unnoticed. A <em>proof</em> is whatever shows that it
 * is as new as the server: a full set, an event or bookmark that is not older than the store, or a
 * watch that lived out its time in silence, of which Probing then finds that there was nothing to
 * say. Watches live about a minute, and so proofs come every minute. Whatever goes wrong, the next
 * watch replays the last one; if the last proof is more than 90 s old by then, all is listed anew;
 * and after 120 s {@link Reflector#setback} says so, and with it readyz ({@link Limits}).
 *
 * <p>A server that was put back from a backup has versions lower than ours: it accepts a watch from
 * the future, and says nothing. Its own version gives it away (Probing), or a full set that is
 * older than what it replaces; all other stores hear of it ({@link ReflectorGroup}). Once the new
 * history has overtaken ours, no version does ({@link Doubts} may). So no number is believed once a
 * request found nobody who could answer it ({@link WatchStep#outOfReach}): whoever sent it lists
 * anew, and so does whoever has to open a new watch, unless the last proof is younger. That costs
 * each a list where a network or a lone server was away, whose watch cache would refuse an old
 * version anyway; and one for each watch that breaks, as long as a balancer goes on to send
 * requests to a server that is gone.
 */
sealed interface WatchState {
  TrackRecord track();

  /**
   * Nothing is known, or not enough to go on from: a full set is needed. A streamed list is asked
   * for, in which the server sends what is there as events and then goes on as a watch.
   *
   * <p>400 or 422: the server can't stream a list, which is remembered; Listing. 403: perhaps it
   * only forbids this; Listing, but not remembered. Anything else, and no connection: waits, then
   * here again.
   *
   * @param timeoutSeconds what the request sent asks for; 0 before one is sent
   */
  record Starting(TrackRecord track, long timeoutSeconds) implements WatchState {
    static Starting of(TrackRecord track) {
      return new Starting(track, 0);
    }
  }

  /**
   * A streamed list comes in. The version does not move: these events are in no order.
   *
   * <p>No end marker in time: the server ignored the request for initial events (1.18 and older
   * do), which is remembered; Listing. ERROR: as in Starting. The stream ends or breaks: what came
   * is dropped; waits, then Starting.
   */
  record InitialEvents(TrackRecord track, long timeoutSeconds, long openedNanos)
      implements WatchState {}

  /**
   * A list comes in page by page.
   *
   * <p>410 on a later page: the snapshot was compacted away; everything again in one page. 401,
   * 403, 429: waits, then the same page again. Anything else, a page that breaks, and a silent one:
   * waits, then Starting, since the server that comes back may know nothing of the snapshot.
   *
   * @param continueToken of the page; empty for the first
   * @param whole all in one page
   * @param askedNanos when the first page was asked for, whose version all pages have: the store is
   *     proved to be as new as the server was then; 0 before it is sent
   */
  record Listing(TrackRecord track, String continueToken, boolean whole, long askedNanos)
      implements WatchState {
    static Listing firstPage(TrackRecord track) {
      return new Listing(track, "", false, 0);
    }

    static Listing inOnePage(TrackRecord track) {
      return new Listing(track, "", true, 0);
    }

    Listing laterPage(String token) {
      return new Listing(track, token, false, askedNanos);
    }

    Listing askedAt(long now) {
      return new Listing(track, continueToken, whole, now);
    }

    Listing track(TrackRecord now) {
      return new Listing(now, continueToken, whole, askedNanos);
    }
  }

  /**
   * Something went wrong, or a watch said nothing: the server's own version is asked for, by the
   * smallest list there is. Not older than the store's: Resuming. Older: its history is another
   * one; waits, then Starting. Out of reach for any reflector since: Starting, without a look.
   *
   * <p>401, 403, 429: waits, then here again, as a list would be refused as well. Anything else, no
   * connection and silence among it: waits, then Starting.
   *
   * @param livedOut the last watch came to the end of its time, and so the answer is a proof
   * @param trustedNanos the server was there until then, as far as this reflector knows: the last
   *     proof, or the end of a watch that has lived out its time
   */
  record Probing(TrackRecord track, Span span, boolean livedOut, long trustedNanos)
      implements WatchState {
    static Probing after(TrackRecord track, Span span) {
      return new Probing(track, span, false, track.provedNanos());
    }
  }

  /**
   * The store is complete up to a version, and a watch that overlaps the last one is asked for.
   *
   * <p>Out of reach for any reflector since the last proof: Starting. 401, 403, 429: waits, then
   * Probing. Anything else, 410 and no connection among it: waits, then Starting. (410 is rare: a
   * server's watch cache keeps 75 s at least, longer than a watch lives, and after its restart it
   * refuses the newest version, too.)
   *
   * @param timeoutSeconds what the request sent asks for; 0 before one is sent
   */
  record Resuming(TrackRecord track, Span span, long timeoutSeconds) implements WatchState {
    static Resuming at(TrackRecord track, Span span) {
      return new Resuming(track, span, 0);
    }
  }

  /**
   * Events come in, and the version moves with them, never back.
   *
   * <p>ERROR 410, and 504 with ResourceVersionTooLarge: the server no longer has, or not yet has,
   * that version; waits, then Starting. The server ends the watch after its time: Resuming at once
   * if there was a proof just now, else Probing. The watchdog ends it: Probing at once. Any other
   * ERROR, a stream that breaks, or that ends at once (some servers do so instead of 410) or before
   * its time without a proof: waits, then Probing; the third time without a proof in between,
   * Starting.
   */
  record Watching(TrackRecord track, Span span, long timeoutSeconds, long openedNanos)
      implements WatchState {}
}
