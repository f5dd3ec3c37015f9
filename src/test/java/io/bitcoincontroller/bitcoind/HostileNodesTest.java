package io.bitcoincontroller.bitcoind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** In a process of its own, since the heap is what it is about. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(180)
class HostileNodesTest {
  private static final int SMALL = 100_000;
  private static final int LARGE = 48;

  @Test
  void noAnswerFellsTheControllerAndAHealthyNodeIsReadInBetween() throws Exception {
    var seed = new Random().nextLong();
    var servers = new ArrayList<HostileServer>();
    try {
      servers.add(new HostileServer(HostileServer.Wire.NONE, HostileAnswers.right()));
      for (var kind = 0; kind < HostileAnswers.LARGE_KINDS; kind++) {
        var body = new HostileAnswers(seed).large(kind);
        servers.add(new HostileServer(HostileServer.Wire.NONE, body));
      }
      for (var wire : HostileServer.Wire.values()) {
        servers.add(new HostileServer(wire, HostileAnswers.right()));
      }
      var addresses = servers.stream().map(server -> server.server().toString()).toList();
      var said = run(seed, addresses);
      System.out.println("seed " + seed + "\n" + said);
    } finally {
      for (var server : servers) {
        server.close();
      }
    }
  }

  private static String run(long seed, List<String> servers) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Collections.addAll(command, "-XX:+UseSerialGC", "-Xmn4m", "-Xmx96m");
    Collections.addAll(command, "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError");
    Collections.addAll(command, "-cp", System.getProperty("java.class.path"));
    command.add(HostileNodes.class.getName());
    Collections.addAll(command, Long.toString(seed), "" + SMALL, "" + LARGE);
    command.addAll(servers);
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue(), "seed " + seed + "\n" + said);
      return said;
    } finally {
      process.destroyForcibly();
    }
  }
}
