package io.bitcoincontroller.cache;

import io.bitcoincontroller.cache.Limits.Patience;
import io.bitcoincontroller.cache.TrackRecord.Setback;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.Parsed;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.WatchEvent;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The answers to {@link Turn.Next}: all that can happen to a reflector. */
sealed interface Input<T extends KubeObject> {
  /** Causes can form a ring. */
  int DEEPEST_CAUSE = 10;

  /** The first of all, and the end of a wait. */
  record Go<T extends KubeObject>() implements Input<T> {}

  /** 2xx: the body comes. */
  record Opened<T extends KubeObject>() implements Input<T> {}

  record Refused<T extends KubeObject>(Reply.Failure why) implements Input<T> {}

  /** One object of a list page. */
  record Item<T extends KubeObject>(T object) implements Input<T> {}

  /** One object of a list page that can't be read. */
  record Unreadable<T extends KubeObject>(Parsed.Unreadable<T> object) implements Input<T> {}

  /**
   * Only a list can help: an object for which the store had no room fits in now, or the server was
   * put back from a backup, as another reflector has noticed.
   */
  record ListAgain<T extends KubeObject>() implements Input<T> {}

  /**
   * A list page was read to its end.
   *
   * @param continueToken empty on the last page
   */
  record PageEnd<T extends KubeObject>(String version, String continueToken) implements Input<T> {}

  record Event<T extends KubeObject>(WatchEvent<T> event) implements Input<T> {}

  /** The server ended the watch between two lines. */
  record Ended<T extends KubeObject>() implements Input<T> {}

  /**
   * No connection, or one that broke, or bytes that are no answer.
   *
   * @param kind of the {@link Setback} that it is
   * @param what for people
   */
  record Broke<T extends KubeObject>(String kind, String what) implements Input<T> {
    /**
     * The kind is that of the exception and of its causes. The JDK's words won't do: a load
     * balancer that closes what it accepts gives one message or another, as the moment has it.
     */
    static <T extends KubeObject> Broke<T> of(IOException e) {
      var kind =
          Stream.<Throwable>iterate(e, Objects::nonNull, Throwable::getCause)
              .limit(DEEPEST_CAUSE)
              .map(Input::kind)
              .collect(Collectors.joining(" "));
      return new Broke<>(kind, describe(e));
    }
  }

  /** The watchdog closed the stream: {@link Patience} was used up. */
  record Silent<T extends KubeObject>() implements Input<T> {}

  /** We failed ourselves; nothing is known about what has reached the store. */
  record Bug<T extends KubeObject>(String what) implements Input<T> {}

  /** HttpClient's exceptions often have no message, and then their name says it all. */
  static String describe(Throwable e) {
    return switch (e) {
      case ConnectException _ ->
          "no connection to the API server: it does not run, or its address is wrong";
      case HttpConnectTimeoutException _ ->
          "the API server does not answer: it hangs, or something in between drops what we send";
      default -> named(e);
    };
  }

  /** A plain IOException is our own, and its message stays the same. */
  private static String kind(Throwable e) {
    return e.getClass() == IOException.class ? named(e) : e.getClass().getName();
  }

  private static String named(Throwable e) {
    var name = e.getClass().getSimpleName();
    var message = Objects.requireNonNullElse(e.getMessage(), "");
    if (message.isEmpty()) {
      return name;
    }
    return e.getClass() == IOException.class ? message : name + ": " + message;
  }
}
