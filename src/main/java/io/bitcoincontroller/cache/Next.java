package io.bitcoincontroller.cache;

import io.bitcoincontroller.kube.ApiRequest;

/** The one thing that the shell shall do to get the next {@link Input}. */
sealed interface Next {
  /** Answered by Go. */
  record Wait(long nanos) implements Next {}

  /** Answered by Opened, Refused or Broke. What an earlier request left open is closed first. */
  record Send(ApiRequest request, Body body) implements Next {}

  /** The next object, event or end of the open stream; or Broke, or Silent. */
  record Read() implements Next {}

  enum Body {
    LIST,
    WATCH
  }
}
