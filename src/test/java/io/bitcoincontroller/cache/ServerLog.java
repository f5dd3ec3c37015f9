package io.bitcoincontroller.cache;

import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.Reply;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * A server's history of one kind, and everything that can go wrong on the way to its reader: a
 * stream is cut at any byte, or falls silent there; an event is lost, repeated, or comes late; the
 * server refuses, or sends an error, once or again and again; it forgets its history, or is put
 * back from a backup and has another one.
 */
final class ServerLog implements SimulatedReflector.Wire {
  private static final int NAMES = 6;

  private enum Kind {
    /** Streams lists. */
    MODERN,
    /** Refuses to, with 422. */
    V1_20,
    /** Takes no notice of the request for initial events. */
    OLDER
  }

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /**
   * An object.
   *
   * @param history of the server: a version may be there again, with another content
   */
  private record Stored(String uid, long version, int history) {}

  private enum Sickness {
    NONE,
    ERROR,
    SILENCE,
    NOTHING,
    /** A balancer ends every watch before its time, and passes nothing on. */
    EARLY_END
  }

  private record Entry(String type, String name, Stored object) {}

  private final SplittableRandom random;
  private final Kind kind;
  private final List<Entry> log = new ArrayList<>();
  private final TreeMap<String, Stored> objects = new TreeMap<>();

  /** For each version a list was taken at: what its later pages show. */
  private final Map<Long, List<String>> snapshots = new HashMap<>();

  /** Moves on with every write and, as etcd's, with writes of other kinds. */
  private long revision = 10;

  private long compacted;
  private int history;
  private boolean quiet;
  private boolean shortOfWatches;
  private boolean erring;
  private Sickness sick = Sickness.NONE;
  private long sickUpTo;

  /** Bookmarks at the end of a watch, as all servers since 1.15; or a proxy keeps them back. */
  private final boolean bookmarks;

  /** Backups: what there was at some revisions. */
  private final TreeMap<Long, TreeMap<String, Stored>> backups = new TreeMap<>();

  /** What was lost or late in one stream comes well in the others. */
  private final Set<Entry> spoiled = new HashSet<>();

  private LongConsumer clock = _ -> {};

  ServerLog(SplittableRandom random) {
    this.random = random;
    this.bookmarks = random.nextInt(4) > 0;
    this.kind = Kind.values()[random.nextInt(Kind.values().length)];
    write(random.nextInt(10));
  }

  long revision() {
    return revision;
  }

  Map<String, String> objects() {
    var text = new TreeMap<String, String>();
    objects.forEach(
        (name, object) ->
            text.put(name, object.uid() + "@" + object.version() + "#" + object.history()));
    return text;
  }

  /** What is sick goes wrong once more in the calm, after a watch that was opened before. */
  Duration lastFault() {
    return sick == Sickness.NONE ? Duration.ZERO : Duration.ofSeconds(66);
  }

  /** Is told how much time passes while somebody reads. */
  void clock(LongConsumer told) {
    clock = told;
  }

  /**
   * From here on nothing changes and nothing goes wrong; but one of four servers can't serve a
   * watch from any version so far, and never says 410.
   */
  void quiet() {
    sick = Sickness.values()[Math.max(0, random.nextInt(16) - 11)];
    sickUpTo = sick == Sickness.NONE ? 0 : revision;
    revision++; // as by a write of another kind
    quiet = true;
  }

  private boolean chance(double probability) {
    return !quiet && random.nextDouble() < probability;
  }

  private void write(int changes) {
    for (var i = 0; i < changes; i++) {
      revision += 1 + (random.nextInt(4) == 0 ? 88 : 0);
      var name = "p" + random.nextInt(NAMES);
      var old = Optional.ofNullable(objects.get(name));
      if (old.isPresent() && random.nextInt(3) == 0) {
        objects.remove(name);
        log.add(new Entry("DELETED", name, new Stored(old.get().uid(), revision, history)));
      } else {
        var uid = old.map(Stored::uid).orElse("u" + revision + "h" + history);
        var now = new Stored(uid, revision, history);
        objects.put(name, now);
        log.add(new Entry(old.isPresent() ? "MODIFIED" : "ADDED", name, now));
      }
    }
  }

