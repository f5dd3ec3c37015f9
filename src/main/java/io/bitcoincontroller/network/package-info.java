/**
 * Makes the pass over one network: observe, plan, act, report.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.network.Owners} finds the network of a changed object: here,
 *       events become keys. {@link io.bitcoincontroller.network.Stores} are the watched objects.
 *   <li>{@link io.bitcoincontroller.network.NetworkReconciler} takes a key. It puts the pass off
 *       while the cache does not show our own last writes, and then has {@code NetworkPass} make
 *       it.
 *   <li>{@code Observer} looks: at the cache, at the API server for what the cache can't show, and
 *       at the nodes. {@code Secrets} reads and makes the RPC credentials; {@code SetWarnings}
 *       reads why pods are missing; {@code RivalReader} reads other people's disruption budgets,
 *       once for all networks of a namespace; {@code Newcomers} tells which nodes need no reading
 *       yet.
 *   <li>{@link io.bitcoincontroller.plan.Plan#of} decides, and is not part of this package.
 *   <li>{@link io.bitcoincontroller.nodes.Nodes} carries out what concerns nodes, {@code
 *       ChildWriter} writes the objects, {@code Reporter} the status, and {@code EventWriter} the
 *       events. {@link io.bitcoincontroller.network.NetworkMetrics} keeps what monitoring reads of
 *       the last pass over each network.
 *   <li>{@code Miner} mines the blocks that {@link io.bitcoincontroller.plan.Mining} asks for. It
 *       records what it is about to send, sends it, and asks a node when it does not know.
 * </ul>
 *
 * A second pass over an unchanged world writes nothing. It does not promise to finish: a pass may
 * end at any point, and the next one starts from what is there, not from what was planned. Comes
 * last: it uses {@code plan} and {@code nodes}; {@code ControllerProcess} wires it.
 */
package io.bitcoincontroller.network;
