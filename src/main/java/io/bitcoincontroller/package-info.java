/**
 * A Kubernetes controller that turns bitcoind pods into one bitcoin network.
 *
 * <p>The tour: how one line of a watch becomes one {@code addnode} call, in reading order.
 *
 * <ol>
 *   <li>{@link io.bitcoincontroller.kube.ApiServer#open} opens a watch; its body is a stream of
 *       lines.
 *   <li>{@link io.bitcoincontroller.kube.WatchReader#next} reads one line into a {@link
 *       io.bitcoincontroller.kube.WatchEvent}.
 *   <li>{@code cache.WatchStep.next} decides what the line means: pure, as every decision here.
 *       {@link io.bitcoincontroller.cache.Reflector} is the loop that asks it, and does what it
 *       says.
 *   <li>{@link io.bitcoincontroller.cache.Store} holds the object from now on (its {@code Shard} is
 *       what the reflector writes to), and tells its listeners.
 *   <li>{@link io.bitcoincontroller.network.Owners#keyOf} finds the network that the object is part
 *       of, if the change concerns it; {@code Watches.watch} ties this link to both its neighbours.
 *   <li>{@link io.bitcoincontroller.workqueue.WorkQueue#add} queues the network's key, once.
 *   <li>{@link io.bitcoincontroller.controller.Controller} has a worker take it and make a pass.
 *   <li>{@link io.bitcoincontroller.network.NetworkReconciler#reconcile} waits until the cache
 *       shows its own last writes. Then {@code network.NetworkPass.make} has {@code
 *       network.Observer} look at the cache and at the nodes themselves.
 *   <li>{@link io.bitcoincontroller.plan.Plan#of} decides what differs, with {@link
 *       io.bitcoincontroller.desired} for the objects and {@link
 *       io.bitcoincontroller.mesh.Mesh#diff} for the added-node lists.
 *   <li>{@link io.bitcoincontroller.nodes.Nodes#carryOut} does what the plan says to the nodes:
 *       {@code nodes.ListWriter} makes {@code addnode} calls of the differences, on a thread of
 *       {@code nodes.BackgroundCalls}, which may outlast the pass.
 *   <li>{@link io.bitcoincontroller.bitcoind.BitcoindClient#call} sends them to the node.
 * </ol>
 *
 * Each package uses only packages named before it: {@code timing, observe, mesh, yaml}, then {@code
 * tls, bitcoind, workqueue}, then {@code access}, then {@code kube}, then {@code api, cache,
 * controller, leader}, then {@code desired}, then {@code plan}, then {@code nodes}, then {@code
 * network}; this package wires them: {@link io.bitcoincontroller.Main} begins and ends the process,
 * {@code ControllerProcess} puts the parts together, with the stores and reflectors of {@code
 * Watches}, and {@code Config} reads the flags.
 */
package io.bitcoincontroller;
