package io.bitcoincontroller.local.kubelet;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Where bitcoind and bitcoin-cli are on this machine. */
public final class Bitcoind {
  private Bitcoind() {}

  /**
   * The folder that holds both: the one that the system property {@code bitcoind.bin} or the
   * environment variable BITCOIND_BIN names, else the first on the PATH.
   *
   * @throws IllegalStateException if there is none; the message says what to do
   */
  public static Path folder() {
    var named =
        Optional.ofNullable(System.getProperty("bitcoind.bin"))
            .or(() -> Optional.ofNullable(System.getenv("BITCOIND_BIN")));
    var path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    var places = named.map(Stream::of).orElseGet(() -> Stream.of(path.split(File.pathSeparator)));
    return places
        .map(place -> Path.of(place).toAbsolutePath())
        .filter(place -> Files.isExecutable(place.resolve("bitcoind")))
        .filter(place -> Files.isExecutable(place.resolve("bitcoin-cli")))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no bitcoind and bitcoin-cli in "
                        + named.orElse("any folder of PATH")
                        + ": run scripts/test.sh, which provides them, or set BITCOIND_BIN"));
  }
}
