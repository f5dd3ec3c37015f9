/**
 * What a user of a cluster does, and sees: for the demo, and for the tests that run the controller
 * as a process of its own.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.local.user.User} sends what kubectl would send; {@link
 *       io.bitcoincontroller.local.user.Network} is one BitcoinNetwork, with bitcoin-cli in its
 *       pods.
 *   <li>{@link io.bitcoincontroller.local.user.ControllerProgram} is the controller, started and
 *       ended as its users do.
 *   <li>{@link io.bitcoincontroller.local.user.Judge} judges what the nodes say; pure. {@link
 *       io.bitcoincontroller.local.user.Seen} is what a look gave.
 * </ul>
 *
 * Nothing is read out of the controller's memory, nor out of the cluster's. Comes after {@code
 * local}.
 */
package io.bitcoincontroller.local.user;
