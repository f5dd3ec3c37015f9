package io.bitcoincontroller.local.user;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;

/**
 * The peers of one node, by its own word.
 *
 * @param address its own, as the network's status gives it
 * @param listed addresses on its added-node list, without ports
 * @param dialled addresses, without ports, of the live connections that it made itself; those made
 *     by others show no address that would identify a node
 * @param live number of connections that work, in either direction
 */
public record Peers(String pod, String address, Set<String> listed, Set<String> dialled, int live) {
  /**
   * Reads two answers of bitcoind.
   *
   * @param addedNodes of getaddednodeinfo
   * @param peerInfo of getpeerinfo
   */
  public static Peers of(String pod, String address, JsonNode addedNodes, JsonNode peerInfo) {
    var listed = new TreeSet<String>();
    addedNodes.forEach(entry -> listed.add(host(entry.path("addednode").asText())));
    var dialled = new TreeSet<String>();
    var live = 0;
    for (var peer : peerInfo) {
      // a frozen peer looks connected, but has said no version
      if (peer.path("version").asInt() > 0) {
        live++;
        if (!peer.path("inbound").asBoolean()) {
          dialled.add(host(peer.path("addr").asText()));
        }
      }
    }
    return new Peers(pod, address, listed, dialled, live);
  }

  /** {@code 10.0.0.1:18444} and {@code [::1]:18444} without the port; others as they are. */
  public static String host(String address) {
    var bracket = address.indexOf(']');
    if (address.startsWith("[") && bracket > 0) {
      return address.substring(1, bracket);
    }
    var colon = address.indexOf(':');
    var severalColons = colon != address.lastIndexOf(':');
    return colon < 0 || severalColons ? address : address.substring(0, colon);
  }
}
