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
 *   <li>An answer is read as it comes, into the few fields in use; bytes, depth, numbers, texts and
 *       time have limits, and all large answers together have a part of the heap. What no bitcoind
 *       says is an IOException, too: a node's image is its owner's, and may say anything.
 *   <li>{@link io.bitcoincontroller.bitcoind.Room} bounds the calls at a time.
 *   <li>{@link io.bitcoincontroller.bitcoind.Credentials} never shows its password.
 * </ul>
 *
 * Not promised: that a call which ended in an IOException was not carried out; all calls that the
 * controller makes may be repeated. Knows nothing of Kubernetes. It uses {@code blocks} for the
 * next block. Comes before {@code nodes}.
 */
package io.bitcoincontroller.bitcoind;
