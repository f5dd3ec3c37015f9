/**
 * The one node of the cluster: it runs each pod as real processes on a loopback address of its own.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.local.kubelet.Kubelet} looks for pods; {@code PodRun} is one
 *       pod's life, {@code RealContainer} one container's, {@code Processes} starts and ends what
 *       runs.
 *   <li>{@code Translation} does in one place what a container's namespaces would do.
 *   <li>{@code PodSpec} reads a pod's template, and refuses by name what it can't do.
 *   <li>{@link io.bitcoincontroller.local.kubelet.SimulatedPods} are pods without processes, for
 *       more pods than a machine has room for.
 * </ul>
 *
 * Not promised: isolation (processes run as the user who started the cluster; read-only mounts are
 * writable), images, networks other than Linux' 127.0.0.0/8, updates of mounted ConfigMaps. Comes
 * after {@code loop}.
 */
package io.bitcoincontroller.local.kubelet;
