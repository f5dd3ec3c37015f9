/**
 * Time and back-off as values.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.timing.Ticker} is the only clock that decisions see: monotonic
 *       nanoseconds, never the wall clock, so that a corrected system time changes no decision.
 *   <li>{@link io.bitcoincontroller.timing.Backoff} says how long to wait before try number n; the
 *       randomness is an argument.
 * </ul>
 *
 * Nothing here sleeps or holds a lock. Every other package may use this one; it uses none.
 */
package io.bitcoincontroller.timing;
