/**
 * Calls the nodes of one network: reads what a plan needs, and does what a plan says.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.nodes.Nodes} is the only door.
 *   <li>{@code NodeReader} and {@code JudgementReader} read. {@code ListWriter} changes added-node
 *       lists and ends connections. {@code LinkDialer} and {@code PeerDialer} have nodes dial, by
 *       way of {@code OneTry}. {@code BlockCalls} has a node propose a block, and take one.
 *   <li>{@code BackgroundCalls} lets a call outlast the pass that began it: a node that hangs holds
 *       nobody up. {@code PodRpc} makes the call, if the pod is still the one that the pass saw.
 * </ul>
 *
 * A pass first takes away what is not wanted, then has nodes dial, and only then adds to their
 * lists: {@link io.bitcoincontroller.mesh.ListStep} says why.
 *
 * <p>A pass waits for all nodes together: at most a second for each kind of read and change, a
 * quarter of that for each kind of dial, and a millisecond more for each call. This does not
 * promise that a change was made: the next read shows it. Nor that an answer is of this very
 * moment: it may be some seconds old while the node is busy with the next call. Nothing here reads
 * the cache or decides what is wanted. Comes after {@code bitcoind}, {@code controller} and {@code
 * plan}; before {@code network}, whose pass calls it.
 */
package io.bitcoincontroller.nodes;
