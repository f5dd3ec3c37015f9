package io.bitcoincontroller.kube;

/** What every object read from the API has. Implementations are immutable. */
public interface KubeObject {
  Meta metadata();
}
