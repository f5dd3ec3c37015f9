package io.bitcoincontroller.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bitcoincontroller.cache.Turn.Effect;
import io.bitcoincontroller.cache.Turn.Next;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiServer;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Resource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A conversation between a reflector and a server. What the server says is taken from the script;
 * everything else is what the real step, readers and store make of it, and must be as written.
 *
 * <pre>
 *   &gt; GET …          a request that is sent
 *   &lt; 200            it is accepted; the stream follows
 *   &lt; {…}            one line of the stream
 *   &lt; {… (cut)       half a line, and then the connection breaks
 *   &lt; end            the server ends the stream
 *   &lt; after 50 s: …  so much later
 *   &lt; silence        nothing more comes, and no end either
 *   &lt; 429 Retry-After: 7 TooManyRequests     it is refused
 *   &lt; no connection
 *   + - ~ default/a@5     the store tells its listener: new, gone, changed
 *   wait 1.2 s            before going on; random numbers are always 0.5
 *   silent for 150.0 s    until the watchdog ended the stream
 *   ! … / ok              people are warned of a setback / it is over
 *   . …                   noted at the debug level
 *   version 12            a full set has replaced what the store held
 *   all others list again    another history was noticed
 *   = …                   what the store holds at the end
 * </pre>
 */
final class Story {
  private static final Pattern REFUSAL =
      Pattern.compile("(\\d{3})(?: Retry-After: (\\d+))? (\\w+)(?: cause (\\w+))?");
  private static final Pattern LATER = Pattern.compile("after (\\d+) s: (.*)");

  private final Deque<String> script;
  private final List<String> told = new ArrayList<>();
  private final SimulatedReflector<Pod> reflector;
  private OptionalLong silentSince = OptionalLong.empty();

  Story(List<String> lines) {
    this.script =
        lines.stream()
            .filter(line -> line.startsWith("< "))
            .map(line -> line.substring(2))
            .collect(Collectors.toCollection(ArrayDeque::new));
    var watched = new Watched<>(Resource.PODS, "", "app=bitcoin");
    this.reflector = new SimulatedReflector<>(watched, this::open, () -> 0.5, this::tell);
    reflector.store.listen(this::tell);
  }

  /** The server has nothing more to say. */
  private static final class Over extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  List<String> tell() {
    try {
      while (true) {
        reflector.turn();
      }
    } catch (Over over) {
      told.add(
          "="
              + reflector.store.all().stream()
                  .sorted((a, b) -> a.metadata().key().compareTo(b.metadata().key()))
                  .map(pod -> " " + name(pod))
                  .collect(Collectors.joining()));
      return told;
    }
  }

  private String heard() {
    if (script.isEmpty()) {
      throw new Over();
    }
    told.add("< " + script.peek());
    return script.remove();
  }

  private ApiServer.Opening open(ApiRequest request) throws IOException {
    told.add("> " + request);
    var line = heard();
    if (line.equals("200")) {
      return new ApiServer.Opening.Streaming(new Pieces(new Body()));
    }
    if (line.equals("no connection")) {
      throw new IOException("no connection");
    }
    var refusal = REFUSAL.matcher(line);
    if (!refusal.matches()) {
      throw new IllegalArgumentException("not an answer: " + line);
    }
    return new ApiServer.Opening.Refused(
        new Reply.Failure(
            Integer.parseInt(refusal.group(1)),
            refusal.group(3),
            "",
            Optional.ofNullable(refusal.group(4)).map(List::of).orElse(List.of()),
            Optional.ofNullable(refusal.group(2))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))));
  }

  /** Hands out the script line by line, as they are asked for. */
  private final class Body implements Pieces.Source {
    private boolean cut;
    private boolean ended;

    @Override
    public Optional<byte[]> next() throws IOException {
      if (ended) {
        return Optional.empty();
      }
      if (cut) {
        throw new IOException("connection reset");
      }
      var text = later(heard());
      if (text.equals("silence")) {
        silentSince = OptionalLong.of(reflector.nowNanos);
        throw new SimulatedReflector.Silence();
      }
      if (text.equals("end")) {
        ended = true;
        return Optional.empty();
      }
      cut = text.endsWith(" (cut)");
      var json = cut ? text.substring(0, text.length() - " (cut)".length()) : text + "\n";
      return Optional.of(json.getBytes(UTF_8));
    }
  }

  private String later(String line) {
    var later = LATER.matcher(line);
    if (!later.matches()) {
      return line;
    }
    reflector.nowNanos += Duration.ofSeconds(Long.parseLong(later.group(1))).toNanos();
    return later.group(2);
  }

  private void tell(Turn<Pod> turn) {
    silentSince.ifPresent(since -> told.add("silent for " + seconds(reflector.nowNanos - since)));
    silentSince = OptionalLong.empty();
    for (var effect : turn.effects()) {
      switch (effect) {
        case Effect.Replace<Pod>(var version) -> told.add("version " + version);
        case Effect.AnotherHistory<Pod> _ -> told.add("all others list again");
        case Effect.Warn<Pod>(var text) -> told.add("! " + text);
        case Effect.AllClear<Pod> _ -> told.add("ok");
        case Effect.Note<Pod>(var text) -> told.add(". " + text);
        case Effect.OnStore<Pod> _ -> {
          // shows in the changes that are told
        }
      }
    }
    if (turn.next() instanceof Next.Wait(var nanos)) {
      told.add("wait " + seconds(nanos));
    }
  }

  private void tell(Change<Pod> change) {
    if (change.before().isEmpty()) {
      told.add("+ " + name(change.after().orElseThrow()));
    } else if (change.after().isEmpty()) {
      told.add("- " + name(change.before().orElseThrow()));
    } else {
      told.add("~ " + name(change.after().orElseThrow()));
    }
  }

  private static String seconds(long nanos) {
    return Math.round(nanos / 1e8) / 10.0 + " s";
  }

  private static String name(Pod pod) {
    return pod.metadata().key() + "@" + pod.metadata().resourceVersion();
  }
}
