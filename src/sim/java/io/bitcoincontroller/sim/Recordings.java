package io.bitcoincontroller.sim;

import io.bitcoincontroller.recorder.Recorder;
import io.bitcoincontroller.recorder.Transcript;
import io.bitcoincontroller.sim.world.Trace;
import io.bitcoincontroller.timing.Ticker;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the flight recorders of a run keep: one for each process, as in a cluster. */
public final class Recordings {
  /** More than any run fills. */
  private static final long BYTES = 256L << 20;

  private final boolean wanted;

  /** By the name of the process, in the order in which they began. */
  private final Map<String, Transcript> transcripts = new LinkedHashMap<>();

  private Recordings(boolean wanted) {
    this.wanted = wanted;
  }

  /** Records nothing. */
  static Recordings off() {
    return new Recordings(false);
  }

  static Recordings on() {
    return new Recordings(true);
  }

  /** A process begins. */
  Recorder begin(String process, Ticker ticker, Instant now) {
    if (!wanted) {
      return Recorder.off();
    }
    var recorder = Recorder.alwaysWatched(ticker, BYTES);
    transcripts.put(process, new Transcript(recorder, process, "simulated", now.toEpochMilli()));
    return recorder;
  }

  /** Adds what others than controllers do; the controllers hear of it later, if at all. */
  void hear(Trace trace) {
    if (wanted) {
      trace.tell(this::world);
    }
  }

  private void world(String who, String what) {
    if (who.startsWith("controller-")) {
      return;
    }
    for (var transcript : transcripts.values()) {
      transcript
          .recorder()
          .record(
              "world",
              "",
              json -> {
                json.writeStringField("who", who);
                json.writeStringField("words", Recorder.cut(what));
              });
    }
  }

  /** The lines of one process. */
  public List<String> lines(String process) throws IOException {
    var out = new ByteArrayOutputStream();
    Objects.requireNonNull(transcripts.get(process), process).write(out);
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** The first process has this file; each other one a file beside it, with its name in it. */
  void write(Path file) throws IOException {
    var name = String.valueOf(file.getFileName());
    var dot = name.lastIndexOf('.') < 0 ? name.length() : name.lastIndexOf('.');
    var first = true;
    for (var each : transcripts.entrySet()) {
      var beside = name.substring(0, dot) + "-" + each.getKey() + name.substring(dot);
      var path = first ? file : file.resolveSibling(beside);
      first = false;
      try (var out = new BufferedOutputStream(Files.newOutputStream(path))) {
        each.getValue().write(out);
      }
    }
  }
}
