package io.bitcoincontroller.access;

import java.io.IOException;

/**
 * A flag, a kubeconfig, a certificate or a service account can't be used. The message is one line
 * for the user: where it is, what is wrong, what to do. It holds no secret.
 */
public final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;

  public ConfigurationException(String message) {
    super(oneLine(message));
  }

  /** For a file that the configuration names; the cause's message is for the user. */
  ConfigurationException(IOException cause) {
    super(oneLine("" + cause.getMessage()), cause);
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
