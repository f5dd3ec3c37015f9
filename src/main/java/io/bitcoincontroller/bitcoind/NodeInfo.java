package io.bitcoincontroller.bitcoind;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a node says of itself in the one batch that the controller reads.
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
  /** The batch; {@link #of} reads its replies. */
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

  /** Reads the results of {@link #REQUESTS}, in their order. */
  public static NodeInfo of(JsonNode addedNodeInfo, JsonNode peerInfo, JsonNode blockchainInfo) {
    var added = new ArrayList<String>();
    addedNodeInfo.forEach(entry -> added.add(entry.path("addednode").asText()));
    var peers = new ArrayList<Peer>();
    peerInfo.forEach(
        peer ->
            peers.add(
                new Peer(
                    peer.path("id").asLong(),
                    peer.path("addr").asText(),
                    peer.path("inbound").asBoolean(),
                    peer.path("version").asInt(),
                    peer.path("connection_type").asText("manual").equals("manual"))));
    return new NodeInfo(
        List.copyOf(added),
        List.copyOf(peers),
        blockchainInfo.path("blocks").asLong(),
        blockchainInfo.path("bestblockhash").asText(),
        blockchainInfo.path("initialblockdownload").asBoolean());
  }
}
