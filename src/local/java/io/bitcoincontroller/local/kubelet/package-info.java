/**
 * What makes the local cluster alive: the controllers and the one node that a real cluster has.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.local.controllers.StatefulSetController} makes, replaces and
 *       removes Pods; {@link io.bitcoincontroller.local.controllers.GarbageCollector} deletes what
 *       has lost its owner; {@link io.bitcoincontroller.local.kubelet.Kubelet} runs each Pod as
 *       real processes on a loopback address of its own.
 *   <li>Each replays the log of {@link io.bitcoincontroller.local.api.Storage} through a {@link
 *       io.bitcoincontroller.local.loop.Feed}, reads the object afresh, and has a periodic look as
 *       well, so that a change missed is a change seen later.
 *   <li>What a container's namespaces would do is done in one place: {@link
 *       io.bitcoincontroller.local.kubelet.Translation}. All else in a pod's template is taken as
 *       it is, or refused by name ({@link io.bitcoincontroller.local.kubelet.PodSpec#refusal}).
 * </ul>
 *
 * Not promised: isolation (processes run as the user who started the cluster, read-only mounts are
 * writable), images, networks other than Linux' 127.0.0.0/8, updates of mounted ConfigMaps. Comes
 * after {@code local.api}; {@link io.bitcoincontroller.local.LocalCluster} puts it together.
 */
package io.bitcoincontroller.local.kubelet;
