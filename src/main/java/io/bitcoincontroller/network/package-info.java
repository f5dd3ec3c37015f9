/**
 * One pass over one network: observe, plan, act.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.network.Owners} says which network an object is part of: events
 *       become keys here.
 *   <li>{@link io.bitcoincontroller.network.NetworkReconciler} reads the world afresh into an
 *       {@link io.bitcoincontroller.network.Observation}, and carries out the {@link
 *       io.bitcoincontroller.network.Plan}.
 *   <li>{@link io.bitcoincontroller.network.Plan#of} decides everything: every write, every RPC,
 *       the status and when to look again. It is pure; what happens in a pass can be tested on
 *       values.
 *   <li>{@link io.bitcoincontroller.network.Calls} are calls to nodes that may outlast the pass
 *       that began them, so that a node that hangs holds nobody up.
 * </ul>
 *
 * A second pass over an unchanged world writes nothing. A pass may die at any point: the next one
 * starts from what is, not from what was meant. Comes last: it uses all packages before it but
 * {@code leader}, and {@code Main} wires it.
 */
package io.bitcoincontroller.network;
