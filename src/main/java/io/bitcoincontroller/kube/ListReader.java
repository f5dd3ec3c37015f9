package io.bitcoincontroller.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads one page of a list, object by object: a list of 10,000 pods never exists as one string or
 * tree. The fields of the page may come in any order.
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

  private final JsonSource<T> source;
  private Place place = Place.BEFORE;
  private String resourceVersion = "";
  private String continueToken = "";

  /** Reads nothing yet. */
  public ListReader(InputStream body, Class<T> type) {
    this.source = new JsonSource<>(body, type);
  }

  /**
   * Waits for the next object of the page.
   *
   * @return empty if the page was read to its end, the last byte of the body included, so that the
   *     connection can be used again
   * @throws IOException if the wire failed, the page was cut, or it is no list; objects delivered
   *     before are whole, but the page is not
   */
  public Optional<T> next() throws IOException {
    source.expectObject();
    try {
      var parser = source.parser();
      while (place != Place.END) {
        if (place == Place.ITEMS && parser.nextToken() != JsonToken.END_ARRAY) {
          return Optional.of(source.object(parser));
        }
        place = fields(parser);
      }
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw source.explain(e);
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

  /** Goes on to the items, or to the end of the page. */
  private Place fields(JsonParser parser) throws IOException {
    if (place == Place.BEFORE) {
      JsonSource.expect(parser.nextToken(), JsonToken.START_OBJECT, "a list");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var field = parser.currentName();
      var value = parser.nextToken();
      if (field.equals("items") && value == JsonToken.START_ARRAY) {
        return Place.ITEMS;
      } else if (field.equals("metadata")) {
        metadata(parser);
      } else {
        parser.skipChildren(); // items: null included, which Go writes for an empty list
      }
    }
    return end(parser);
  }

  private void metadata(JsonParser parser) throws IOException {
    JsonSource.expect(parser.currentToken(), JsonToken.START_OBJECT, "a list's metadata");
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "resourceVersion" -> resourceVersion = parser.getText();
        case "continue" -> continueToken = parser.getText();
        default -> parser.skipChildren();
      }
    }
  }

  private Place end(JsonParser parser) throws IOException {
    if (resourceVersion.isEmpty()) {
      throw new IOException("a list without metadata.resourceVersion");
    }
    if (parser.nextToken() != null) {
      throw new IOException("bytes after the end of a list");
    }
    return Place.END;
  }
}
