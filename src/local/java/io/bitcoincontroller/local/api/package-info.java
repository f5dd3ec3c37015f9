/**
 * A small Kubernetes API server for one machine: real enough that kubectl and the controller see no
 * difference in what they use, checked against a real one by {@code ApiContract}.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.local.api.Storage} is the seam: objects and the log of their
 *       changes. Whatever acts in the cluster (the StatefulSet controller, the garbage collector,
 *       the kubelet) works on it, beside the HTTP handlers, and none calls another.
 *   <li>{@link io.bitcoincontroller.local.api.LocalApiServer} is what one starts. A request goes
 *       through {@code ApiHandler} to {@code Reads}, {@code Watches}, {@code Writes} or {@code
 *       Deletes}; {@code Admission} says what may be stored; {@code Registry} knows the kinds.
 *   <li>{@link io.bitcoincontroller.local.api.Faults} makes things go wrong, {@link
 *       io.bitcoincontroller.local.api.RequestLog} tells what was asked, afterwards or while it is
 *       served, {@link io.bitcoincontroller.local.api.PodStreams} is where {@code log} and {@code
 *       exec} are added.
 * </ul>
 *
 * Not promised: RBAC (there is one user, who may do everything), rules in CEL (a definition keeps
 * them, nobody holds to them), several versions of one kind, webhooks, YAML bodies, service
 * accounts' tokens, snapshots across pages of a list.
 */
package io.bitcoincontroller.local.api;
