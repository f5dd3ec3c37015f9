/**
 * One pass over one network: observe, plan, act.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.network.Owners} says which network an object is part of: events
 *       become keys here.
 *   <li>{@link io.bitcoincontroller.network.NetworkReconciler} makes the pass. {@code Observer}
 *       looks at the cache and the nodes (and, while pods are missing, at what {@code SetWarnings}
 *       reads of it), and makes of it an {@link io.bitcoincontroller.plan.Observation}; {@link
 *       io.bitcoincontroller.plan.Plan#of} decides everything: every write, every RPC, the status
 *       and when to look again. It is pure; what happens in a pass can be tested on values.
 *   <li>Parts of the plan: {@code ChildPlan} (the objects, with {@code Rollout}, which says when a
 *       pod may be replaced), {@code MeshPlan} (lists and links, with {@code Reconnect} for nodes
 *       that learn no blocks and {@code OwnNames} for peers that are none), {@code StatusOf} (what
 *       is reported).
 *   <li>Who carries it out: {@code ChildWriter}, {@code ListWriter}, {@code Reporter} with {@code
 *       EventWriter}.
 *   <li>{@code nodes.BackgroundCalls} are calls to nodes that may outlast the pass that began them,
 *       so that a node that hangs holds nobody up.
 * </ul>
 *
 * A second pass over an unchanged world writes nothing. A pass may die at any point: the next one
 * starts from what is, not from what was meant. Comes last: it uses all packages before it but
 * {@code leader}, and {@code Main} wires it.
 */
package io.bitcoincontroller.network;
