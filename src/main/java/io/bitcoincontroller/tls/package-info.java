/** How to be sure of a server, and to show it who we are: PEM, trust, names, handshakes. */
package io.bitcoincontroller.tls;