  /** Everything goes back; perhaps so much is done at once that the revision is higher again. */
  private void putBack(boolean overtake) {
    var before = revision;
    var backup = backups.headMap(revision - random.nextInt(200), true).lastEntry();
    if (backup == null) {
      return;
    }
    revision = backup.getKey();
    objects.clear();
    objects.putAll(backup.getValue());
    log.removeIf(entry -> entry.object().version() > revision);
    backups.tailMap(revision, false).clear();
    snapshots.clear();
    compacted = Math.min(compacted, revision);
    history++;
    while (overtake && revision <= before) {
      write(1);
    }
  }

  @Override
  public ApiServer.Opening open(ApiRequest request) throws IOException {
    if (!quiet) {
      write(random.nextInt(6));
      backups.put(revision, new TreeMap<>(objects));
    }
    if (chance(0.2)) {
      compacted = Math.max(compacted, revision - random.nextInt(40));
    }
    if (chance(0.05)) {
      putBack(random.nextBoolean());
      throw new IOException("connection refused");
    }
    if (chance(0.1)) {
      throw new IOException("connection refused");
    }
    if (chance(0.1)) {
      var codes = new int[] {401, 403, 404, 429, 500, 503};
      return refused(codes[random.nextInt(codes.length)]);
    }
    var query = query(request);
    if (query.getOrDefault("limit", "").equals("1") && chance(0.1)) {
      // a balancer has cut the stream, and then held the request until the server was back
      putBack(false);
    }
    if (!query.containsKey("watch")) {
      return page(query);
    }
    return query.containsKey("sendInitialEvents") ? streamedList(query) : watch(query);
  }

  private static Map<String, String> query(ApiRequest request) {
    var query = new HashMap<String, String>();
    for (var pair : URI.create(request.target()).getQuery().split("&", -1)) {
      var sides = pair.split("=", 2);
      query.put(sides[0], sides[1]);
    }
    return query;
  }

  private ApiServer.Opening refused(int code) {
    var retryAfter =
        code == 429 || code == 503
            ? Optional.of(Duration.ofSeconds(random.nextInt(4)))
            : Optional.<Duration>empty();
    return new ApiServer.Opening.Refused(
        new Reply.Failure(code, "Reason" + code, "", List.of(), retryAfter));
  }

  private ApiServer.Opening page(Map<String, String> query) {
    var token = query.getOrDefault("continue", "");
    var version = token.isEmpty() ? revision : Long.parseLong(token.split("-", 2)[0]);
    var from = token.isEmpty() ? 0 : Integer.parseInt(token.split("-", 2)[1]);
    if (version < compacted) {
      return refused(410);
    }
    var snapshot = snapshots.computeIfAbsent(version, _ -> all("item"));
    var size = Math.min(2, Integer.parseInt(query.getOrDefault("limit", "1000")));
    size = query.containsKey("limit") ? size : snapshot.size();
    var to = Math.min(snapshot.size(), from + size);
    var more = to < snapshot.size() ? "\"continue\":\"" + version + "-" + to + "\"," : "";
    var metadata = "\"metadata\":{" + more + "\"resourceVersion\":\"" + version + "\"}";
    var items = "\"items\":[" + String.join(",", snapshot.subList(from, to)) + "]";
    var fields = new ArrayList<>(List.of("\"kind\":\"PodList\"", metadata, items));
    Collections.shuffle(fields, new java.util.Random(random.nextLong()));
    return stream(List.of(new SlowBody.Chunk(0, "{" + String.join(",", fields) + "}")));
  }

  private ApiServer.Opening streamedList(Map<String, String> query) {
    if (kind == Kind.V1_20) {
      return refused(422);
    }
    var lines = all("ADDED");
    Collections.shuffle(lines, new java.util.Random(random.nextLong()));
    var end = "\"annotations\":{\"k8s.io/initial-events-end\":\"true\"},";
    if (kind == Kind.MODERN) {
      lines.add(bookmark(end));
      return events(lines, revision, query);
    }
    var chunks = lines.stream().map(line -> new SlowBody.Chunk(0, line + "\n")).toList();
    return streaming(chunks, Optional.of(new SimulatedReflector.Silence()));
  }

