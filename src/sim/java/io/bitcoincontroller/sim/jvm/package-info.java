/**
 * A JVM whose virtual threads belong to a simulation.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.sim.jvm.Scheduler} decides which thread takes the next step,
 *       and when it is: the threads, locks, sleeps and futures of the controller are the JDK's own.
 *   <li>{@link io.bitcoincontroller.sim.jvm.SimulatedJvm} makes such a JVM: five classes of the JDK
 *       ask for the simulated time in place of the system's.
 * </ul>
 *
 * <p>Not simulated: two threads at the same instant. A thread is left only where it waits, and so
 * nothing is shown about what two cores would see of each other's memory. Monitors: a thread that
 * waits in {@code Object.wait}, or at the door of a {@code synchronized} block, is woken by a
 * thread of the JDK that no simulation owns; code under simulation uses {@code
 * java.util.concurrent.locks} where it waits.
 */
package io.bitcoincontroller.sim.jvm;
