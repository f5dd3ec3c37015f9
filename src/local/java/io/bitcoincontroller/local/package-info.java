/**
 * The small Kubernetes: an API server, controllers and one node in one JVM, for tests and for
 * people who have no cluster. A client gets an ordinary kubeconfig and sees no difference in what
 * it uses. It listens on loopback addresses only.
 *
 * <p>The rooms, in reading order. Each uses only rooms that stand before it.
 *
 * <ol>
 *   <li>{@link io.bitcoincontroller.local.http}: an HTTP server over TLS. It knows nothing of
 *       Kubernetes.
 *   <li>{@link io.bitcoincontroller.local.api.schema}: what an object may look like.
 *   <li>{@link io.bitcoincontroller.local.api.fields}: who owns which field; server-side apply.
 *   <li>{@link io.bitcoincontroller.local.api}: the API server, and {@link
 *       io.bitcoincontroller.local.api.Storage}: the objects and the log of their changes. Begin
 *       here if you read only one room.
 *   <li>{@link io.bitcoincontroller.local.loop}: how a controller follows that log.
 *   <li>{@link io.bitcoincontroller.local.controllers}: StatefulSets, and garbage collection.
 *   <li>{@link io.bitcoincontroller.local.kubelet}: pods as processes, each on an address of its
 *       own.
 *   <li>{@link io.bitcoincontroller.local.streams}: {@code kubectl logs} and {@code kubectl exec}.
 *   <li>This room: {@link io.bitcoincontroller.local.LocalCluster} puts the rooms above together.
 *   <li>{@link io.bitcoincontroller.local.doubles}: a bitcoind that is no process, for what real
 *       ones can't show in time.
 *   <li>{@link io.bitcoincontroller.local.user}: a user of a cluster, and the controller as a
 *       program.
 *   <li>{@link io.bitcoincontroller.local.demo} and {@link io.bitcoincontroller.local.image}:
 *       programs that use all of it.
 * </ol>
 *
 * {@link io.bitcoincontroller.local.realcluster} drives a real API server, with which tests compare
 * this one.
 *
 * <p>The small Kubernetes does not do this: RBAC (its one user may do everything), admission
 * webhooks, rules in CEL, several versions of one kind, a scheduler, a second node, Services that
 * route, cluster DNS, images, isolation of processes, storage that outlives it. It stores
 * Deployments and disruption budgets, but nothing acts on them. It refuses by name what a client
 * might take for granted.
 *
 * <p>It is no part of the product: the build compiles it with the tests, so main can't import it
 * and the image can't hold it.
 */
package io.bitcoincontroller.local;
