/**
 * The links that a network shall have, and those that are missing: pure, on ordinals and addresses.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.mesh.Wiring} says which node lists which others: a {@link
 *       io.bitcoincontroller.mesh.Topology}, links that somebody named ({@link
 *       io.bitcoincontroller.mesh.CustomLinks}), or either of them in parts ({@link
 *       io.bitcoincontroller.mesh.Partitioned}).
 *   <li>{@link io.bitcoincontroller.mesh.Sides} are the parts between which no block can go.
 *   <li>{@link io.bitcoincontroller.mesh.Mesh#diff} compares a wanted list with the one that
 *       bitcoind has and gives the {@link io.bitcoincontroller.mesh.PeerChange}s between them;
 *       {@link io.bitcoincontroller.mesh.ListStep} says which of them may be made now.
 *   <li>{@link io.bitcoincontroller.mesh.Links} reads off the nodes' peers which links are up, and
 *       which connections are to be closed.
 *   <li>{@link io.bitcoincontroller.mesh.Declared} reads off them which of the user's own peers are
 *       reached.
 * </ul>
 *
 * A link joins two nodes. It is up when at least one of them has dialled the other's address and
 * the handshake is done. The address of an inbound connection never identifies a peer: it has an
 * ephemeral port and, behind NAT or on loopback, somebody else's address.
 *
 * <p>Knows neither Kubernetes nor HTTP. Comes before {@code plan}, which feeds it.
 */
package io.bitcoincontroller.mesh;
