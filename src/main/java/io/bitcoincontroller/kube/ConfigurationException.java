package io.bitcoincontroller.kube;

/**
 * What the user gave can't be used: a kubeconfig, a certificate, a service account. The message is
 * one line for that user: where it is, what is wrong, what to do. It holds no secret.
 */
public final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;

  public ConfigurationException(String message) {
    super(message.replaceAll("\\s*\\R\\s*", " "));
  }
}
