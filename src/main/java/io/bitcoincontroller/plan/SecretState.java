package io.bitcoincontroller.plan;

import io.bitcoincontroller.bitcoind.Credentials;

/** The RPC credentials of a network, as far as they can be had. */
public sealed interface SecretState {
  record Usable(Credentials credentials) implements SecretState {}

  /**
   * Credentials that were read before.
   *
   * @param why the Secret can't be read or used now
   */
  record Remembered(Credentials credentials, Trouble why) implements SecretState {}

  /**
   * The spec names no Secret, and the one that the controller makes does not exist, or not any
   * more.
   *
   * @param credentials to be put into it: the nodes' own, or a random password
   */
  record ToBeMade(Credentials credentials) implements SecretState {}

  /**
   * No credentials are known.
   *
   * @param why never shows a part of the Secret
   */
  record Unavailable(Trouble why) implements SecretState {}
}
