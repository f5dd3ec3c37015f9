/**
 * One of several replicas leads: by a Lease, with client-go's rules and times.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.leader.Election} is the pure decision: state, input and local
 *       time in; state, and what to do next, out. {@link io.bitcoincontroller.leader.LeaderElector}
 *       does it, and gives the answer back as the next input.
 *   <li>Only local monotonic time is used: how long ago <i>this</i> process saw the Lease change.
 *       Times written into the Lease are for people.
 *   <li>A leader counts its time from before it sent the last renewal that was answered, and stops
 *       acting after the renew deadline; another waits for the whole lease since it saw the last
 *       change. So at most one acts at a time as long as no clock runs faster than another by more
 *       than lease / renew deadline (15 s / 10 s).
 *   <li>Every write carries the {@code resourceVersion} that it is based on.
 * </ul>
 *
 * <p>Not promised: fencing. A request sent by a leader just before its time ends may land after
 * another one leads. Writes must be such that this does no harm: they carry a uid or a
 * resourceVersion, or are the same whoever makes them.
 */
package io.bitcoincontroller.leader;
