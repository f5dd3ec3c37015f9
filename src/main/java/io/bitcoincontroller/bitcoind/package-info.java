/**
 * bitcoind's JSON-RPC as values, and the one class that speaks it.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.bitcoind.BitcoindClient#call} sends any list of {@link
 *       io.bitcoincontroller.bitcoind.RpcRequest}s to a node; {@link
 *       io.bitcoincontroller.bitcoind.NodeInfo} reads the three that are made of every node.
 *   <li>{@link io.bitcoincontroller.bitcoind.Answer} is what the server said as a whole, {@link
 *       io.bitcoincontroller.bitcoind.RpcReply} what it said to one request: errors of bitcoind are
 *       values, judged by their code; a wire that fails is an IOException.
 *   <li>{@link io.bitcoincontroller.bitcoind.Credentials} never shows its password.
 * </ul>
 *
 * Not promised: that a call which ended in an IOException was not carried out; all calls that the
 * controller makes may be repeated. Knows nothing of Kubernetes. Comes before {@code network}.
 */
package io.bitcoincontroller.bitcoind;
