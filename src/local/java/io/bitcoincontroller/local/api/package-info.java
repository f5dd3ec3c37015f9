/**
 * A small Kubernetes API server: kubectl and the controller see no difference in what they use.
 * {@code ApiContract} runs against it and against a real one.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.local.api.Storage} holds the objects and the log of their
 *       changes. Everything that acts in the cluster works on it, and nothing there calls another.
 *   <li>{@link io.bitcoincontroller.local.api.LocalApiServer} starts the server. A request goes
 *       through {@code ApiHandler} to {@code Reads}, {@code Watches}, {@code Writes} or {@code
 *       Deletes}; {@code Admission} says what may be stored; {@code Registry} knows the kinds.
 *   <li>{@link io.bitcoincontroller.local.api.Faults} makes requests fail, {@link
 *       io.bitcoincontroller.local.api.RequestLog} records them, {@link
 *       io.bitcoincontroller.local.api.PodStreams} is where {@code log} and {@code exec} are added.
 * </ul>
 *
 * Not promised: RBAC (its one user may do everything), rules in CEL (it keeps a definition's rules
 * and checks none), several versions of one kind, webhooks, YAML bodies, tokens of service
 * accounts, snapshots across pages of a list. Comes after {@code http} and {@code fields}.
 */
package io.bitcoincontroller.local.api;
