package io.bitcoincontroller.cache;

import io.bitcoincontroller.observe.Log;

/**
 * The log lines of one reflector: each names the resource and the namespace. Safe for many threads.
 */
final class WatchLog {
  private final Log log;
  private final Watched<?> watched;
  private String lastBug = "";

  WatchLog(Log log, Watched<?> watched) {
    this.log = log;
    this.watched = watched;
  }

  void debug(String what, Object... keysAndValues) {
    log.debug(what, about(keysAndValues));
  }

  void info(String what, Object... keysAndValues) {
    log.info(what, about(keysAndValues));
  }

  void warn(String what, Object... keysAndValues) {
    log.warn(what, about(keysAndValues));
  }

  /** The same bug again and again is one report. Returns its description. */
  synchronized String bug(Throwable bug) {
    var text = Input.describe(bug);
    if (!text.equals(lastBug)) {
      lastBug = text;
      log.bug("watch", bug, about());
    }
    return text;
  }

  private Object[] about(Object... keysAndValues) {
    var all = new Object[keysAndValues.length + 4];
    all[0] = "resource";
    all[1] = watched.resource().plural();
    all[2] = "namespace";
    all[3] = watched.namespace().isEmpty() ? "all" : watched.namespace();
    System.arraycopy(keysAndValues, 0, all, 4, keysAndValues.length);
    return all;
  }
}
