/**
 * A test double of bitcoind, for what real processes can't show in the time a test has.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.local.doubles.BitcoindDouble} listens on a loopback address of
 *       its own, at bitcoind's port, and keeps an added-node list and connections; those of one
 *       {@link io.bitcoincontroller.local.doubles.DoubleNetwork} know each other.
 *   <li>{@link io.bitcoincontroller.local.doubles.RpcFault} is what can go wrong, a sentence each.
 *   <li>The real one is its judge: {@code bitcoind.RpcContract} runs against both, as two {@link
 *       io.bitcoincontroller.local.doubles.RpcNode}s.
 * </ul>
 *
 * Not promised: any call the controller does not make, blocks that spread, and dials that nobody
 * asked for: bitcoind tries its list when it pleases, and no test here waits for that. Comes before
 * {@code local.kubelet}.
 */
package io.bitcoincontroller.local.doubles;
