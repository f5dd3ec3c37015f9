package io.bitcoincontroller.sim.jvm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Prepares a JVM in which {@link Scheduler} works. Prints nothing; the options that such a JVM
 * needs are {@link #options}.
 */
public final class SimulatedJvm {
  private SimulatedJvm() {}

  /**
   * The options of a JVM for simulations, whose patch is in this folder.
   *
   * <p>Objects without a hash code of their own all get the same one: no order in a hash table
   * depends on the machine.
   */
  public static List<String> options(Path patch) {
    return List.of(
        "--patch-module=java.base=" + patch,
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "-XX:+UnlockExperimentalVMOptions",
        "-XX:hashCode=2",
        "-XX:+UseSerialGC");
  }

  /** Writes the patch of the JDK that runs this into a folder, which is made. */
  public static void main(String... arguments) throws IOException {
    PatchedJvm.write(Path.of(arguments[0]));
  }

  /** As {@link #main}. */
  public static void patch(Path folder) throws IOException {
    PatchedJvm.write(folder);
  }
}
