/**
 * An HTTP/1.1 server over TLS, one virtual thread per connection, that can hand a connection over
 * to another protocol (the JDK's own server can't, and {@code kubectl exec} needs it).
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.local.http.HttpServer} accepts and closes; {@link
 *       io.bitcoincontroller.local.http.Handler} is what it serves.
 *   <li>{@link io.bitcoincontroller.local.http.HttpRequest} is a request with its whole body;
 *       {@link io.bitcoincontroller.local.http.Exchange} answers it: at once, as a stream, or by an
 *       upgrade.
 *   <li>{@link io.bitcoincontroller.local.http.Certificates} makes the CA and the server's
 *       certificate.
 * </ul>
 *
 * Limits: 16 KiB for a line, 100 headers, 3 MiB for a body, 30 s of silence within a request. Not
 * promised: trailers, pipelining beyond one request at a time, HTTP/2. It knows nothing of
 * Kubernetes.
 */
package io.bitcoincontroller.local.http;
