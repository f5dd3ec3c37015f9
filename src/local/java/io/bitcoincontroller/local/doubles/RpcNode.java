package io.bitcoincontroller.local.doubles;

import java.io.IOException;

/** A node as the contract's tests handle it: a bitcoind process or its double. */
public interface RpcNode {
  /** An IP address, for RPC and peers alike. */
  String address();

  /** From now on it takes connections and says nothing: SIGSTOP. */
  void freeze() throws IOException, InterruptedException;

  /** Undoes {@link #freeze}. */
  void thaw() throws IOException, InterruptedException;

  /** Ends it and starts it again at its address; returns before it answers. */
  void restart() throws IOException, InterruptedException;
}
