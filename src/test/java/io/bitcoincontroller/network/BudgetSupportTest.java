package io.bitcoincontroller.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.observe.LogLines;
import io.bitcoincontroller.plan.World;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetSupportTest {
  @ParameterizedTest
  @CsvSource({
    "404, 30,  NONE",
    "403, 30,  WITH_EVICTION_POLICY",
    "500, 27+, WITH_EVICTION_POLICY",
    "200, 27,  WITH_EVICTION_POLICY",
    "200, 26,  PLAIN",
    "200, '',  PLAIN"
  })
  void whatTheClusterCanIsAsked(int code, String minor, BudgetSupport expected) throws Exception {
    var support =
        BudgetSupport.ask(
            (request, _) ->
                request.target().equals("/version") || code == 200
                    ? new Reply.Success(200, World.yaml("{minor: '" + minor + "'}"))
                    : new Reply.Failure(code, "", "no", List.of(), Optional.empty()),
            "",
            new LogLines().log);
    assertEquals(expected, support);
    var plain = Children.disruptionBudget(World.network("nodes: 2"), false).toString();
    assertFalse(plain.contains("unhealthyPodEvictionPolicy"));
  }
}
