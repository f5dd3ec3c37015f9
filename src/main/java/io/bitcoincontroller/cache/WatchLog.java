package io.bitcoincontroller.cache;

import io.bitcoincontroller.cache.Turn.Next.Body;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.recorder.Recorder;

/**
 * The log lines of one reflector, and its entries in the flight recorder: each names the resource
 * and the namespace. Safe for many threads.
 */
final class WatchLog {
  private final Log log;
  private final Recorder recorder;
  private final Watched<?> watched;
  private String lastBug = "";

  WatchLog(Log log, Recorder recorder, Watched<?> watched) {
    this.log = log;
    this.recorder = recorder;
    this.watched = watched;
  }

  /** For the flight recorder alone: a request goes out. */
  void sent(Body kind) {
    record(kind == Body.LIST ? "listing" : "watching", "");
  }

  /** For the flight recorder alone. */
  void record(String event, String words) {
    recorder.record(
        "watch",
        "",
        json -> {
          json.writeStringField("resource", watched.resource().plural());
          json.writeStringField("namespace", watched.namespace());
          json.writeStringField("event", event);
          json.writeStringField("words", Recorder.cut(words));
        });
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
