package io.bitcoincontroller.sim.world;

import io.bitcoincontroller.sim.world.Etcd.ObjectId;

/** Hears of what only matters to whoever judges a run. */
public interface Watcher {
  /** The StatefulSet's controller is about to delete this pod. */
  void deletedByItsSet(ObjectId pod);

  /** Something or somebody other than a controller strikes this pod. */
  void disturbed(ObjectId pod);

  /** The objects are those of a backup. */
  void restored();

  /** A watch of this kind went silent long ago, and its controller has not ended it. */
  void silent(String kind);
}
