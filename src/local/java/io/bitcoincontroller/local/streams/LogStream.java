package io.bitcoincontroller.local.streams;

import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.local.api.PodStreams;
import io.bitcoincontroller.local.api.Storage.StatusException;
import io.bitcoincontroller.local.http.Exchange;
import io.bitcoincontroller.local.http.HttpRequest;
import io.bitcoincontroller.local.kubelet.Kubelet;
import io.bitcoincontroller.local.streams.LogQuery.Line;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code kubectl logs}, with {@code --follow} until the container ends. It notices at the next line
 * that a client has gone.
 */
public final class LogStream implements PodStreams.PodHandler {
  /** A new line may stay unseen for so long. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  /** Above what the kubelet lets a log grow to; in bytes. */
  private static final int LONGEST_READ = 16 * 1024 * 1024;

  private final Kubelet kubelet;

  public LogStream(Kubelet kubelet) {
    this.kubelet = kubelet;
  }

  @Override
  public void handle(ObjectKey pod, HttpRequest request, Exchange exchange)
      throws IOException, InterruptedException {
    var query = LogQuery.of(request, Instant.now());
    var file = kubelet.log(pod, query.container(), query.previous());
    if (file.isEmpty() && query.previous()) {
      throw new StatusException(
          400, "BadRequest", "previous terminated container in pod " + pod.name() + " not found");
    }
    var process =
        query.follow() && !query.previous()
            ? kubelet.process(pod, query.container())
            : Optional.<Process>empty();
    try (var out = exchange.stream(200, Map.of("Content-Type", "text/plain"))) {
      if (file.isPresent()) {
        new Telling(file.get(), query, out).tell(process);
      }
    }
  }

  /** One answer. */
  private static final class Telling {
    private final Path file;
    private final LogQuery query;
    private final OutputStream out;

    /** How far the file has been read, in bytes. */
    private long read;

    /** What has been read of a line whose end is not there yet. */
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();

    private Instant time;
    private long told;

    Telling(Path file, LogQuery query, OutputStream out) throws IOException {
      this.file = file;
      this.query = query;
      this.out = out;
      this.time =
          Files.exists(file)
              ? Files.readAttributes(file, BasicFileAttributes.class).creationTime().toInstant()
              : Instant.EPOCH;
    }

    void tell(Optional<Process> process) throws IOException, InterruptedException {
      var ended = process.isEmpty();
      var room = say(query.first(more(ended)));
      while (room && !ended) {
        ended = process.get().waitFor(LOOK_AGAIN);
        room = say(more(ended).stream().filter(query::recent).toList());
      }
    }

    /** False when the limit is reached. */
    private boolean say(List<Line> lines) throws IOException {
      for (var line : lines) {
        var bytes = query.shown(line).getBytes(StandardCharsets.UTF_8);
        var room = query.limit() < 0 ? bytes.length : query.limit() - told;
        out.write(bytes, 0, (int) Math.min(room, bytes.length));
        told += bytes.length;
        if (room < bytes.length) {
          out.flush();
          return false;
        }
      }
      out.flush();
      return true;
    }

    /** The lines that have come since the last look; the last one whole only if nothing follows. */
    private List<Line> more(boolean ended) throws IOException {
      unfinished.writeBytes(newBytes());
      var bytes = unfinished.toByteArray();
      var end = bytes.length;
      while (!ended && end > 0 && bytes[end - 1] != '\n') {
        end--;
      }
      unfinished.reset();
      unfinished.write(bytes, end, bytes.length - end);
      var text = new String(bytes, 0, end, StandardCharsets.UTF_8);
      var lines = LogQuery.lines(text.lines().toList(), time);
      if (!lines.isEmpty()) {
        time = lines.getLast().time();
      }
      return lines;
    }

    private byte[] newBytes() throws IOException {
      try (var channel = Files.newByteChannel(file)) {
        if (channel.size() < read) {
          // it had become too long, and began anew
          read = 0;
        }
        channel.position(read);
        var bytes = Channels.newInputStream(channel).readNBytes(LONGEST_READ);
        read += bytes.length;
        return bytes;
      } catch (NoSuchFileException e) {
        // its pod is gone, and the process ends or has ended
        return new byte[0];
      }
    }
  }
}
