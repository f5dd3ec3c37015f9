package io.bitcoincontroller.local.kubelet;

import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.local.doubles.RpcNode;
import io.bitcoincontroller.local.doubles.RpcServerOptions;
import io.bitcoincontroller.local.kubelet.Processes.Surroundings;
import io.bitcoincontroller.mesh.PeerAddress;
import io.bitcoincontroller.observe.LogLines;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** bitcoind processes with no cluster around them; none outlives this, nor its folder. */
public final class BitcoindProcesses implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(10);

  /** What keeps a node small and to itself. */
  private static final List<String> SMALL =
      List.of(
          "-dbcache=4",
          "-maxmempool=5",
          "-par=1",
          "-disablewallet",
          "-persistmempool=0",
          "-listenonion=0",
          "-dnsseed=0",
          "-fixedseeds=0",
          "-discover=0");

  private final LoopbackAddresses addresses = new LoopbackAddresses(new Random());
  private final Path folder;
  private final Processes processes;

  /**
   * Nothing runs yet.
   *
   * @throws IllegalStateException if this machine has no bitcoind
   */
  public BitcoindProcesses() throws IOException {
    var programs = Bitcoind.folder();
    this.folder = Files.createTempDirectory("bitcoind-processes");
    this.processes = new Processes(folder, programs, LogLines.onStandardError());
  }

  /** Starts one at an address of its own; returns before it answers. */
  public Running start(RpcServerOptions options) throws IOException {
    var address = addresses.next(List.of(BitcoindClient.RPC_PORT, PeerAddress.DEFAULT_PORT));
    var datadir = Files.createDirectory(folder.resolve(address));
    var command = new ArrayList<>(List.of("bitcoind", "-regtest", "-datadir=" + datadir));
    command.addAll(List.of("-server", "-bind=" + address, "-rpcbind=" + address));
    command.add("-rpcallowip=127.0.0.0/8");
    command.addAll(SMALL);
    command.addAll(options.arguments());
    return new Running(address, List.copyOf(command));
  }

  /** One of them. */
  public final class Running implements RpcNode {
    private final String address;
    private final List<String> command;
    private Process process;

    private Running(String address, List<String> command) throws IOException {
      this.address = address;
      this.command = command;
      this.process = begin();
    }

    private Process begin() throws IOException {
      try {
        var here = new Surroundings(Map.of("HOME", folder.toString()), folder);
        return processes.start(command, here, Redirect.DISCARD, Redirect.DISCARD);
      } catch (NotStartable e) {
        throw new IOException(e);
      }
    }

    @Override
    public String address() {
      return address;
    }

    @Override
    public void freeze() throws IOException, InterruptedException {
      Processes.freeze(process);
    }

    @Override
    public void thaw() throws IOException, InterruptedException {
      Processes.signal(process, "CONT");
    }

    @Override
    public void restart() throws IOException, InterruptedException {
      Processes.end(process, GRACE);
      process = begin();
    }
  }

  @Override
  public void close() throws IOException {
    processes.close();
  }
}
