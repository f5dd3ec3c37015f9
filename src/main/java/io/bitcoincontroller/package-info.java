/**
 * A Kubernetes controller that turns bitcoind pods into one bitcoin network.
 *
 * <p>README.md in this folder is the tour: how one line of a watch becomes one {@code addnode}
 * call, through ten files; and the list of the packages.
 *
 * <p>This package puts the others together: {@link io.bitcoincontroller.Main} begins and ends the
 * process, {@code ControllerProcess} wires the parts, {@code Watches} makes the stores and
 * reflectors, {@code Config} reads the flags.
 */
package io.bitcoincontroller;
