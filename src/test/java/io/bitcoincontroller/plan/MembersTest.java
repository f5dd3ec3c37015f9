package io.bitcoincontroller.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.bitcoincontroller.api.NodeStatus;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MembersTest {
  private final Members members = new Members();

  private static NodeStatus node(int ordinal, boolean ready, String ip) {
    return new NodeStatus(ordinal, ready, ip, "net-sts-" + ordinal, "", Optional.empty(), false);
  }

  private List<String> news(NodeStatus... nodes) {
    return members.news(MissingNode.getInstance(), List.of(nodes)).stream()
        .map(note -> note.reason() + " " + note.text())
        .toList();
  }

  @Test
  void whoIsReadyHasJoinedAndWhoCameTogetherIsToldTogether() {
    assertEquals(List.of(), news(node(0, false, ""), node(1, false, "10.0.0.1")));
    assertEquals(
        List.of("NodeJoined net-sts-0 (10.0.0.7), net-sts-1 (10.0.0.1)"),
        news(node(0, true, "10.0.0.7"), node(1, true, "10.0.0.1")));
    assertEquals(List.of(), news(node(0, true, "10.0.0.7"), node(1, true, "10.0.0.1")));
  }

  @Test
  void aFlapOfReadinessIsNoNews() {
    news(node(0, true, "10.0.0.7"));
    assertEquals(List.of(), news(node(0, false, "10.0.0.7")));
    assertEquals(List.of(), news(node(0, true, "10.0.0.7")));
  }

  @Test
  void aReplacedPodLeavesAtOnceAndJoinsWhenItIsReady() {
    news(node(0, true, "10.0.0.7"));
    assertEquals(List.of("NodeLeft net-sts-0 (10.0.0.7)"), news(node(0, false, "")));
    assertEquals(List.of(), news(node(0, false, "10.0.0.8")));
    assertEquals(List.of("NodeJoined net-sts-0 (10.0.0.8)"), news(node(0, true, "10.0.0.8")));
    assertEquals(
        List.of("NodeLeft net-sts-0 (10.0.0.8)", "NodeJoined net-sts-0 (10.0.0.9)"),
        news(node(0, true, "10.0.0.9")));
  }

  @Test
  void whoIsNotWantedAnyMoreHasLeft() {
    news(node(0, true, "10.0.0.7"), node(1, true, "10.0.0.1"));
    assertEquals(List.of("NodeLeft net-sts-1 (10.0.0.1)"), news(node(0, true, "10.0.0.7")));
  }

  @Test
  void whatAnotherProcessHasToldIsNotToldAgain() {
    var status = JsonNodeFactory.instance.objectNode();
    status
        .putArray("nodes")
        .addObject()
        .put("nodeName", "net-sts-0")
        .put("ip", "10.0.0.7")
        .put("ready", true);
    assertEquals(List.of(), members.news(status, List.of(node(0, true, "10.0.0.7"))));
  }
}
