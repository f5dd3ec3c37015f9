package io.bitcoincontroller.local.kubelet;

import io.bitcoincontroller.local.api.Storage;
import io.bitcoincontroller.observe.Log;
import io.bitcoincontroller.timing.Ticker;
import java.nio.file.Path;

/** What all pods of the one node share. */
record Node(
    Storage storage,
    Processes processes,
    LoopbackAddresses addresses,
    Kubelet.Options options,
    Ticker ticker,
    Log log) {
  /** Where a pod's folder is: by uid, so that a pod and its namesake before it never share one. */
  Path podFolder(String uid) {
    return options.folder().resolve("pods").resolve(uid);
  }

  Path claims() {
    return options.folder().resolve("claims");
  }
}
