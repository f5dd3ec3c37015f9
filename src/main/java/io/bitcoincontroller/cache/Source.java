package io.bitcoincontroller.cache;

import io.bitcoincontroller.cache.Turn.Next;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.ListReader;
import io.bitcoincontroller.kube.Parsed;
import io.bitcoincontroller.kube.WatchReader;
import java.io.IOException;
import java.io.InputStream;

/** An open stream as the inputs that it brings. */
@FunctionalInterface
interface Source<T extends KubeObject> {
  /** Waits for the next one. */
  Input<T> next() throws IOException;

  static <T extends KubeObject> Source<T> of(Next.Body kind, InputStream body, Class<T> type) {
    return switch (kind) {
      case LIST -> {
        var page = new ListReader<>(body, type);
        yield () ->
            page.next()
                .map(Source::item)
                .orElseGet(() -> new Input.PageEnd<>(page.resourceVersion(), page.continueToken()));
      }
      case WATCH -> {
        var watch = new WatchReader<>(body, type);
        yield () -> watch.next().<Input<T>>map(Input.Event::new).orElseGet(Input.Ended::new);
      }
    };
  }

  private static <T extends KubeObject> Input<T> item(Parsed<T> parsed) {
    return switch (parsed) {
      case Parsed.Whole<T>(var object) -> new Input.Item<>(object);
      case Parsed.Unreadable<T> unreadable -> new Input.Unreadable<>(unreadable);
    };
  }

  /** Before the first stream, and between two. */
  static <T extends KubeObject> Source<T> none() {
    return () -> {
      throw new IllegalStateException("no stream is open");
    };
  }
}
