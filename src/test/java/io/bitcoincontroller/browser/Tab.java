package io.bitcoincontroller.browser;

import static io.bitcoincontroller.browser.DevTools.object;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.local.user.Seen;
import io.bitcoincontroller.local.user.Waiting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** One tab: what it shows, and what a person does in it. For one thread. */
public final class Tab implements AutoCloseable {
  /** Numbers of keys, without which they do nothing by themselves. */
  private static final Map<String, Integer> KEYS =
      Map.of("Tab", 9, "Enter", 13, "End", 35, "Home", 36, "ArrowLeft", 37, "ArrowRight", 39);

  private final DevTools tools;
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  Tab(HttpClient client, URI target) throws IOException, InterruptedException {
    tools = new DevTools(client, target, this::heard);
    for (var domain : List.of("Runtime", "Page", "Log", "Network", "DOM", "Accessibility")) {
      tools.call(domain + ".enable", object());
    }
    tools.call("Emulation.setFocusEmulationEnabled", object().put("enabled", true));
    size(1400, 1800);
  }

  private void heard(String method, JsonNode event) {
    switch (method) {
      case "Network.requestWillBeSent" -> requests.add(event.at("/request/url").asText());
      case "Log.entryAdded" -> complaints.add(event.at("/entry/text").asText());
      case "Runtime.consoleAPICalled" -> complaints.add(event.path("args").toString());
      case "Runtime.exceptionThrown" -> complaints.add(event.path("exceptionDetails").toString());
      default -> {} // of no interest
    }
  }

  /** All that stands in the console: errors, and what the policy has refused. */
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** The addresses that were asked for. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** Leaves the present document for this one. */
  public void open(String address) throws IOException, InterruptedException {
    tools.call("Page.navigate", object().put("url", "about:blank"));
    tools.call("Page.navigate", object().put("url", address));
    await(
        "the document is there",
        "location.href !== 'about:blank' && document.readyState === 'complete'");
  }

  /**
   * The value of an expression, or of the promise that it gives.
   *
   * @throws IOException if it throws
   */
  public JsonNode value(String expression) throws IOException, InterruptedException {
    var call = object().put("expression", expression);
    var result =
        tools.call("Runtime.evaluate", call.put("awaitPromise", true).put("returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new IOException(
          expression + ": " + result.at("/exceptionDetails/exception/description").asText());
    }
    return result.at("/result/value");
  }

  /** Asks until the value is true, or a text that is not empty; returns it. */
  public String await(String what, String expression) throws InterruptedException {
    return Waiting.until(
        what,
        () -> "in the console: " + complaints,
        () -> {
          var value = value(expression);
          var good = value.isTextual() ? !value.asText().isEmpty() : value.asBoolean();
          return good ? new Seen.Good(value.asText()) : new Seen.NotYet(expression, "" + value);
        });
  }

  /** The text of an element; empty if there is none. */
  public String text(String selector) throws IOException, InterruptedException {
    return value("document.querySelector('" + selector + "')?.textContent ?? ''").asText();
  }

  /** Waits until an element has a text with all of these parts. */
  public void awaitText(String selector, String... parts) throws InterruptedException {
    Waiting.until(
        selector + " shows " + List.of(parts),
        () -> "in the console: " + complaints,
        () -> {
          var text = text(selector);
          return List.of(parts).stream().allMatch(text::contains)
              ? new Seen.Good("")
              : new Seen.NotYet("" + List.of(parts), text);
        });
  }

  /** Clicks with the mouse in the middle of an element, which is scrolled into sight. */
  public void click(String selector) throws IOException, InterruptedException {
    var found =
        value(
            "(() => { const element = document.querySelector('"
                + selector
                + "'); element.scrollIntoView({ block: 'center' });"
                + " const { x, y, width, height } = element.getBoundingClientRect();"
                + " return [x + width / 2, y + height / 2]; })()");
    for (var type : List.of("mousePressed", "mouseReleased")) {
      var event = object().put("type", type).put("button", "left").put("clickCount", 1);
      event.put("x", found.get(0).asDouble()).put("y", found.get(1).asDouble());
      tools.call("Input.dispatchMouseEvent", event);
    }
  }

  /** Puts the focus on an element and presses a key there, as a person without a mouse does. */
  public void press(String selector, String key) throws IOException, InterruptedException {
    value("document.querySelector('" + selector + "').focus()");
    press(key);
  }

  /** Presses a key where the focus is: a character, or one of {@link #KEYS}. */
  public void press(String key) throws IOException, InterruptedException {
    for (var type : List.of("keyDown", "keyUp")) {
      var event = object().put("type", type).put("key", key);
      if (KEYS.containsKey(key)) {
        event.put("windowsVirtualKeyCode", KEYS.get(key)).put("code", key);
      }
      if (type.equals("keyDown") && (key.length() == 1 || key.equals("Enter"))) {
        event.put("text", key.equals("Enter") ? "\r" : key);
      }
      tools.call("Input.dispatchKeyEvent", event);
    }
  }

  /** Chooses an entry of a list by its value, as soon as the list has it. */
  public void choose(String selector, String value) throws IOException, InterruptedException {
    var entries = "[...document.querySelector('" + selector + "').options]";
    await("an entry " + value, entries + ".some(({ value }) => value === '" + value + "')");
    value(
        "(() => { const list = document.querySelector('"
            + selector
            + "'); list.value = '"
            + value
            + "'; list.dispatchEvent(new Event('change', { bubbles: true })); })()");
  }

  /** Gives a file to an element that takes one. */
  public void give(String selector, Path file) throws IOException, InterruptedException {
    var element = object().put("expression", "document.querySelector('" + selector + "')");
    var given =
        object()
            .put(
                "objectId",
                tools.call("Runtime.evaluate", element).at("/result/objectId").asText());
    given.putArray("files").add(file.toString());
    tools.call("DOM.setFileInputFiles", given);
  }

  /** From now on, files that the page hands out are put into this folder. */
  public void keepDownloads(Path folder) throws IOException, InterruptedException {
    var where = object().put("behavior", "allow").put("downloadPath", folder.toString());
    tools.call("Browser.setDownloadBehavior", where);
  }

  public void size(int width, int height) throws IOException, InterruptedException {
    var size = object().put("width", width).put("height", height);
    tools.call(
        "Emulation.setDeviceMetricsOverride",
        size.put("deviceScaleFactor", 1).put("mobile", false));
  }

  /** Makes the system prefer something, such as {@code prefers-color-scheme} {@code dark}. */
  public void prefer(String feature, String value) throws IOException, InterruptedException {
    var media = object();
    media.putArray("features").addObject().put("name", feature).put("value", value);
    tools.call("Emulation.setEmulatedMedia", media);
  }

  /** What a screen reader finds: role and name of each thing, parted by a colon. */
  public List<String> accessible() throws IOException, InterruptedException {
    var found = new ArrayList<String>();
    for (var node : tools.call("Accessibility.getFullAXTree", object()).path("nodes")) {
      if (!node.path("ignored").asBoolean()) {
        found.add(node.at("/role/value").asText() + ":" + node.at("/name/value").asText().strip());
      }
    }
    return found;
  }

  /** Closes the tab in the browser, too. */
  @Override
  public void close() throws IOException {
    try {
      tools.call("Page.close", object());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      tools.close();
    }
  }
}
