package io.bitcoincontroller.network;

import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.StoredObject;

/**
 * What is watched.
 *
 * @param networks all; the others hold only what carries our labels
 */
public record Stores(
    Store<StoredObject> networks,
    Store<StoredObject> services,
    Store<StoredObject> configMaps,
    Store<StoredObject> statefulSets,
    Store<Pod> pods) {}
