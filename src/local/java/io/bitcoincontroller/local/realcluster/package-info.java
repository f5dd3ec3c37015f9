/**
 * A real API server for tests, to compare the small Kubernetes with: etcd, kube-apiserver and
 * kube-controller-manager. {@code scripts/test-realcluster.sh} starts them once for all test
 * classes tagged {@code OnRealCluster}, and ends them.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.local.realcluster.RealCluster} stops, starts and sets back the
 *       server; {@link io.bitcoincontroller.local.realcluster.RealNamespace} is a namespace for one
 *       test.
 *   <li>{@link io.bitcoincontroller.local.realcluster.Wire} cuts one client off while the others
 *       keep the server.
 *   <li>{@link io.bitcoincontroller.local.realcluster.AuditLog} tells what the server was asked, in
 *       its own words.
 * </ul>
 *
 * The tests share the server, one class after the other; each leaves it running. Not there: a node.
 * Pods stay Pending. Comes after {@code user}; uses no part of the small Kubernetes.
 */
package io.bitcoincontroller.local.realcluster;
