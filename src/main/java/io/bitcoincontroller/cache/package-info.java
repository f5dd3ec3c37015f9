/**
 * A copy of what the API server has, kept up to date: list, then watch, for ever.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.cache.WatchState} says where a reflector stands and where each
 *       error leads; {@link io.bitcoincontroller.cache.WatchStep} is the pure decision; {@link
 *       io.bitcoincontroller.cache.Reflector} is the loop that asks for it and carries it out, and
 *       its {@code Wire} sends, reads and waits.
 *   <li>{@link io.bitcoincontroller.cache.Store} holds immutable objects, by key and by owner, and
 *       tells listeners what changed. A full set replaces the old one at once.
 *   <li>Two minutes after the last fault the store equals the server, or {@code Reflector.setback}
 *       is not empty, whatever was cut, lost, repeated, late, compacted, silent or put back from a
 *       backup before. No event turns an object back; a full set may.
 *   <li>A writer announces its write ({@code Store.expect}), and acts again when the store shows
 *       it.
 * </ul>
 *
 * Not promised:
 *
 * <ul>
 *   <li>that every state of an object is seen: several changes may arrive as one;
 *   <li>that the store is fresh at any one moment;
 *   <li>that anything notices a server which is itself behind etcd;
 *   <li>that a backup which was put back is noticed, if the new history overtakes the old one under
 *       a watch that never breaks, or while no reflector finds the server away: no version tells.
 *       (If one store notices it, all are listed again; so too if a request does not find an object
 *       that is held, {@code Store.doubt}. What is not held is not missed.)
 *   <li>that an event is seen which two watches in a row have lost.
 * </ul>
 *
 * Comes after {@code kube}, which reads the streams; before {@code network}, whose passes read it.
 */
package io.bitcoincontroller.cache;
