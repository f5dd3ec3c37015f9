package io.bitcoincontroller.kube;

/** An object read from the API. Implementations are immutable. */
public interface KubeObject {
  Meta metadata();

  /** Bytes of memory that it takes, roughly. */
  default int weight() {
    return metadata().weight();
  }
}
