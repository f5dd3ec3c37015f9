package io.bitcoincontroller.bitcoind;

import java.util.List;
import java.util.Optional;

/**
 * A node as it describes itself in the one batch that the controller reads.
 *
 * @param addedNodes the added-node list, to the letter and in its order
 * @param height blocks in the best chain; 0 for the genesis block alone
 * @param initialBlockDownload it relays no transactions, since its chain is old or still growing
 */
public record NodeInfo(
    List<String> addedNodes,
    List<Peer> peers,
    long height,
    String bestBlockHash,
    boolean initialBlockDownload) {
  /** The batch; {@link #of} puts its results together. */
  public static final List<RpcRequest> REQUESTS =
      List.of(
          RpcRequest.getAddedNodeInfo(), RpcRequest.getPeerInfo(), RpcRequest.getBlockchainInfo());

  /**
   * One connection.
   *
   * @param address {@code addr} of getpeerinfo
   * @param version 0 until the handshake is done
   * @param manual dialled because somebody asked for it by {@code addnode}, and not picked by
   *     bitcoind itself; Bitcoin Core tells since 0.21
   */
  public record Peer(long id, String address, boolean inbound, int version, boolean manual) {}

  /**
   * Reads the results of {@link #REQUESTS}, in their order.
   *
   * @return empty if one of them is nothing, which no bitcoind says
   */
  public static Optional<NodeInfo> of(List<RpcResult> results) {
    if (results.get(0) instanceof RpcResult.AddedNodes(var addedNodes)
        && results.get(1) instanceof RpcResult.Peers(var peers)
        && results.get(2) instanceof RpcResult.Chain(var height, var hash, var downloading)) {
      return Optional.of(
          new NodeInfo(List.copyOf(addedNodes), List.copyOf(peers), height, hash, downloading));
    }
    return Optional.empty();
  }
}
