package io.bitcoincontroller.network;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.observe.Log;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** The kind of PodDisruptionBudget that a cluster takes. */
public enum BudgetSupport {
  /** None: before Kubernetes 1.21, or not known yet. Networks do without. */
  NONE,
  /** Those without {@code unhealthyPodEvictionPolicy}: an apply must not name that field. */
  PLAIN,
  /** Those with that field: as of Kubernetes 1.27. */
  WITH_EVICTION_POLICY;

  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final int FIRST_WITH_POLICY = 27;

  /**
   * Asks the API server. It does not say whether this controller may use them: that may differ from
   * namespace to namespace.
   *
   * @param namespace any; empty for all
   * @throws IOException if the API server can't be reached: the caller tries again later
   */
  public static BudgetSupport ask(ApiSender api, String namespace, Log log)
      throws IOException, InterruptedException {
    var query = Map.of("limit", "1", "labelSelector", Names.SELECTOR);
    var request = Requests.collection(Resource.POD_DISRUPTION_BUDGETS, namespace, query);
    if (api.send(request, DEADLINE) instanceof Reply.Failure failure) {
      if (failure.code() == 404) {
        log.info("no disruption budgets: this Kubernetes has no policy/v1");
        return NONE;
      }
      if (failure.code() == 403) {
        log.warn("no disruption budgets: apply manifests/rbac.yaml", "why", failure.text());
      }
    }
    return api.send(Requests.version(), DEADLINE) instanceof Reply.Success(_, var version)
        ? of(version)
        : PLAIN;
  }

  /** Some clusters write {@code 27+}. */
  private static BudgetSupport of(JsonNode version) {
    var minor = version.path("minor").asText().replaceAll("[^0-9].*", "");
    var known = minor.matches("[0-9]{1,6}") ? Integer.parseInt(minor) : 0;
    return known >= FIRST_WITH_POLICY ? WITH_EVICTION_POLICY : PLAIN;
  }
}
