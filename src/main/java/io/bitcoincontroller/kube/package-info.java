/**
 * The Kubernetes API as values, and the one class that sends them.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.kube.Requests} builds {@link
 *       io.bitcoincontroller.kube.ApiRequest}s; {@link io.bitcoincontroller.kube.ApiServer} sends
 *       them; {@link io.bitcoincontroller.kube.Reply} and {@link
 *       io.bitcoincontroller.kube.WatchEvent} are what comes back. Expected answers are values; a
 *       wire that fails is an IOException.
 *   <li>Objects are read into immutable records of the fields in use and never written back. A
 *       write names only our own fields: a POST creates an object, and a server-side apply changes
 *       it.
 * </ul>
 *
 * Not promised: that a request which ended in an IOException was not carried out. Comes after
 * {@code access}, which says where the server is and who we are, and before {@code cache}, which
 * reads through it, and {@code network}, which writes through it.
 */
package io.bitcoincontroller.kube;
