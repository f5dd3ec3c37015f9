package io.bitcoincontroller.bitcoind;

import io.bitcoincontroller.bitcoind.NodeInfo.Peer;
import io.bitcoincontroller.blocks.Template;
import java.util.List;
import java.util.Map;

/** The result of a call: the fields that are in use, of all that bitcoind says. */
public sealed interface RpcResult {
  /** The call was made; what it gave is not read, or was nothing. */
  record Done() implements RpcResult {}

  /** Of getaddednodeinfo: to the letter and in its order. */
  record AddedNodes(List<String> list) implements RpcResult {}

  /** Of getpeerinfo: all connections. */
  record Peers(List<Peer> list) implements RpcResult {}

  /**
   * Of getblockchaininfo: the best chain.
   *
   * @param height blocks; 0 for the genesis block alone
   */
  record Chain(long height, String bestBlockHash, boolean initialBlockDownload)
      implements RpcResult {}

  /**
   * Of getchaintips: the tips of other chains than the best one.
   *
   * @param invalid those of chains that hold a block which the node has judged invalid, or was told
   *     to; the tallest ones first, a hundred at most
   * @param forks those of chains that are valid and whose blocks the node has, a hundred at most;
   *     with how many blocks are not in the best chain
   */
  record Tips(List<String> invalid, Map<String, Long> forks) implements RpcResult {}

  /**
   * Of getblockheader.
   *
   * @param confirmations 1 for the tip of the best chain; -1 for a block beside it
   */
  record Header(long confirmations) implements RpcResult {}

  /** Of getblocktemplate. */
  record NextBlock(Template template) implements RpcResult {}

  /**
   * Of submitblock, if the block is not the tip now.
   *
   * @param why {@code inconclusive}: it stands beside the best chain; {@code duplicate}: it was
   *     there already; else it is not valid
   */
  record NotTaken(String why) implements RpcResult {}
}
