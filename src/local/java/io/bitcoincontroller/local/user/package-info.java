/**
 * A user of a cluster, for the demo and for tests that run the controller as a process of its own.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.local.user.User} sends the requests that kubectl would send;
 *       {@link io.bitcoincontroller.local.user.Network} is one BitcoinNetwork, with bitcoin-cli in
 *       its pods; {@link io.bitcoincontroller.local.user.Kubectl} is the real kubectl.
 *   <li>{@link io.bitcoincontroller.local.user.ControllerProgram} starts and ends the controller as
 *       its users do.
 *   <li>{@link io.bitcoincontroller.local.user.Judge} judges what the nodes say; it is pure. {@link
 *       io.bitcoincontroller.local.user.Seen} is the result of one look, {@link
 *       io.bitcoincontroller.local.user.Waiting} looks until it is good.
 * </ul>
 *
 * Nothing here reads the controller's memory, nor the cluster's. Comes after {@code local}.
 */
package io.bitcoincontroller.local.user;
