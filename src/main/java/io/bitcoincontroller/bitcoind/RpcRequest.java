package io.bitcoincontroller.bitcoind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;

/**
 * One call as a value. Parameters have types: a number in quotes is refused.
 *
 * @param method as in {@code bitcoin-cli help}
 * @param reader reads its result
 */
public record RpcRequest(String method, List<JsonNode> params, ResultReader reader) {
  public RpcRequest {
    params = List.copyOf(params);
  }

  public static RpcRequest getAddedNodeInfo() {
    return new RpcRequest("getaddednodeinfo", List.of(), ResultReader::addedNodes);
  }

  public static RpcRequest getPeerInfo() {
    return new RpcRequest("getpeerinfo", List.of(), ResultReader::peers);
  }

  public static RpcRequest getBlockchainInfo() {
    return new RpcRequest("getblockchaininfo", List.of(), ResultReader::chain);
  }

  /** Gives {@link RpcResult.Tips}. */
  public static RpcRequest getChainTips() {
    return new RpcRequest("getchaintips", List.of(), ResultReader::tips);
  }

  /** Gives {@link RpcResult.Header}; of a block that is not known: error -5. */
  public static RpcRequest getBlockHeader(String hash) {
    return new RpcRequest("getblockheader", List.of(TextNode.valueOf(hash)), ResultReader::header);
  }

  /** Gives {@link RpcResult.NextBlock}. */
  public static RpcRequest getBlockTemplate() {
    var options = JsonNodeFactory.instance.objectNode();
    options.putArray("rules").add("segwit");
    return new RpcRequest(
        "getblocktemplate", List.of(options), in -> new TemplateReader().read(in));
  }

  /**
   * Gives {@link RpcResult.Done} if the block is the tip now, or else {@link RpcResult.NotTaken}.
   * Twice: the second time does nothing.
   */
  public static RpcRequest submitBlock(String hex) {
    return new RpcRequest("submitblock", List.of(TextNode.valueOf(hex)), ResultReader::notTaken);
  }

  /** Twice: error -23, which means done. */
  public static RpcRequest addNode(String address) {
    return addNode(address, "add");
  }

  /**
   * An address that is not listed to the letter: error -24, which means done. Closes no connection.
   */
  public static RpcRequest removeNode(String address) {
    return addNode(address, "remove");
  }

  /** One dial, at once, outside bitcoind's own queue. No error says that it failed. */
  public static RpcRequest tryNode(String address) {
    return addNode(address, "onetry");
  }

  private static RpcRequest addNode(String address, String command) {
    return new RpcRequest(
        "addnode",
        List.of(TextNode.valueOf(address), TextNode.valueOf(command)),
        ResultReader::done);
  }

  /** A connection that is gone: error -29. */
  public static RpcRequest disconnectNode(long peerId) {
    return new RpcRequest(
        "disconnectnode",
        List.of(TextNode.valueOf(""), LongNode.valueOf(peerId)),
        ResultReader::done);
  }

  /** Whether its result may have many transactions. */
  boolean isLarge() {
    return method.equals("getblocktemplate");
  }

  /** The version "1.0" is understood by every bitcoind; as a number it is refused since 28. */
  JsonNode json(int id) {
    var call = JsonNodeFactory.instance.objectNode();
    call.put("jsonrpc", "1.0").put("method", method).set("id", IntNode.valueOf(id));
    call.putArray("params").addAll(params);
    return call;
  }

  @Override
  public String toString() {
    return method.equals("submitblock") ? method : method + params; // a block is long
  }
}
