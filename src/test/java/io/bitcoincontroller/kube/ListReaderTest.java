package io.bitcoincontroller.kube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListReaderTest {
  private static final String ITEMS =
      "\"items\":[{\"metadata\":{\"name\":\"a\"},\"spec\":{\"x\":[{}]}},{\"metadata\":{\"name\":\"b\"}}]";
  private static final String METADATA =
      "\"metadata\":{\"remainingItemCount\":7,\"continue\":\"next\",\"resourceVersion\":\"12\"}";

  private static ListReader<Pod> reader(String text) {
    return new ListReader<>(new ByteArrayInputStream(text.getBytes(UTF_8)), Pod.class);
  }

  private static List<String> names(ListReader<Pod> reader) throws IOException {
    var names = new ArrayList<String>();
    for (var pod = reader.next(); pod.isPresent(); pod = reader.next()) {
      names.add(
          switch (pod.get()) {
            case Parsed.Whole<Pod>(var whole) -> whole.metadata().name();
            case Parsed.Unreadable<Pod> unreadable ->
                "? " + unreadable.key().map(ObjectKey::name).orElse("");
          });
    }
    return names;
  }

  @Test
  void theFieldsOfAPageMayComeInAnyOrder() throws IOException {
    var kind = "\"kind\":\"PodList\",\"apiVersion\":\"v1\"";
    for (var order :
        List.of(
            List.of(kind, METADATA, ITEMS),
            List.of(ITEMS, METADATA, kind),
            List.of(METADATA, ITEMS, kind))) {
      var page = reader("{" + String.join(",", order) + "}\n");
      assertEquals(List.of("a", "b"), names(page));
      assertEquals("12", page.resourceVersion());
      assertEquals("next", page.continueToken());
      assertEquals(Optional.empty(), page.next());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"items\":[],", "\"items\":null,", ""})
  void anEmptyListIsAList(String items) throws IOException {
    var page = reader("{" + items + "\"metadata\":{\"resourceVersion\":\"3\"}}");
    assertEquals(List.of(), names(page));
    assertEquals("3", page.resourceVersion());
    assertEquals("", page.continueToken());
  }

  @Test
  void theVersionIsNotKnownBeforeTheEnd() throws IOException {
    var page = reader("{" + METADATA + "," + ITEMS + "}");
    page.next();
    assertThrows(IllegalStateException.class, page::resourceVersion);
  }

  @Test
  void aCutAnywhereIsAnError() {
    var text = "{" + METADATA + "," + ITEMS + "}";
    for (var length = 0; length < text.length(); length++) {
      var cut = reader(text.substring(0, length));
      assertThrows(IOException.class, () -> names(cut), "cut after " + length);
    }
  }

  @Test
  void whatIsNoObjectKeepsNoOtherFromBeingRead() throws IOException {
    var odd =
        "[[[]]],{},1,null,true,{\"metadata\":{\"name\":\"c\",\"resourceVersion\":\"7\",\"labels\":[]}}";
    var page = reader("{" + METADATA + "," + ITEMS.replace("}},{", "}}," + odd + ",{") + "}");
    assertEquals(List.of("a", "? ", "? ", "? ", "? ", "? ", "? c", "b"), names(page));
    assertEquals("12", page.resourceVersion());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"items\":[]}",
        "{\"metadata\":{\"resourceVersion\":\"3\"},\"items\":[{}}",
        "{\"metadata\":{\"resourceVersion\":\"3\"},\"items\":[{}]]}",
        "{\"metadata\":{\"resourceVersion\":\"3\"},\"items\":[{},]}",
        "{\"metadata\":{\"resourceVersion\":\"3\"}\"items\":[]}",
        "{\"metadata\":[],\"items\":[]}",
        "{\"metadata\":{\"resourceVersion\":\"3\"}} {}",
        "[]",
      })
  void whatIsNoListIsAnError(String text) {
    assertThrows(IOException.class, () -> names(reader(text)));
  }
}
