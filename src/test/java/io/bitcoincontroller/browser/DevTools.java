package io.bitcoincontroller.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bitcoincontroller.local.user.Waiting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * The DevTools protocol of one tab: JSON over a WebSocket. A call has a number, which its answer
 * names; a message without a number is an event.
 */
final class DevTools implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<Integer, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final WebSocket socket;

  /**
   * @param event is called with the method and parameters of each event
   */
  DevTools(HttpClient client, URI target, BiConsumer<String, JsonNode> event) {
    this.socket = client.newWebSocketBuilder().buildAsync(target, new Reader(event)).join();
  }

  private final class Reader implements WebSocket.Listener {
    private final BiConsumer<String, JsonNode> event;
    private final StringBuilder text = new StringBuilder();

    Reader(BiConsumer<String, JsonNode> event) {
      this.event = event;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        read(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    private void read(String message) {
      try {
        var json = JSON.readTree(message);
        var call = calls.remove(json.path("id").asInt());
        if (call != null) {
          call.complete(json);
        } else if (json.has("method")) {
          event.accept(json.path("method").asText(), json.path("params"));
        }
      } catch (IOException e) {
        fail(e);
      }
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      fail(error);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      fail(new IOException("the tab has been closed: " + code + " " + reason));
      return CompletableFuture.completedFuture(null);
    }

    private void fail(Throwable why) {
      calls.values().forEach(call -> call.completeExceptionally(why));
    }
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /**
   * Calls a method.
   *
   * @throws IOException if the browser refuses it, or does not answer
   */
  JsonNode call(String method, ObjectNode params) throws IOException, InterruptedException {
    var number = numbers.incrementAndGet();
    var answer = new CompletableFuture<JsonNode>();
    calls.put(number, answer);
    var message = object().put("id", number).put("method", method);
    message.set("params", params);
    try {
      socket.sendText(message.toString(), true).get();
      var json = answer.get(Waiting.BOUND.toSeconds(), TimeUnit.SECONDS);
      if (json.has("error")) {
        throw new IOException(method + ": " + json.path("error"));
      }
      return json.path("result");
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(method + " has no answer", e);
    } finally {
      calls.remove(number);
    }
  }

  @Override
  public void close() {
    socket.abort();
  }
}
