/**
 * The local cluster: a Kubernetes API server, the controllers and a node, in one JVM and on
 * loopback addresses only, for people who have no cluster and for tests.
 *
 * <p>{@link io.bitcoincontroller.local.LocalCluster} puts together {@code api} (the server and its
 * storage), {@code node} (what makes it alive: StatefulSets, garbage collection, pods as real
 * processes) and {@code streams} (exec and logs). What runs against it gets an ordinary kubeconfig
 * and can't tell.
 *
 * <p>Not promised: anything of Kubernetes that bitcoin-controller and its users' kubectl don't ask
 * for; what is not there is refused by name. It is in the test tree so that the shipped image can't
 * hold it.
 */
package io.bitcoincontroller.local;
