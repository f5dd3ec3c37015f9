/**
 * An HTTP/1.1 server over TLS, one virtual thread per connection. It can hand a connection over to
 * another protocol: {@code kubectl exec} needs that, and the JDK's own server can't.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.local.http.HttpServer} accepts and closes connections; {@link
 *       io.bitcoincontroller.local.http.Handler} is what it serves.
 *   <li>{@link io.bitcoincontroller.local.http.HttpRequest} is a request with its whole body;
 *       {@link io.bitcoincontroller.local.http.Exchange} answers it: at once, as a stream, or by an
 *       upgrade.
 *   <li>{@link io.bitcoincontroller.local.http.Certificates} makes the CA and the server's
 *       certificate; {@link io.bitcoincontroller.local.http.Witness} sees requests while they are
 *       served.
 * </ul>
 *
 * Limits: 16 KiB for a line, 100 headers, 3 MiB for a body, 30 s of silence within a request. Not
 * promised: trailers, pipelining, HTTP/2. Uses no other room.
 */
package io.bitcoincontroller.local.http;
