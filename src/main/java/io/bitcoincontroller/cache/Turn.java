package io.bitcoincontroller.cache;

import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.Parsed;
import java.util.List;
import java.util.OptionalLong;

/**
 * One turn of a reflector, as {@link WatchStep} decided it.
 *
 * @param state the next one
 * @param effects carried out first, in this order
 * @param next done after the effects; its answer is the next {@link Input}
 */
record Turn<T extends KubeObject>(WatchState state, List<Effect<T>> effects, Next next) {
  /**
   * The outside, as far as a decision knows it.
   *
   * @param now of a Ticker
   * @param random uniform in [0, 1)
   * @param outage when any reflector of this server last found it out of reach; empty: none did
   */
  record Moment(long now, double random, OptionalLong outage) {
    /** Whether the server was out of reach after this time. */
    boolean wasAwaySince(long nanos) {
      return outage.isPresent() && outage.getAsLong() - nanos > 0;
    }
  }

  /** The one thing that the shell does to get the next {@link Input}. */
  sealed interface Next {
    /** Answered by Go. */
    record Wait(long nanos) implements Next {}

    /** Answered by Opened, Refused or Broke. What an earlier request left open is closed first. */
    record Send(ApiRequest request, Body body) implements Next {}

    /** Answered by the next object, event or end of the open stream; or by Broke, or Silent. */
    record Read() implements Next {}

    /** How the body of an answer is read. */
    enum Body {
      LIST,
      WATCH
    }
  }

  /** The shell does this besides, without an answer: it changes the store, or tells people. */
  sealed interface Effect<T extends KubeObject> {
    /** For {@link Shard#perform}. */
    sealed interface OnStore<T extends KubeObject> extends Effect<T> {}

    /** A full set of objects is about to come: what was collected of an earlier try is dropped. */
    record BeginStaging<T extends KubeObject>() implements OnStore<T> {}

    record Stage<T extends KubeObject>(T object) implements OnStore<T> {}

    record Unstage<T extends KubeObject>(T object) implements OnStore<T> {}

    /**
     * The full set has an object that can't be read, or had it.
     *
     * @param deleted the server has it no more
     */
    record StageSkip<T extends KubeObject>(Parsed.Unreadable<T> object, boolean deleted)
        implements OnStore<T> {}

    /** All objects of this version are staged; the store forgets every other one. */
    record Replace<T extends KubeObject>(String version) implements OnStore<T> {}

    record Put<T extends KubeObject>(T object, String version) implements OnStore<T> {}

    record Remove<T extends KubeObject>(T object, String version) implements OnStore<T> {}

    /**
     * Something happened to an object that can't be read: the store has it no more.
     *
     * @param deleted the server has it no more, either
     */
    record Skip<T extends KubeObject>(Parsed.Unreadable<T> object, boolean deleted, String version)
        implements OnStore<T> {}

    /** Nothing else happened up to this version. */
    record MoveTo<T extends KubeObject>(String version) implements OnStore<T> {}

    /** Nothing that happened up to this version will be delivered again. */
    record Forget<T extends KubeObject>(String version) implements OnStore<T> {}

    /** The server was put back: other stores may hold what it has no more. */
    record AnotherHistory<T extends KubeObject>() implements Effect<T> {}

    /** Something is wrong that was not before, or it is wrong in another way. */
    record Warn<T extends KubeObject>(String text) implements Effect<T> {}

    /** The last warning is over. */
    record AllClear<T extends KubeObject>() implements Effect<T> {}

    /** Normal life; shown to people who look for a fault. */
    record Note<T extends KubeObject>(String text) implements Effect<T> {}
  }
}
