package io.bitcoincontroller.kube;

/** An object read from the API. Implementations are immutable. */
public interface KubeObject {
  Meta metadata();

  /** A hash of all but its status and version; 0 if its kind can't tell. */
  default int hashOfRest() {
    return 0;
  }

  /** Bytes of memory that it takes, roughly. */
  default int weight() {
    return metadata().weight();
  }
}
