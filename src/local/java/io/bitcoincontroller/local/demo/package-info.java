/**
 * The demo: a local cluster, the shipped controller as a process of its own, and the life of one
 * bitcoin network, each step checked.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.local.demo.Demo} is the program; {@code scripts/demo.sh} builds
 *       and starts it.
 *   <li>{@link io.bitcoincontroller.local.demo.Story} is the list of steps, as values; {@link
 *       io.bitcoincontroller.local.demo.Teller} carries them out, and waits for each with a bound.
 * </ul>
 *
 * The demo acts only as a user could: requests to the API server, commands in the pods, signals to
 * the controller's process. It reads neither the controller's memory nor the cluster's. Comes after
 * {@code user}; nothing uses it.
 */
package io.bitcoincontroller.local.demo;
