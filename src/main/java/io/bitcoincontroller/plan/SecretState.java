package io.bitcoincontroller.plan;

import io.bitcoincontroller.bitcoind.Credentials;

/** What became of reading a network's RPC credentials. */
public sealed interface SecretState {
  record Usable(Credentials credentials) implements SecretState {}

  /**
   * What was read before: the Secret can't be read or used now.
   *
   * @param reason as in {@link Trouble}
   * @param message as in {@link Trouble}
   */
  record Remembered(Credentials credentials, String reason, String message)
      implements SecretState {}

  /**
   * The spec names none, and the one that the controller makes does not exist, or not any more.
   *
   * @param credentials what it shall hold: those that the nodes have, or a random password
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
