package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.api.Faults.Fault;
import io.bitcoincontroller.local.api.Storage.ChangeType;
import io.bitcoincontroller.local.api.Storage.StatusException;
import io.bitcoincontroller.local.api.schema.FieldError;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

/** Watches: a stream of lines, replayed from the log of changes. */
final class Watches {
  private static final Duration DEFAULT_LENGTH = Duration.ofMinutes(30);
  private static final Duration FOR_EVER = Duration.ofDays(1);

  private final MemoryStorage storage;
  private final LocalApiServer.Options options;

  Watches(MemoryStorage storage, LocalApiServer.Options options) {
    this.storage = storage;
    this.options = options;
  }

  /** Streams until the time is over, the log was cut, or the client is gone. */
  void stream(Call call, View view, Faults.Answering answering)
      throws IOException, InterruptedException {
    checkInitialEvents(call);
    var selector = Selectors.of(call);
    Predicate<ObjectNode> selected = o -> Reads.inNamespace(call, o) && selector.test(o);
    var end = System.nanoTime() + length(call).toNanos();
    var initial = initial(call);
    var exchange = answering.exchange();
    try (var changes = storage.entries(call.kind(), initial.revision());
        var out = exchange.stream(200, Map.of("Content-Type", "application/json"))) {
      var lines = new Lines(call, view, out, answering);
      if (answering.streamFault().equals(Optional.of(Fault.STALL))) {
        new CountDownLatch(1).await();
      }
      if (answering.streamFault().equals(Optional.of(Fault.GONE))) {
        lines.error(Errors.expired("too old resource version (injected)"));
        return;
      }
      for (var object : initial.objects()) {
        if (selected.test(object)) {
          lines.event(ChangeType.ADDED, object);
        }
      }
      if (call.flag("sendInitialEvents")) {
        lines.bookmark(initial.revision(), true);
      }
      out.flush();
      follow(call, changes, selected, end, lines);
    }
  }

  private void follow(
      Call call,
      MemoryStorage.Reader changes,
      Predicate<ObjectNode> selected,
      long end,
      Lines lines)
      throws IOException, InterruptedException {
    var bookmarks = call.flag("allowWatchBookmarks");
    while (true) {
      var left = end - System.nanoTime();
      var patience = Math.min(left, bookmarks ? options.bookmarks().toNanos() : left);
      try {
        var entry = changes.nextEntry(Duration.ofNanos(Math.max(0, patience)));
        if (entry.isPresent()) {
          lines.change(entry.get(), selected);
          lines.flush();
        } else if (end - System.nanoTime() <= 0) {
          return;
        } else if (bookmarks) {
          lines.bookmark(changes.seen(), false);
          lines.flush();
        }
      } catch (StatusException e) {
        lines.error(e);
        return;
      }
    }
  }

  /** Sends all that is there when the watch starts, or nothing, and says where the log goes on. */
  private MemoryStorage.Snapshot initial(Call call) {
    var version = call.parameter("resourceVersion");
    var anyVersion = version.isEmpty() || version.equals("0");
    var plain = !call.query().containsKey("sendInitialEvents");
    var everything = call.flag("sendInitialEvents") || (anyVersion && plain);
    if (everything) {
      return storage.snapshot(call.kind());
    }
    if (anyVersion) {
      return new MemoryStorage.Snapshot(List.of(), storage.revision());
    }
    if (!version.matches("[0-9]{1,18}")) {
      throw Errors.badRequest("Invalid value: \"" + version + "\": not a resourceVersion");
    }
    return new MemoryStorage.Snapshot(List.of(), Long.parseLong(version));
  }

  private void checkInitialEvents(Call call) {
    var match = call.parameter("resourceVersionMatch");
    if (!call.query().containsKey("sendInitialEvents") && match.isEmpty()) {
      return;
    }
    if (!options.streamingLists() || !call.query().containsKey("sendInitialEvents")) {
      throw invalidOptions(
          FieldError.forbidden(
              "resourceVersionMatch", "resourceVersionMatch is forbidden for watch"));
    }
    if (!match.equals("NotOlderThan")) {
      throw invalidOptions(
          FieldError.forbidden(
              "resourceVersionMatch",
              "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
    }
    if (call.flag("sendInitialEvents") && !call.flag("allowWatchBookmarks")) {
      throw invalidOptions(
          FieldError.forbidden(
              "allowWatchBookmarks", "sendInitialEvents requires allowWatchBookmarks"));
    }
  }

  private static StatusException invalidOptions(FieldError error) {
    return new StatusException(
        422,
        "Invalid",
        "ListOptions.meta.k8s.io \"\" is invalid: " + FieldError.join(List.of(error)),
        List.of(error));
  }

  private static Duration length(Call call) {
    var seconds = call.parameter("timeoutSeconds");
    if (seconds.isEmpty() || seconds.equals("0")) {
      return DEFAULT_LENGTH;
    }
    if (!seconds.matches("[0-9]{1,9}")) {
      throw Errors.badRequest("timeoutSeconds is not a number");
    }
    var asked = Duration.ofSeconds(Long.parseLong(seconds));
    return asked.compareTo(FOR_EVER) < 0 ? asked : FOR_EVER;
  }

  /** Writes the lines of one watch. */
  private record Lines(Call call, View view, OutputStream out, Faults.Answering answering) {
    /** What a change means to this watcher: it may enter or leave what the watcher selected. */
    void change(MemoryStorage.Entry entry, Predicate<ObjectNode> selected) throws IOException {
      var change = entry.change();
      var was = entry.before().map(selected::test).orElse(false);
      var is = change.type() != ChangeType.DELETED && selected.test(change.object());
      if (is) {
        event(was ? ChangeType.MODIFIED : ChangeType.ADDED, change.object());
      } else if (was) {
        event(ChangeType.DELETED, gone(entry));
      }
    }

    /** As it last was while it was selected, with the version of the change that ended that. */
    private static ObjectNode gone(MemoryStorage.Entry entry) {
      var last = entry.before().orElse(entry.change().object()).deepCopy();
      if (last.path("metadata") instanceof ObjectNode metadata) {
        metadata.put("resourceVersion", Long.toString(entry.change().revision()));
      }
      return last;
    }

    void event(ChangeType type, ObjectNode object) throws IOException {
      var seen = view.out(object);
      line(
          type.name(),
          Tables.wanted(call.http())
              ? Tables.of(call, List.of(seen), object.path("metadata"))
              : seen);
    }

    void bookmark(long revision, boolean initialEventsEnd) throws IOException {
      var object = JsonNodeFactory.instance.objectNode();
      object.put("kind", call.kind().kind()).put("apiVersion", view.apiVersion());
      var metadata = object.putObject("metadata");
      metadata.put("resourceVersion", Long.toString(revision));
      if (initialEventsEnd) {
        metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
      }
      line("BOOKMARK", Tables.wanted(call.http()) ? Tables.of(call, List.of(), metadata) : object);
    }

    void error(StatusException e) throws IOException {
      line("ERROR", Statuses.of(e));
      out.flush();
    }

    void flush() throws IOException {
      out.flush();
    }

    private void line(String type, JsonNode object) throws IOException {
      var event = JsonNodeFactory.instance.objectNode().put("type", type);
      event.set("object", object);
      var bytes = (event + "\n").getBytes(StandardCharsets.UTF_8);
      if (answering.streamFault().equals(Optional.of(Fault.CUT_MID_LINE))) {
        out.write(bytes, 0, bytes.length / 2);
        out.flush();
        answering.exchange().cut();
        throw new IOException("cut (injected)");
      }
      out.write(bytes);
    }
  }
}
