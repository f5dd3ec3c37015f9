/**
 * Time, deadlines and back-off.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.timing.Ticker} is the only clock that decisions see: monotonic
 *       nanoseconds, never the wall clock, and no correction of the system time changes a decision.
 *   <li>{@link io.bitcoincontroller.timing.Deadlines} ends readers whose time is over.
 *   <li>{@link io.bitcoincontroller.timing.Backoff} says how long to wait before try number n; the
 *       randomness is an argument.
 * </ul>
 *
 * Every other package may use this one; it uses none.
 */
package io.bitcoincontroller.timing;
