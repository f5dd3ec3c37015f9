package io.bitcoincontroller.cache;

/**
 * Where a reflector stands. Each state says where its errors lead; {@link WatchStep} holds the
 * rules. "Waits" means the back-off, or what the server's Retry-After asks for if that is longer.
 */
sealed interface WatchState {
  Past past();

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
  record Starting(Past past, long timeoutSeconds) implements WatchState {
    static Starting with(Past past) {
      return new Starting(past, 0);
    }
  }

  /**
   * A streamed list comes in. The version does not move: these events are in no order.
   *
   * <p>No end marker in time: the server ignored the request for initial events (1.18 and older
   * do), which is remembered; Listing. ERROR: as in Starting. The stream ends or breaks: what came
   * is dropped; waits, then Starting.
   */
  record InitialEvents(Past past, long timeoutSeconds, long openedNanos) implements WatchState {}

  /**
   * A list comes in page by page.
   *
   * <p>410 on a later page: the snapshot was compacted away; everything again in one page. 400,
   * 404, 422, and 410 on a first page: waits, then Starting. Anything else, a page that breaks, and
   * a silent one: waits, then the same page again.
   *
   * @param continueToken of the page; empty for the first
   * @param whole all in one page
   */
  record Listing(Past past, String continueToken, boolean whole) implements WatchState {
    static Listing firstPage(Past past) {
      return new Listing(past, "", false);
    }

    Listing with(Past then) {
      return new Listing(then, continueToken, whole);
    }
  }

  /**
   * The store is complete up to a version, and a watch from there is asked for.
   *
   * <p>410, and 504 with ResourceVersionTooLarge: the server no longer has, or not yet has, that
   * version; 400 and 422: it can't read it; 404: the kind itself was deleted, and everything of it;
   * waits, then Starting. Anything else, 401, 403, 429 and no connection among it: waits, then the
   * same version again, for ever: what was seen once needs no second list.
   *
   * @param timeoutSeconds what the request sent asks for; 0 before one is sent
   */
  record Resuming(Past past, String version, long timeoutSeconds) implements WatchState {
    static Resuming at(Past past, String version) {
      return new Resuming(past, version, 0);
    }
  }

  /**
   * Events come in, and the version moves with them, never back.
   *
   * <p>ERROR: as in Resuming. The server ends the watch after its time, or the watchdog does:
   * Resuming at once. The stream breaks, or ends early: waits, then Resuming. It ended at once and
   * empty, several times in a row: some servers end a watch that they can't serve without saying
   * 410; waits, then Starting.
   *
   * @param bookmarks how many this watch has brought
   * @param heard this watch has brought something
   */
  record Watching(
      Past past,
      String version,
      long timeoutSeconds,
      long openedNanos,
      int bookmarks,
      boolean heard)
      implements WatchState {}
}
