package io.bitcoincontroller.local.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.BiConsumer;

/** Changes objects before they are stored, as a MutatingWebhookConfiguration would. */
public final class Webhook {
  private volatile BiConsumer<Kind, ObjectNode> change = (_, _) -> {};

  Webhook() {}

  /**
   * Applies to every object that is created or updated from now on; never to a status.
   *
   * @param other changes it in place; safe for many threads
   */
  public void set(BiConsumer<Kind, ObjectNode> other) {
    change = other;
  }

  void change(Kind kind, ObjectNode object) {
    change.accept(kind, object);
  }
}
