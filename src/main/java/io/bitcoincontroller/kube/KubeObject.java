package io.bitcoincontroller.kube;

/** What every object read from the API has. Implementations are immutable. */
public interface KubeObject {
  Meta metadata();

  /** Bytes of memory that it takes, roughly. */
  default int weight() {
    return metadata().weight();
  }
}
