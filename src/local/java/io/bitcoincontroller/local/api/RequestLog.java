package io.bitcoincontroller.local.api;

import io.bitcoincontroller.local.http.HttpRequest;
import io.bitcoincontroller.local.http.Witness;
import java.util.ArrayList;
import java.util.List;

/** The server's requests in order, for tests that count or replay them. */
public final class RequestLog {
  private static final int MOST_ENTRIES = 200_000;

  /**
   * One request.
   *
   * @param target path and query
   * @param code of the answer; 0 while it isn't answered, or if it never was
   */
  public record Entry(String method, String target, int code) {
    public String path() {
      return target.split("\\?", 2)[0];
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private volatile Witness<HttpRequest> witness = Witness.none();

  /** Sets the witness of all later requests, in place of the one before. */
  public void tell(Witness<HttpRequest> other) {
    witness = other;
  }

  Witness<HttpRequest> witness() {
    return witness;
  }

  synchronized int begin(String method, String target) {
    if (entries.size() >= MOST_ENTRIES) {
      throw new IllegalStateException("the request log is full: clear() it between tests");
    }
    entries.add(new Entry(method, target, 0));
    return entries.size() - 1;
  }

  synchronized void end(int index, int code) {
    if (index < entries.size()) {
      var entry = entries.get(index);
      entries.set(index, new Entry(entry.method, entry.target, code));
    }
  }

  /** All so far, a watch that still runs included. */
  public synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }

  public synchronized void clear() {
    entries.clear();
  }
}
