package io.bitcoincontroller.network;

import io.bitcoincontroller.cache.Change;
import io.bitcoincontroller.kube.KubeObject;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.kube.StoredObject;
import java.util.ArrayList;
import java.util.List;

/** Says in words how an object changed, for the flight recorder. */
public final class ChangeWords {
  private ChangeWords() {}

  /** Empty if an object came or went, and there is nothing else to say. */
  public static String of(Change<? extends KubeObject> change) {
    if (change.after().isEmpty()) {
      return "";
    }
    var words = new ArrayList<String>();
    var after = change.after().get();
    var before = change.before();
    if (after instanceof Pod now) {
      pod(before.map(Pod.class::cast).orElse(Pod.only(now.metadata())), now, words);
    }
    if (before.isPresent()) {
      metadata(before.get(), after, words);
      if (words.isEmpty()) {
        words.add(status(before.get(), after) ? "status" : "nothing that is kept");
      }
    }
    return String.join(", ", words);
  }

  private static void pod(Pod before, Pod now, List<String> words) {
    var address = now.status().podIP();
    if (!before.status().podIP().equals(address)) {
      words.add("address " + (address.isEmpty() ? "none" : address));
    }
    if (before.ready() != now.ready()) {
      words.add(now.ready() ? "ready" : "not ready");
    }
    if (!before.status().phase().equals(now.status().phase())) {
      words.add(now.status().phase());
    }
    if (!before.trouble().equals(now.trouble())) {
      words.add(now.trouble().orElse("no trouble any more"));
    }
  }

  private static void metadata(KubeObject before, KubeObject after, List<String> words) {
    var old = before.metadata();
    var now = after.metadata();
    if (old.generation() != now.generation()) {
      words.add("generation " + old.generation() + " -> " + now.generation());
      numbers(before, after, words);
    }
    if (old.deleting() != now.deleting()) {
      words.add("is being deleted");
    }
    if (!old.labels().equals(now.labels())) {
      words.add("labels");
    }
    if (!old.annotations().equals(now.annotations())) {
      words.add("annotations");
    }
    if (!old.ownerReferences().equals(now.ownerReferences())) {
      words.add("owner");
    }
  }

  private static void numbers(KubeObject before, KubeObject after, List<String> words) {
    if (before instanceof StoredObject old && after instanceof StoredObject now) {
      words.addAll(SetWords.changes(old.content(), now.content()));
    }
  }

  private static boolean status(KubeObject before, KubeObject after) {
    return before instanceof StoredObject old
        && after instanceof StoredObject now
        && !old.content().path("status").equals(now.content().path("status"));
  }
}
