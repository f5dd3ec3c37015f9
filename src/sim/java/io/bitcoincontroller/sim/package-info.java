/**
 * The whole controller in a simulated cluster, under faults that a seed chooses.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.sim.Simulate} runs seeds. The same seed gives the same story,
 *       line by line, on every machine.
 *   <li>{@code Scenario} is what a seed stands for, {@code Simulation} plays it, and {@code Checks}
 *       watches every step.
 *   <li>{@code Play} is a cluster in which a script says what happens: {@code lessons} has a dozen.
 *   <li>{@code Without} takes one safeguard away, to show what it is for. It is done where the
 *       simulation wires the controller: main has no such switch.
 * </ul>
 *
 * <p>{@code world} has the cluster, {@code jvm} the threads and their time. What this can't show
 * stands in src/sim/README.md.
 */
package io.bitcoincontroller.sim;
