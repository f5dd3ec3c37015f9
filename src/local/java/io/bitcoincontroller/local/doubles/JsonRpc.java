package io.bitcoincontroller.local.doubles;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.doubles.Said.Failure;
import java.util.ArrayList;
import java.util.List;

/** JSON-RPC 1.0 and 2.0 as bitcoind speaks them: which status, which members. */
final class JsonRpc {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Failure NO_JSON = new Failure(-32700, "Parse error");

  private JsonRpc() {}

  /** Carries a call out. */
  interface Calls {
    Said call(String method, JsonNode params) throws InterruptedException;
  }

  static JsonNode tree(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException _) {
      return MissingNode.getInstance();
    }
  }

  private static List<JsonNode> members(String body) {
    var tree = tree(body);
    var members = new ArrayList<JsonNode>();
    if (tree.isArray()) {
      tree.forEach(members::add);
    } else {
      members.add(tree);
    }
    return members;
  }

  static List<String> methods(String body) {
    return members(body).stream().map(call -> call.path("method").asText()).toList();
  }

  /** Method and parameters of each call, with blanks between. */
  static List<String> calls(String body) {
    var calls = new ArrayList<String>();
    for (var call : members(body)) {
      var words = new StringBuilder(call.path("method").asText());
      call.path("params").forEach(param -> words.append(' ').append(param.asText()));
      calls.add(words.toString());
    }
    return List.copyOf(calls);
  }

  static HttpAnswer answer(String body, Calls calls) throws InterruptedException {
    var tree = tree(body);
    if (tree.isArray()) {
      var replies = JsonNodeFactory.instance.arrayNode();
      for (var call : tree) {
        replies.add(envelope(call, calls.call(call.path("method").asText(), call.path("params"))));
      }
      return HttpAnswer.json(200, replies.toString());
    }
    if (!tree.isObject()) {
      return HttpAnswer.json(500, envelope(tree, NO_JSON).toString());
    }
    var reply = calls.call(tree.path("method").asText(), tree.path("params"));
    return HttpAnswer.json(status(tree, reply), envelope(tree, reply).toString());
  }

  private static boolean isVersion2(JsonNode call) {
    return call.path("jsonrpc").asText().equals("2.0");
  }

  private static int status(JsonNode call, Said reply) {
    return switch (reply) {
      case Said.Result _ -> 200;
      case Failure _ when isVersion2(call) -> 200;
      case Failure(int code, String _) -> code == -32601 ? 404 : 500;
    };
  }

  private static ObjectNode envelope(JsonNode call, Said reply) {
    var envelope = JsonNodeFactory.instance.objectNode();
    var version2 = isVersion2(call);
    if (version2) {
      envelope.put("jsonrpc", "2.0");
    }
    switch (reply) {
      case Said.Result(JsonNode value) -> {
        envelope.set("result", value);
        if (!version2) {
          envelope.putNull("error");
        }
      }
      case Failure(int code, String message) -> {
        if (!version2) {
          envelope.putNull("result");
        }
        envelope.putObject("error").put("code", code).put("message", message);
      }
    }
    envelope.set("id", call.has("id") ? call.path("id") : NullNode.getInstance());
    return envelope;
  }
}
