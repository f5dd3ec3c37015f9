package io.bitcoincontroller.network;

/**
 * What keeps a network from being as its spec wants it, until a person does something.
 *
 * @param reason one word for a condition and an event
 * @param message what is wrong and what to do about it
 */
record Trouble(String reason, String message) {}
