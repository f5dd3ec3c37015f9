/**
 * A real Kubernetes API server for tests: etcd, kube-apiserver and kube-controller-manager, which
 * {@code scripts/test-realcluster.sh} starts once for all test classes tagged {@link
 * io.bitcoincontroller.local.realcluster.OnRealCluster}, and ends.
 *
 * <p>The tests share it, one class after the other: each works in a namespace of its own, and
 * leaves the server running. {@link io.bitcoincontroller.local.realcluster.Wire} is how one client
 * loses it while the others don't, {@link io.bitcoincontroller.local.realcluster.AuditLog} what the
 * server itself says it was asked.
 *
 * <p>Not there: a node. Pods are objects that stay Pending.
 */
package io.bitcoincontroller.local.realcluster;
