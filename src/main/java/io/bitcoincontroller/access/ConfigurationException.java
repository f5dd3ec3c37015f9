package io.bitcoincontroller.access;

import java.io.IOException;

/**
 * What the user gave can't be used: a kubeconfig, a certificate, a service account. The message is
 * one line for that user: where it is, what is wrong, what to do. It holds no secret.
 */
public final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;

  public ConfigurationException(String message) {
    super(oneLine(message));
  }

  /**
   * For a file or a plugin of which the configuration speaks; the cause's message is the user's.
   */
  ConfigurationException(IOException cause) {
    super(oneLine("" + cause.getMessage()), cause);
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
