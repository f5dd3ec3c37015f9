package io.bitcoincontroller.cache;

import io.bitcoincontroller.kube.KubeObject;
import java.util.List;

/** What {@link WatchStep} decided: the effects first, in order, then {@code next}. */
record Turn<T extends KubeObject>(WatchState state, List<Effect<T>> effects, Next next) {}