  private ApiServer.Opening watch(Map<String, String> query) {
    var version = Long.parseLong(query.getOrDefault("resourceVersion", "0"));
    if (version < compacted) {
      return random.nextBoolean() ? refused(410) : error(410);
    }
    if (version <= sickUpTo) {
      return switch (sick) {
        case NONE, NOTHING -> stream(List.of());
        case ERROR -> error(500);
        case SILENCE -> streaming(List.of(), Optional.of(new SimulatedReflector.Silence()));
        case EARLY_END -> stream(List.of(new SlowBody.Chunk(SECOND * random.nextLong(2, 31), "")));
      };
    }
    if (chance(0.1) || (shortOfWatches && chance(0.7))) {
      shortOfWatches = true;
      return stream(List.of());
    }
    if (chance(0.1) || (erring && chance(0.7))) {
      erring = true;
      var codes = new int[] {0, 403, 429, 500, 504};
      return error(codes[random.nextInt(codes.length)]);
    }
    shortOfWatches = false;
    erring = false;
    return events(new ArrayList<>(), version, query);
  }

  private ApiServer.Opening error(int code) {
    var line = "{\"object\":{\"code\":" + code + ",\"reason\":\"R\"},\"type\":\"ERROR\"}";
    return stream(List.of(new SlowBody.Chunk(0, line)));
  }

  /** What happened after a version, while more happens; with all that can befall an event. */
  private ApiServer.Opening events(List<String> lines, long version, Map<String, String> query) {
    if (!quiet) {
      write(random.nextInt(8));
    }
    var late = new ArrayList<String>();
    for (var entry : log) {
      if (entry.object().version() > version) {
        var line = line(entry.type(), entry.name(), entry.object());
        if (chance(0.1) && spoiled.add(entry)) {
          if (random.nextBoolean()) {
            late.add(line);
          }
          continue;
        }
        lines.add(line);
        if (chance(0.2)) {
          lines.add(lines.get(lines.size() - 1 - random.nextInt(Math.min(3, lines.size()))));
        }
      }
    }
    // of the future: a real server is silent until it gets there
    var word = bookmarks && revision > version;
    if (chance(0.5) && word) {
      lines.add(bookmark(""));
    }
    lines.addAll(late);
    return stream(inTime(lines, word, Long.parseLong(query.get("timeoutSeconds")) * SECOND));
  }

  /** At once or one after the other; a last bookmark 2 s before the end. */
  private List<SlowBody.Chunk> inTime(List<String> lines, boolean bookmark, long nanos) {
    var chunks = new ArrayList<SlowBody.Chunk>();
    var left = nanos;
    for (var line : lines) {
      var pause = chance(0.2) ? random.nextLong(left / 2) : 0;
      left -= pause;
      chunks.add(new SlowBody.Chunk(pause, line + "\n"));
    }
    if (bookmark && left > 2 * SECOND) {
      chunks.add(new SlowBody.Chunk(left - 2 * SECOND, bookmark("") + "\n"));
      left = 2 * SECOND;
    }
    chunks.add(new SlowBody.Chunk(left, ""));
    return chunks;
  }

  private String bookmark(String annotations) {
    return "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{"
        + annotations
        + ("\"resourceVersion\":\"" + revision + "\"}}}");
  }

  private List<String> all(String type) {
    var lines = new ArrayList<String>();
    objects.forEach((name, object) -> lines.add(line(type, name, object)));
    return lines;
  }

  private static String line(String type, String name, Stored stored) {
    var object =
        "{\"metadata\":{\"namespace\":\"n\",\"name\":\""
            + (name + "\",\"uid\":\"" + stored.uid() + "\",\"resourceVersion\":\"")
            + (stored.version() + "\",\"labels\":{\"history\":\"" + stored.history())
            + "\"}}}";
    return type.equals("item") ? object : "{\"type\":\"" + type + "\",\"object\":" + object + "}";
  }

  /** Ends as it should, is cut at any byte, or goes silent after any byte. */
  private ApiServer.Opening stream(List<SlowBody.Chunk> chunks) {
    if (!chance(0.3)) {
      return streaming(chunks, Optional.empty());
    }
    var whole = new ArrayList<>(chunks.subList(0, random.nextInt(chunks.size() + 1)));
    if (whole.size() < chunks.size()) {
      var last = chunks.get(whole.size());
      var cut = last.text().substring(0, random.nextInt(last.text().length() + 1));
      whole.add(new SlowBody.Chunk(last.afterNanos(), cut));
    }
    var how = random.nextBoolean() ? new SimulatedReflector.Silence() : new IOException("reset");
    return streaming(whole, Optional.of(how));
  }

  private ApiServer.Opening streaming(List<SlowBody.Chunk> chunks, Optional<IOException> end) {
    return new ApiServer.Opening.Streaming(
        new Pieces(new SlowBody(chunks, end, nanos -> clock.accept(nanos))));
  }
}
