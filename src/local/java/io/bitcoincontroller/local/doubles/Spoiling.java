package io.bitcoincontroller.local.doubles;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.bitcoind.RpcReply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Does to a right answer what an {@link RpcFault} says. */
final class Spoiling {
  private static final int DRIP_MILLIS = 20;

  private Spoiling() {}

  static boolean isOfWire(RpcFault fault) {
    return switch (fault) {
      case CUT_BEFORE_HEADERS,
          CUT_IN_BODY,
          CUT_IN_BODY_OF_UNKNOWN_LENGTH,
          SILENT,
          SILENT_IN_HEADERS,
          SILENT_IN_BODY,
          DRIPPING,
          ENDLESS ->
          true;
      default -> false;
    };
  }

  static HttpAnswer content(RpcFault fault, HttpAnswer right) {
    return switch (fault) {
      case OVERLOADED -> HttpAnswer.BUSY;
      case FORBIDDEN -> HttpAnswer.FORBIDDEN;
      case WEB_PAGE -> HttpAnswer.page("<html><body>It works!</body></html>");
      case REDIRECTED -> new HttpAnswer(302, "text/html", "");
      case WARMING_UP_AS_ONE -> HttpAnswer.json(500, one(error(RpcReply.IN_WARMUP)));
      case ONE_RESULT_FOR_ALL -> HttpAnswer.json(200, one(o -> o.putArray("result")));
      case VERSION_2 -> each(right, Spoiling::asVersion2);
      case FOREIGN_IDS -> each(right, o -> o.put("id", o.path("id").asInt() + 7));
      case BROKEN_IDS -> each(right, o -> o.put("id", o.path("id").asInt() + 0.5));
      case NEITHER_RESULT_NOR_ERROR -> each(right, o -> o.remove("result"));
      case ERROR_AS_TEXT -> each(right, o -> o.put("error", "no"));
      case MEMBER_MISSING -> list(right, a -> a.remove(a.size() - 1));
      case MEMBER_TWICE -> list(right, a -> a.add(a.get(a.size() - 1).deepCopy()));
      case REVERSED -> list(right, Spoiling::reverse);
      default -> right;
    };
  }

  private static String one(Consumer<ObjectNode> content) {
    var object = JsonNodeFactory.instance.objectNode();
    content.accept(object);
    return object.putNull("id").toString();
  }

  private static Consumer<ObjectNode> error(int code) {
    return object -> object.putObject("error").put("code", code).put("message", "Loading…");
  }

  private static void asVersion2(ObjectNode reply) {
    reply.put("jsonrpc", "2.0");
    reply.remove(reply.path("error").isNull() ? "error" : "result");
  }

  private static HttpAnswer each(HttpAnswer right, Consumer<ObjectNode> change) {
    return list(right, replies -> replies.forEach(reply -> change.accept((ObjectNode) reply)));
  }

  private static HttpAnswer list(HttpAnswer right, Consumer<ArrayNode> change) {
    if (!(JsonRpc.tree(right.body()) instanceof ArrayNode replies)) {
      return right;
    }
    change.accept(replies);
    return HttpAnswer.json(right.status(), replies.toString());
  }

  private static void reverse(ArrayNode replies) {
    var reversed = JsonNodeFactory.instance.arrayNode();
    for (var i = replies.size() - 1; i >= 0; i--) {
      JsonNode reply = replies.get(i);
      reversed.add(reply);
    }
    replies.removeAll().addAll(reversed);
  }

  /** Returns when nothing more is to come on this connection. */
  static void wire(RpcFault fault, HttpAnswer right, Socket socket, InputStream in)
      throws IOException {
    var out = socket.getOutputStream();
    var half = right.body().substring(0, right.body().length() / 2);
    switch (fault) {
      case CUT_IN_BODY -> write(out, right.head(true) + half);
      case CUT_IN_BODY_OF_UNKNOWN_LENGTH -> write(out, right.head(false) + half);
      case SILENT -> awaitEnd(in);
      case SILENT_IN_HEADERS -> {
        write(out, right.head(true).substring(0, 20));
        awaitEnd(in);
      }
      case SILENT_IN_BODY -> {
        write(out, right.head(true) + half);
        awaitEnd(in);
      }
      case DRIPPING -> drip(right, socket, in);
      case ENDLESS -> {
        write(out, right.head(false) + "[");
        while (true) {
          write(out, "0,".repeat(10_000));
        }
      }
      default -> {}
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The client closes the connection when it has had enough. */
  private static void awaitEnd(InputStream in) throws IOException {
    var _ = in.read();
  }

  private static void drip(HttpAnswer right, Socket socket, InputStream in) throws IOException {
    write(socket.getOutputStream(), right.head(false));
    socket.setSoTimeout(DRIP_MILLIS);
    var open = true;
    while (open) {
      write(socket.getOutputStream(), " ");
      try {
        open = in.read() >= 0;
      } catch (SocketTimeoutException _) {
        // still there: the next byte
      }
    }
  }
}
