package io.bitcoincontroller.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bitcoincontroller.cache.Turn.Effect;
import io.bitcoincontroller.kube.ListReader;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Parsed;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.network.Owners;
import io.bitcoincontroller.observe.LogLines;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Of objects that are somebody else's hardly more is kept than their metadata: it still tells. */
class TrimmedTest {
  private static final ObjectKey NET = new ObjectKey("n", "net");

  private final Store<StoredObject> store =
      new Store<>(
          "configmaps",
          Set.of(),
          Owners::keyOf,
          Owners::kept,
          _ -> 0,
          new Budget(Long.MAX_VALUE),
          () -> 0,
          new LogLines().log);
  private final Shard<StoredObject> shard = store.shard("");
  private final List<String> heard = new ArrayList<>();

  /** A ConfigMap that no network controls. */
  private static StoredObject foreign(String uid, String version, String network)
      throws IOException {
    var list =
        """
        {"metadata":{"resourceVersion":"1"},"items":[{"data":{"a":"%1$s"},"metadata":{
         "namespace":"n","name":"m","uid":"%1$s","resourceVersion":"%2$s",
         "labels":{"app":"bitcoin","app.kubernetes.io/name":"bitcoin",
          "app.kubernetes.io/managed-by":"bitcoin-controller",
          "app.kubernetes.io/instance":"%3$s"}}}]}
        """
            .formatted(uid, version, network);
    var body = new ByteArrayInputStream(list.getBytes(StandardCharsets.UTF_8));
    var parsed = new ListReader<>(body, StoredObject.class).next().orElseThrow();
    return ((Parsed.Whole<StoredObject>) parsed).object();
  }

  private void list(String version, StoredObject object) {
    shard.perform(new Effect.BeginStaging<>());
    shard.perform(new Effect.Stage<>(object));
    shard.perform(new Effect.Replace<>(version));
  }

  private void put(StoredObject object) {
    shard.perform(new Effect.Put<>(object, object.metadata().resourceVersion()));
  }

  private void hear() {
    store.listen(
        change ->
            heard.add(
                change.before().map(o -> o.metadata().uid()).orElse("-")
                    + ">"
                    + change.after().map(o -> o.metadata().uid()).orElse("-")));
  }

  @Test
  void oneThatWasCreatedAgainIsAnotherOne() throws IOException {
    list("1", foreign("a", "1", "net"));
    hear();
    list("5", foreign("b", "4", "net"));
    assertEquals(List.of("a>-", "->b"), heard);
    assertEquals("b", store.all().getFirst().metadata().uid());
  }

  @Test
  void oneThatWasRelabelledBelongsToAnotherNetwork() throws IOException {
    list("1", foreign("a", "1", "net"));
    assertEquals(1, store.ownedBy(NET).size());
    hear();
    list("5", foreign("a", "4", "other"));
    assertEquals(List.of("a>a"), heard);
    assertEquals(0, store.ownedBy(NET).size());
    put(foreign("a", "6", "net"));
    assertEquals(List.of("a>a", "a>a"), heard);
    assertEquals("6", store.ownedBy(NET).getFirst().metadata().resourceVersion());
  }
}
