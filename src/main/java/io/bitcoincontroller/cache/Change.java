package io.bitcoincontroller.cache;

import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.ObjectKey;
import java.util.Optional;

/**
 * A difference that came about in a {@link Store}. At least one of the two is present, and if both
 * are, they have the same UID: an object that was deleted and created again is two changes, even if
 * the cache learned of both at once.
 *
 * @param before what the store held; empty if the object is new
 * @param after what it holds now; empty if the object is gone
 */
public record Change<T extends KubeObject>(ObjectKey key, Optional<T> before, Optional<T> after) {}
