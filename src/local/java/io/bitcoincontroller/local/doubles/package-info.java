/**
 * A test double of bitcoind: what real processes can't show in the time that a test has.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.local.doubles.BitcoindDouble} answers RPC on a loopback address
 *       of its own, and keeps an added-node list and connections. The doubles of one {@link
 *       io.bitcoincontroller.local.doubles.DoubleNetwork} can dial each other.
 *   <li>{@link io.bitcoincontroller.local.doubles.RpcFault} lists what can go wrong, a sentence
 *       each.
 *   <li>{@link io.bitcoincontroller.local.doubles.DoublePods} are pods whose bitcoind is a double.
 *   <li>{@code bitcoind.RpcContract} holds the double to the real bitcoind: it runs against both,
 *       as two {@link io.bitcoincontroller.local.doubles.RpcNode}s.
 * </ul>
 *
 * Not promised: calls that the controller does not make, blocks that spread, and dials that nobody
 * asked for (bitcoind tries its list when it pleases, and no test waits for that). Comes after
 * {@code kubelet}.
 */
package io.bitcoincontroller.local.doubles;
