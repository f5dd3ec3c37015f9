/**
 * Decides all that a pass does: values in, value out.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.plan.Observation} is all that a pass has seen, as values: the
 *       network, its {@link io.bitcoincontroller.plan.Child}ren, its Secret, its pods, and the
 *       {@link io.bitcoincontroller.plan.NodeView} of each node.
 *   <li>{@link io.bitcoincontroller.plan.Plan#of} makes of it every write, every call to a node,
 *       the status, and the time of the next look. Its parts: {@code ChildPlan} with {@code
 *       Rollout} (the objects, and when a pod may be replaced), {@link
 *       io.bitcoincontroller.plan.MeshPlan} with {@code Lists} and {@code Reconnect} (lists, links
 *       and stalled nodes), {@code StatusOf} (the status).
 *   <li>{@link io.bitcoincontroller.plan.AsRendered} is what a plan hands to the next observation:
 *       while it stays the same, no object has to be rendered.
 *   <li>{@link io.bitcoincontroller.plan.Mining} says which blocks are to be mined now, {@code
 *       MiningSide} by which node. It resumes from {@code status.mining}: what was begun is
 *       finished first.
 *   <li>{@link io.bitcoincontroller.plan.Chain} and {@link io.bitcoincontroller.plan.Held} keep the
 *       last copy of the blocks in the network.
 *   <li>{@link io.bitcoincontroller.plan.Heights}, {@link io.bitcoincontroller.plan.Members},
 *       {@link io.bitcoincontroller.plan.Forks} and {@link io.bitcoincontroller.plan.Rounds} are
 *       those that remember something from pass to pass. They read no clock either: the time is an
 *       argument.
 * </ul>
 *
 * It does not promise that a plan can be carried out: what failed shows in the next observation. It
 * reads no clock, no cache, and sends nothing; {@code TidyTest} holds it to that. Comes after
 * {@code desired} and {@code mesh}, which it asks; before {@code nodes} and {@code network}, which
 * carry its plans out.
 */
package io.bitcoincontroller.plan;
