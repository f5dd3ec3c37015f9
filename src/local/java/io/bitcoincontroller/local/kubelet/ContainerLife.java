package io.bitcoincontroller.local.kubelet;

import io.bitcoincontroller.local.kubelet.Processes.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A container from the pod's start to its end, through all its restarts. */
interface ContainerLife {
  /** Returns when the container is not to be started again; an interrupt only stops minding it. */
  void live() throws InterruptedException;

  /** Ends what runs: TERM, KILL after the grace. Called when nobody minds it any more. */
  void end(Duration grace) throws IOException, InterruptedException;

  /** Ends what runs, now and without waiting. */
  void kill();

  /** Runs a command in the container's surroundings. */
  Result exec(List<String> command, Duration deadline)
      throws NotStartable, IOException, InterruptedException;

  /**
   * Starts a command in the container's surroundings, with pipes for input and output.
   *
   * @param merged standard error goes where standard output goes
   */
  Process start(List<String> command, boolean merged) throws NotStartable, IOException;

  /**
   * The file that the container writes to in its present life, or the last one.
   *
   * @param previous that of the life before instead
   * @return empty if there was no such life
   */
  Optional<Path> log(boolean previous) throws IOException;

  /** The process that runs now. */
  Optional<Process> process();
}
