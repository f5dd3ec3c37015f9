package io.bitcoincontroller.local.api;

import io.bitcoincontroller.local.api.schema.Schema;
import java.util.List;
import java.util.Optional;

/**
 * A kind as the server serves it.
 *
 * @param schema whole, metadata included
 * @param nameSchema what a CustomResourceDefinition says under {@code metadata.name}; else ANY
 * @param status whether {@code .status} is written only through {@code /status}
 * @param columns what {@code kubectl get} shows beside the name, unless {@link Printers} says more
 * @param custom by a CustomResourceDefinition
 */
record Served(
    Kind kind,
    String singular,
    List<String> shortNames,
    List<String> categories,
    String listKind,
    Schema schema,
    Schema nameSchema,
    boolean status,
    Optional<Scale> scale,
    List<Column> columns,
    boolean custom) {
  /** JSON paths of the scale subresource; {@code selector} may be empty. */
  record Scale(String specReplicas, String statusReplicas, String selector) {}

  /** A printer column; priority above 0 is shown only by {@code -o wide}. */
  record Column(
      String name, String type, String format, String description, int priority, String jsonPath) {
    static Column of(String name, String type, String jsonPath) {
      return new Column(name, type, "", "", 0, jsonPath);
    }
  }
}
