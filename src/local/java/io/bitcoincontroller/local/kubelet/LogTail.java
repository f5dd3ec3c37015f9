package io.bitcoincontroller.local.kubelet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The end of a log as Kubernetes' kubelet makes a termination message of it. */
final class LogTail {
  private static final int MOST_BYTES = 2048;
  private static final int MOST_LINES = 80;

  private LogTail() {}

  static String of(Path log) throws IOException {
    try (var file = FileChannel.open(log)) {
      file.position(Math.max(file.size() - MOST_BYTES, 0));
      var bytes = ByteBuffer.allocate(MOST_BYTES);
      while (bytes.hasRemaining() && file.read(bytes) >= 0) {}
      var lines = StandardCharsets.UTF_8.decode(bytes.flip()).toString().split("(?<=\n)", -1);
      var first = Math.max(lines.length - MOST_LINES, 0);
      var tail = new StringBuilder();
      for (var i = first; i < lines.length; i++) {
        tail.append(lines[i]);
      }
      return tail.toString();
    }
  }
}
