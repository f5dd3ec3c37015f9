/**
 * A cluster that exists in memory and in simulated time: the API server's objects and their log,
 * the controllers of Kubernetes, a kubelet, bitcoinds, users, and what goes wrong.
 *
 * <ul>
 *   <li>All of it runs on the scheduler's own thread, one event at a time, and waits for nothing.
 *       Only {@code ApiWire}, {@code RpcWire} and {@code WatchStream} are called on the
 *       controller's threads, and let them wait as a network would.
 *   <li>Chance comes from one generator: the seed's.
 *   <li>Answers are as narrow as the controller's questions. What real servers answer is tested
 *       against the local cluster, a real API server and a real bitcoind.
 * </ul>
 */
package io.bitcoincontroller.sim.world;
