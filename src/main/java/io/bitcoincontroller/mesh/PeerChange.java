package io.bitcoincontroller.mesh;

/** One call of {@code addnode} that brings a list nearer to the wanted one. */
public sealed interface PeerChange {
  /** As bitcoind shall get it, to the letter. */
  String address();

  record Add(String address) implements PeerChange {}

  /**
   * Ends the entry only, not the connection.
   *
   * @param address exactly as bitcoind lists it: {@code remove} matches no other spelling
   */
  record Remove(String address) implements PeerChange {}
}
