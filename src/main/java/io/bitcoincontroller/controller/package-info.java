/**
 * The workers: they take keys from the queue, have each one reconciled, and decide from the outcome
 * when to look again.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.controller.Reconciler} makes one key's world as wanted and says
 *       how that went: a sealed {@link io.bitcoincontroller.controller.Outcome}, or an exception.
 *   <li>{@link io.bitcoincontroller.controller.Controller} has a number of passes at work, each on
 *       a virtual thread; one that waits for others gives its {@link
 *       io.bitcoincontroller.controller.Permit} up for that time.
 *   <li>Nothing that a reconcile does ends a worker: {@code Passes} interrupts it after a deadline,
 *       and {@code Aftermath} counts and logs what it throws, and has it tried again on a back-off.
 *   <li>Passes are numbered from 1, as long as the process lives, and each log line of a pass ends
 *       with its number: {@link io.bitcoincontroller.observe.PassNumber}.
 *   <li>Every key that was looked at is looked at again after a period, whatever happened: events
 *       don't tell everything.
 * </ul>
 *
 * <p>Not promised: that a reconcile which ignores its interrupt can be ended. Its key and its
 * worker stay taken until it ends, since the key must never be with two; the metric {@code
 * workqueue_longest_running_processor_seconds} shows it. Comes after {@code workqueue}; before
 * {@code nodes}, whose calls give permits up, and {@code network}, which is the reconciler.
 */
package io.bitcoincontroller.controller;
