/**
 * Where the API server is, and how to be believed there.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.access.ClusterAccess} is the answer, found in a {@link
 *       io.bitcoincontroller.access.Kubeconfig} or a pod's {@link
 *       io.bitcoincontroller.access.InCluster} service account.
 *   <li>Tokens, CAs and client certificates are read again when their files change; where they
 *       can't be, what was read before goes on being used. An exec plugin is asked again when its
 *       credential has expired or was refused.
 *   <li>A kubeconfig that names no authority means the {@link
 *       io.bitcoincontroller.access.SystemAuthorities}, as for kubectl.
 *   <li>What a kubeconfig asks for and this program can't do is a {@link
 *       io.bitcoincontroller.access.ConfigurationException} that names the field and its file.
 * </ul>
 *
 * No credential appears in a {@code toString}, a message or a log. Comes after {@code yaml}, in
 * which kubeconfigs are written, and before {@code kube}, which sends requests with this.
 */
package io.bitcoincontroller.access;
