package io.bitcoincontroller.network;

import io.bitcoincontroller.bitcoind.Credentials;

/** What became of reading a network's RPC credentials. */
sealed interface SecretState {
  record Usable(Credentials credentials) implements SecretState {}

  /**
   * The spec names none, and the one that the controller makes does not exist yet.
   *
   * @param credentials what it shall hold: a random password
   */
  record ToBeMade(Credentials credentials) implements SecretState {}

  /**
   * No credentials can be had, and there is nothing to fall back to.
   *
   * @param reason one word for a condition
   * @param message what is wrong and what to do; never a part of the secret
   */
  record Trouble(String reason, String message) implements SecretState {}
}
