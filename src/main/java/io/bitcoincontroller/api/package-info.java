/**
 * The BitcoinNetwork resource: what users write and read.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.api.BitcoinNetwork#read} turns a stored object into a network
 *       with a valid {@link io.bitcoincontroller.api.Spec}, or into a list of what is wrong with
 *       it: the schema in {@code manifests/crd.yaml} refuses the same, but an older one may be
 *       installed, and some rules a schema can't say.
 *   <li>{@link io.bitcoincontroller.api.Status} is what the controller reports, {@link
 *       io.bitcoincontroller.api.Condition} its three answers to "is it so?". {@link
 *       io.bitcoincontroller.api.MiningStatus} is a part of it that is written by itself, since
 *       blocks are mined by what stands there.
 * </ul>
 *
 * Group, version and the fields {@code nodes}, {@code secret} and {@code status.nodes[]} are those
 * of the original Go controller, so that its users' YAML works unmodified. Comes before {@code
 * desired} and {@code network}.
 */
package io.bitcoincontroller.api;
