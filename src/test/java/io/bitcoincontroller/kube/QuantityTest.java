package io.bitcoincontroller.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuantityTest {
  @Test
  void amountsAreComparedByValue() {
    assertTrue(Quantity.same("1000m", "1"));
    assertTrue(Quantity.same("1e3", "1k"));
    assertTrue(Quantity.same("1Gi", "1073741824"));
    assertFalse(Quantity.same("1Gi", "1G"));
    assertFalse(Quantity.same("x", "x"));
  }

  @Test
  void whatNobodyMeansIsNoQuantityAndTakesNoTime() {
    var digits = "9".repeat(1_400_000);
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          for (var text :
              List.of(digits, digits + "!", "1" + digits + "Gi", "1e999999999", "1e-2147483647")) {
            assertEquals(Optional.empty(), Quantity.value(text), text.substring(0, 10));
            assertFalse(Quantity.same(text, "1"));
          }
        });
  }

  @Test
  void numbersThatAreNoneAreEqualToThemselvesOnly() {
    var node = JsonNodeFactory.instance;
    var infinite = node.numberNode(Double.POSITIVE_INFINITY);
    assertTrue(Json.same(infinite, node.numberNode(Double.POSITIVE_INFINITY)));
    assertFalse(Json.same(infinite, node.numberNode(Double.NEGATIVE_INFINITY)));
    assertFalse(Json.same(node.numberNode(Double.NaN), node.numberNode(1)));
    assertFalse(Json.same(node.numberNode(1), infinite));
    assertTrue(Json.same(node.numberNode(3), node.numberNode(3L)));
    assertTrue(Json.same(node.numberNode(3), node.numberNode(3.0)));
  }
}
