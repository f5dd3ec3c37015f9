/**
 * The queue between "something changed" and "look at it": client-go's work queue, under its names.
 *
 * <ul>
 *   <li>A key is never with two workers. An add while the key is being worked on gives exactly one
 *       more run after it. Duplicates collapse. No add is lost, except after shutdown.
 *   <li>First in, first out: a key that is added again and again never keeps another one waiting.
 *   <li>Of several delays for one key the earliest wins; none ends early.
 *   <li>{@link io.bitcoincontroller.workqueue.Pending}, {@link
 *       io.bitcoincontroller.workqueue.Delayed} and {@link io.bitcoincontroller.workqueue.Failures}
 *       are plain state: no lock, no clock, no thread; {@link
 *       io.bitcoincontroller.workqueue.WorkQueue} is the one lock and the clock around them.
 * </ul>
 *
 * <p>Not promised: that every add gives a run (that is what collapsing means), an order among keys
 * that are added at the same time by several threads, or anything after the process ended: what is
 * to be done is always found again by looking at the world. It is fed by the events of {@code
 * cache}; the workers of {@code controller} take from it. Read Pending first.
 */
package io.bitcoincontroller.workqueue;
