package io.bitcoincontroller.recorder;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Predicate;

/**
 * A recording as lines of JSON: first whose it is, then the entries. The page loads it.
 *
 * @param controller name of the process
 * @param version of the program
 * @param beganMillis when the process began, in milliseconds since 1970
 */
public record Transcript(Recorder recorder, String controller, String version, long beganMillis) {
  /** All that is kept now. */
  public void write(OutputStream out) throws IOException {
    write(_ -> true, out);
  }

  void write(Predicate<String> wanted, OutputStream out) throws IOException {
    out.write((start() + "\n").getBytes(UTF_8));
    var end = recorder.extent().last();
    for (var last = 0L; last < end; ) {
      var some = recorder.after(last, wanted);
      for (var entry : some.entries()) {
        out.write((entry.line() + "\n").getBytes(UTF_8));
      }
      last = some.looked();
    }
  }

  /** The first line, without its end. */
  String start() {
    var extent = recorder.extent();
    return "{\"kind\":\"start\",\"format\":2,\"controller\":"
        + quoted(controller)
        + ",\"version\":"
        + quoted(version)
        + ",\"at\":"
        + beganMillis
        + ",\"mono\":"
        + recorder.micros()
        + ",\"bytes\":"
        + extent.bytes()
        + ",\"dropped\":"
        + extent.dropped()
        + "}";
  }

  private static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}
