package io.bitcoincontroller.cache;

/**
 * What a decision knows of the outside.
 *
 * @param now of a Ticker
 * @param random uniform in [0, 1)
 */
record Moment(long now, double random) {}
