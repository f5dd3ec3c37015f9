package io.bitcoincontroller.cache;

/**
 * When the watchdog ends a stream that is being read.
 *
 * @param openNanos at most this long after it was opened
 * @param silentNanos at most this long after its last byte
 */
record Patience(long openNanos, long silentNanos) {}
