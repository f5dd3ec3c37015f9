/**
 * The Kubernetes API as values, and the one class that sends them.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.kube.Requests} builds {@link
 *       io.bitcoincontroller.kube.ApiRequest}s; {@link io.bitcoincontroller.kube.ApiServer} sends
 *       them; {@link io.bitcoincontroller.kube.Reply} and {@link
 *       io.bitcoincontroller.kube.WatchEvent} are what comes back. Expected answers are values; a
 *       wire that fails is an IOException.
 *   <li>Objects are read into immutable records of the fields in use and never written back: writes
 *       are server-side apply of our own fields.
 *   <li>{@link io.bitcoincontroller.kube.ClusterAccess} says where the server is and how to be
 *       believed there, by a {@link io.bitcoincontroller.kube.Kubeconfig} (read by {@link
 *       io.bitcoincontroller.kube.Yaml}) or a pod's {@link io.bitcoincontroller.kube.InCluster}
 *       service account. Tokens, CAs and client certificates are read again when they change. No
 *       credential appears in a {@code toString}, a message or a log.
 * </ul>
 *
 * Not promised: that a request which ended in an IOException was not carried out. Comes before
 * {@code cache}, which reads through it, and {@code network}, which writes through it.
 */
package io.bitcoincontroller.kube;
