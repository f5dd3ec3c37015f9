package io.bitcoincontroller.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads one page of a list, object by object: a list of 10,000 pods never exists as one string or
 * tree, and one that can't be read keeps no other from being read. The fields of the page may come
 * in any order.
 *
 * <p>For one thread. Closing the body from another thread ends a reader that waits.
 */
public final class ListReader<T extends KubeObject> {
  private enum Place {
    BEFORE,
    FIELDS,
    ITEMS,
    END
  }

  private final Cutter cutter;
  private final Decoder<T> decoder;
  private final LeftOut unread;
  private Place place = Place.BEFORE;
  private String resourceVersion = "";
  private String continueToken = "";

  /** Reads nothing yet. */
  public ListReader(InputStream body, Class<T> type) {
    this.cutter = new Cutter(body, false);
    this.decoder = new Decoder<>(type);
    this.unread = LeftOut.of(type);
  }

  /**
   * Waits for the next object of the page.
   *
   * @return empty if the page was read to its end, the last byte of the body included, so that the
   *     connection can be used again
   * @throws IOException if the wire failed, the page was cut, or it is no list; objects delivered
   *     before are whole, but the page is not
   */
  public Optional<Parsed<T>> next() throws IOException {
    try (cutter) {
      while (place != Place.END && place != Place.ITEMS) {
        place = place == Place.BEFORE ? begin() : field();
      }
      return place == Place.END ? Optional.empty() : Optional.of(item());
    }
  }

  /** The version of the whole list: a watch goes on from here. Known at the end of the page. */
  public String resourceVersion() {
    return known(resourceVersion);
  }

  /** Asks for the next page; empty on the last one. Known at the end of the page. */
  public String continueToken() {
    return known(continueToken);
  }

  private String known(String value) {
    if (place != Place.END) {
      throw new IllegalStateException("the page is not read to its end");
    }
    return value;
  }

  private Place begin() throws IOException {
    cutter.take('{');
    return cutter.peek() == '}' ? afterField() : Place.FIELDS;
  }

  private Parsed<T> item() throws IOException {
    var frame = cutter.value(unread);
    if (frame.length() == 0 && !frame.tooLarge()) {
      throw cutter.broken();
    }
    var item = decoder.decode(frame);
    if (cutter.peek() == ',') {
      cutter.take();
    } else {
      place = afterItems();
    }
    return item;
  }

  private Place field() throws IOException {
    var field = cutter.value(LeftOut.NOTHING).word();
    cutter.take(':');
    if (field.equals("items") && cutter.peek() == '[') {
      cutter.take();
      return cutter.peek() == ']' ? afterItems() : Place.ITEMS;
    }
    var value = cutter.value(LeftOut.NOTHING); // items: null included: Go's empty list
    if (field.equals("metadata")) {
      metadata(Json.read(value, JsonNode.class));
    }
    return afterField();
  }

  private void metadata(JsonNode metadata) {
    resourceVersion = metadata.path("resourceVersion").asText();
    continueToken = metadata.path("continue").asText("");
  }

  private Place afterItems() throws IOException {
    cutter.take(']');
    return afterField();
  }

  private Place afterField() throws IOException {
    if (cutter.peek() == ',') {
      cutter.take();
      return Place.FIELDS;
    }
    cutter.take('}');
    if (resourceVersion.isEmpty()) {
      throw new IOException("a list without metadata.resourceVersion");
    }
    if (!cutter.atEnd()) {
      throw new IOException("bytes after the end of a list");
    }
    return Place.END;
  }
}
