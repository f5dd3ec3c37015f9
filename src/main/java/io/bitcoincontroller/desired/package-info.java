/**
 * The Kubernetes objects that a network is made of, rendered from its spec; pure.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.desired.Names}: what they are called and labelled.
 *   <li>{@link io.bitcoincontroller.desired.Children}: the Service, StatefulSet and
 *       PodDisruptionBudget, with just the fields that are ours. {@code StatefulSetSpec} has the
 *       pod.
 *   <li>{@link io.bitcoincontroller.desired.BitcoinConf}: the file that every node reads.
 *   <li>{@link io.bitcoincontroller.desired.Creation}: how one is created, and then applied.
 *   <li>{@link io.bitcoincontroller.desired.OldConfigMap}: what an older version left.
 *   <li>{@link io.bitcoincontroller.desired.Drift}: whether a stored object is still as rendered.
 * </ul>
 *
 * The same network always renders to the same bytes: an unchanged world needs no write. Comes
 * before {@code plan}, which compares what this renders with what is stored.
 */
package io.bitcoincontroller.desired;
