/** Talks to the nodes of one network. */
package io.bitcoincontroller.nodes;
