/**
 * How to be sure of a server, and how to show it a client certificate.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.tls.Tls} is the result: an SSLContext, and the parameters that
 *       an HttpClient needs beside it.
 *   <li>{@link io.bitcoincontroller.tls.ServerTrust} follows a CA file that is replaced; where the
 *       file can't be read again, the last good reading stays in use.
 *   <li>{@link io.bitcoincontroller.tls.Identity} is read once: a renewed client certificate needs
 *       a restart, and one that has run out is an error with these words.
 *   <li>{@link io.bitcoincontroller.tls.PemSource} is where a certificate or a key is found, in
 *       every form that kubectl takes.
 * </ul>
 *
 * Not promised: revocation lists and OCSP, encrypted keys, another server name beside a URL whose
 * host is a name. No message holds a key. This package knows no kubeconfig; {@code access}, which
 * reads them, comes after it.
 */
package io.bitcoincontroller.tls;
