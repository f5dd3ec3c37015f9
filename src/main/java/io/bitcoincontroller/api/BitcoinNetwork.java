package io.bitcoincontroller.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.Excerpt;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import java.util.ArrayList;
import java.util.List;

/**
 * A network whose spec is valid.
 *
 * @param status as it stands in the API server, to be compared with the one that is found now
 */
public record BitcoinNetwork(Meta metadata, Spec spec, JsonNode status) {
  public static final Resource<StoredObject> RESOURCE =
      new Resource<>(
          "bitcoincontroller.christianb93.github.com",
          "v1",
          "BitcoinNetwork",
          "bitcoinnetworks",
          StoredObject.class,
          "kubectl apply -f manifests/crd.yaml");

  /** With {@code -sts-499} behind it a pod's name still fits a label of 63 characters. */
  private static final int LONGEST_NAME = 48;

  /** Of an invalid spec, so many problems are told, and so many characters of each. */
  private static final int MOST_PROBLEMS = 10;

  private static final int LONGEST_PROBLEM = 500;

  /** The result of reading. */
  public sealed interface Reading {
    record Valid(BitcoinNetwork network) implements Reading {}

    /**
     * Not to be acted upon.
     *
     * @param problems each names a field and says what to do; the last one may say that there are
     *     more
     */
    record Invalid(List<String> problems) implements Reading {}
  }

  public static Reading read(StoredObject stored) {
    var problems = new ArrayList<String>();
    var name = stored.metadata().name();
    if (name.length() > LONGEST_NAME || !name.matches("[a-z]([-a-z0-9]*[a-z0-9])?")) {
      problems.add(
          "metadata.name: at most 48 of a-z, 0-9 and -, beginning with a letter and not ending with"
              + " -: the names of the Service and the pods are made of it; create the network anew"
              + " with another name");
    }
    var spec = Spec.read(stored.content().path("spec"), problems);
    return problems.isEmpty()
        ? new Reading.Valid(
            new BitcoinNetwork(stored.metadata(), spec, stored.content().path("status")))
        : new Reading.Invalid(told(problems));
  }

  private static List<String> told(List<String> problems) {
    var told = new ArrayList<String>();
    for (var problem : problems.subList(0, Math.min(problems.size(), MOST_PROBLEMS))) {
      told.add(Excerpt.of(problem, LONGEST_PROBLEM));
    }
    if (problems.size() > told.size()) {
      told.add("and " + (problems.size() - told.size()) + " more");
    }
    return List.copyOf(told);
  }

  public ObjectKey key() {
    return metadata.key();
  }
}
