package io.bitcoincontroller.plan;

import io.bitcoincontroller.kube.StoredObject;

/** An object of the name that one of ours has or shall have. */
public sealed interface Child {
  /** There is none; asked of the API server itself, since our cache can't see foreign objects. */
  record Absent() implements Child {}

  /** Controlled by this very network, by UID. */
  record Ours(StoredObject object) implements Child {}

  /**
   * Of a deleted network of the same name: the garbage collector is about to take it.
   *
   * @param what kind and name, for people
   */
  record Leftover(String what) implements Child {}

  /**
   * Somebody else's: never touched.
   *
   * @param what kind and name, for people
   * @param owner whose it is, for people
   */
  record Foreign(String what, String owner) implements Child {}

  /**
   * The API server did not say; asked again in the next pass.
   *
   * @param why what was asked, and the answer, for people
   */
  record Unreadable(String why) implements Child {}
}
