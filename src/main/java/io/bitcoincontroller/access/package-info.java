/**
 * Where the API server is, and how we log in there.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.access.ClusterAccess} is the answer, found in a {@link
 *       io.bitcoincontroller.access.Kubeconfig} or in a pod's {@link
 *       io.bitcoincontroller.access.InCluster} service account.
 *   <li>Token files and CAs are read again when they change; where they can't be, the last good
 *       reading stays in use. An exec plugin runs again when its token has expired or was refused.
 *   <li>A client certificate is read once. When it has run out, every request is an error that says
 *       to renew it and to restart the controller, in the log and in {@code /readyz/watches}.
 *   <li>A {@link io.bitcoincontroller.access.ConfigurationException} names each field of a
 *       kubeconfig that this program can't serve, and its file.
 * </ul>
 *
 * Not promised: exec plugins that give client certificates (a plugin renews them, and a running
 * controller could not), a {@code tls-server-name} beside a URL with a host name, impersonation,
 * SOCKS proxies. No {@code toString}, message or log holds a credential. Comes after {@code tls},
 * which makes connections sure, and {@code yaml}; before {@code kube}, which sends requests with
 * this.
 */
package io.bitcoincontroller.access;
