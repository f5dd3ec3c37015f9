package io.bitcoincontroller.controller;

import java.io.IOException;

/**
 * Makes the world of one key as it is wanted: reads it afresh, since the key says only that
 * something may have changed, and changes what differs. Done twice, it does nothing the second
 * time.
 */
@FunctionalInterface
public interface Reconciler<K> {
  /**
   * One pass. Never called for one key by two threads at a time.
   *
   * @param permit of this pass and its thread; given up while it waits for others: then it holds no
   *     worker
   * @throws IOException if a wire failed: counted, logged in one line and tried again
   * @throws InterruptedException if it was interrupted: at its deadline, or because the controller
   *     stops. Anything else thrown is a bug: logged with its trace, and tried again as well
   */
  Outcome reconcile(K key, Permit permit) throws IOException, InterruptedException;
}
