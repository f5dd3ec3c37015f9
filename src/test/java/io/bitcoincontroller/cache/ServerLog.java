package io.bitcoincontroller.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.Reply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A server's history of one kind, and everything that can go wrong on the way to its reader. Serves
 * a stream as bytes: what is cut is cut anywhere.
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

  private record Stored(String uid, long version) {}

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
  private boolean quiet;
  private boolean shortOfWatches;

  ServerLog(SplittableRandom random) {
    this.random = random;
    this.kind = Kind.values()[random.nextInt(Kind.values().length)];
    write(random.nextInt(10));
  }

  long revision() {
    return revision;
  }

  Map<String, String> objects() {
    var text = new TreeMap<String, String>();
    objects.forEach((name, object) -> text.put(name, object.uid() + "@" + object.version()));
    return text;
  }

  /** From here on nothing changes and nothing goes wrong. */
  void quiet() {
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
        log.add(new Entry("DELETED", name, new Stored(old.get().uid(), revision)));
      } else {
        var now = new Stored(old.map(Stored::uid).orElse("u" + revision), revision);
        objects.put(name, now);
        log.add(new Entry(old.isPresent() ? "MODIFIED" : "ADDED", name, now));
      }
    }
  }

  @Override
  public ApiServer.Opening open(ApiRequest request) throws IOException {
    if (!quiet) {
      write(random.nextInt(6));
    }
    if (chance(0.2)) {
      compacted = revision - random.nextInt(40);
    }
    if (chance(0.1)) {
      throw new IOException("connection refused");
    }
    if (chance(0.1)) {
      var codes = new int[] {401, 403, 404, 429, 500, 503};
      return refused(codes[random.nextInt(codes.length)]);
    }
    var query = query(request);
    if (!query.containsKey("watch")) {
      return page(query);
    }
    return query.containsKey("sendInitialEvents") ? streamedList() : watch(query);
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
    var size = query.containsKey("limit") ? 2 : snapshot.size();
    var to = Math.min(snapshot.size(), from + size);
    var more = to < snapshot.size() ? "\"continue\":\"" + version + "-" + to + "\"," : "";
    var metadata = "\"metadata\":{" + more + "\"resourceVersion\":\"" + version + "\"}";
    var items = "\"items\":[" + String.join(",", snapshot.subList(from, to)) + "]";
    var fields = new ArrayList<>(List.of("\"kind\":\"PodList\"", metadata, items));
    Collections.shuffle(fields, new java.util.Random(random.nextLong()));
    return stream("{" + String.join(",", fields) + "}");
  }

  private ApiServer.Opening streamedList() {
    if (kind == Kind.V1_20) {
      return refused(422);
    }
    var lines = all("ADDED");
    Collections.shuffle(lines, new java.util.Random(random.nextLong()));
    var end = "\"annotations\":{\"k8s.io/initial-events-end\":\"true\"},";
    if (kind == Kind.MODERN) {
      lines.add(bookmark(end));
    }
    return kind == Kind.MODERN ? events(lines, revision) : silent(String.join("\n", lines));
  }

  private ApiServer.Opening watch(Map<String, String> query) {
    var version = Long.parseLong(query.getOrDefault("resourceVersion", "0"));
    if (version < compacted) {
      return random.nextBoolean()
          ? refused(410)
          : stream("{\"object\":{\"code\":410,\"reason\":\"Expired\"},\"type\":\"ERROR\"}");
    }
    if (chance(0.1) || (shortOfWatches && chance(0.7))) {
      shortOfWatches = true;
      return stream("");
    }
    shortOfWatches = false;
    return events(new ArrayList<>(), version);
  }

  /** What happened after a version, while more happens; with repetitions and bookmarks. */
  private ApiServer.Opening events(List<String> lines, long version) {
    if (!quiet) {
      write(random.nextInt(8));
    }
    for (var entry : log) {
      if (entry.object().version() > version) {
        lines.add(line(entry.type(), entry.name(), entry.object()));
        if (chance(0.2)) {
          lines.add(lines.get(lines.size() - 1 - random.nextInt(Math.min(3, lines.size()))));
        }
      }
    }
    if (quiet || random.nextBoolean()) {
      lines.add(bookmark(""));
      lines.add(bookmark(""));
    }
    return stream(String.join("\n", lines) + "\n");
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
            + (stored.version() + "\"}}");
    return type.equals("item") ? object : "{\"type\":\"" + type + "\",\"object\":" + object + "}";
  }

  /** Ends as it should, is cut at any byte, or goes silent after any byte. */
  private ApiServer.Opening stream(String text) {
    if (chance(0.3)) {
      var cut = text.substring(0, random.nextInt(text.length() + 1));
      return random.nextBoolean() ? silent(cut) : broken(cut, new IOException("reset"));
    }
    return new ApiServer.Opening.Streaming(new ByteArrayInputStream(text.getBytes(UTF_8)));
  }

  private static ApiServer.Opening silent(String text) {
    return broken(text, new SimulatedReflector.Silence());
  }

  private static ApiServer.Opening broken(String text, IOException how) {
    var breaking =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw how;
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            throw how;
          }
        };
    return new ApiServer.Opening.Streaming(
        new SequenceInputStream(new ByteArrayInputStream(text.getBytes(UTF_8)), breaking));
  }
}
