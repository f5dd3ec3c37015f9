package io.bitcoincontroller.desired;

import java.util.List;

/** The bitcoin.conf of a network's nodes. It holds no secret. */
final class BitcoinConf {
  /** Where the file lies in the pod, as the original's commands name it. */
  static final String PATH = "/bitcoin.conf";

  static final String DATA = "/data";

  /**
   * Addresses come as arguments ({@code -bind}, {@code -rpcbind}), since each pod has its own. The
   * RPC server lets every address in that can reach the pod: it asks for credentials, and which
   * pods reach it is a NetworkPolicy's to say. What the user adds stands under [regtest], where it
   * goes before what stands above.
   *
   * <p>It is an annotation of every pod, and has few words: the reasons stand here. A pod network
   * has no seeds, no router to ask for a port and no need of a second log. regtest has no fee
   * market from which to estimate {@code fallbackfee}. {@code maxtipage} is 100 years: a node whose
   * last block is older than this starts in initial block download, in which it relays no
   * transactions, and a test network may rest for long. bitcoind sizes caches and threads by the
   * machine, of which a pod has a part; regtest needs little.
   */
  private static final String BASE =
      """
      # Written by bitcoin-controller; spec.config adds lines.
      regtest=1
      server=1
      datadir=/data
      rpcallowip=0.0.0.0/0
      rpcallowip=::/0
      dnsseed=0
      fixedseeds=0
      discover=0
      natpmp=0
      listenonion=0
      nodebuglogfile=1
      fallbackfee=0.0001
      maxtipage=3155760000
      dbcache=64
      maxmempool=64
      maxsigcachesize=4
      par=1

      [regtest]
      """;

  private BitcoinConf() {}

  static String of(List<String> extraLines) {
    return BASE + String.join("", extraLines.stream().map(line -> line + "\n").toList());
  }
}
