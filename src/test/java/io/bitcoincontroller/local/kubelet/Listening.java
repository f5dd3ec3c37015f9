package io.bitcoincontroller.local.kubelet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;

/** Where a process listens for TCP, as Linux tells in {@code /proc}: {@code proc_pid_net(5)}. */
final class Listening {
  private static final String LISTEN = "0A";

  private Listening() {}

  /** Such as {@code 127.0.0.1:80}; an IPv6 address is left in hexadecimal. */
  static Set<String> places(long pid) throws IOException {
    var sockets = sockets(pid);
    var places = new TreeSet<String>();
    for (var table : Set.of("tcp", "tcp6")) {
      for (var line : Files.readAllLines(Path.of("/proc", "" + pid, "net", table))) {
        var fields = line.strip().split("\\s+", -1);
        if (fields[3].equals(LISTEN) && sockets.contains("socket:[" + fields[9] + "]")) {
          places.add(place(fields[1]));
        }
      }
    }
    return places;
  }

  private static Set<String> sockets(long pid) throws IOException {
    var sockets = new HashSet<String>();
    try (var descriptors = Files.newDirectoryStream(Path.of("/proc", "" + pid, "fd"))) {
      for (var descriptor : descriptors) {
        try {
          sockets.add(Files.readSymbolicLink(descriptor).toString());
        } catch (NoSuchFileException e) {
          // a connection that was closed just now; what listens stays
        }
      }
    }
    return sockets;
  }

  private static String place(String hex) {
    var parts = hex.split(":", -1);
    var port = HexFormat.fromHexDigits(parts[1]);
    if (parts[0].length() != 8) {
      return "[" + parts[0] + "]:" + port;
    }
    var bytes = HexFormat.of().parseHex(parts[0]);
    return "%d.%d.%d.%d:%d"
        .formatted(bytes[3] & 255, bytes[2] & 255, bytes[1] & 255, bytes[0] & 255, port);
  }
}
