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
import java.util.Set;

/** What a cluster does with PodDisruptionBudgets, as far as this controller may use them. */
public enum BudgetSupport {
  /** Before Kubernetes 1.21, or with the rights of an older release: networks do without. */
  NONE,
  /** Without {@code unhealthyPodEvictionPolicy}, which an apply must not name then. */
  PLAIN,
  /** With that field, as of 1.27. */
  WITH_EVICTION_POLICY;

  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final int FIRST_WITH_POLICY = 27;

  /**
   * Asks the API server.
   *
   * @param namespaces that are watched; none means all
   * @throws IOException if it does not say: worth another try
   */
  public static BudgetSupport ask(ApiSender api, Set<String> namespaces, Log log)
      throws IOException, InterruptedException {
    for (var namespace : namespaces.isEmpty() ? Set.of("") : namespaces) {
      var query = Map.of("limit", "1", "labelSelector", Names.SELECTOR);
      var request = Requests.collection(Resource.POD_DISRUPTION_BUDGETS, namespace, query);
      switch (api.send(request, DEADLINE)) {
        case Reply.Success _ -> {
          return ofVersion(api);
        }
        case Reply.Failure failure when failure.code() == 404 -> {
          log.info("no disruption budgets: this Kubernetes has no policy/v1");
          return NONE;
        }
        case Reply.Failure failure when failure.code() == 403 ->
            log.warn("no disruption budgets: apply manifests/rbac.yaml", "why", failure.text());
        case Reply.Failure failure -> throw new IOException(failure.text());
      }
    }
    return NONE;
  }

  private static BudgetSupport ofVersion(ApiSender api) throws IOException, InterruptedException {
    return switch (api.send(Requests.version(), DEADLINE)) {
      case Reply.Success(_, var version) -> of(version);
      case Reply.Failure failure when failure.code() == 403 -> PLAIN;
      case Reply.Failure failure -> throw new IOException(failure.text());
    };
  }

  /** Some clusters write {@code 27+}. */
  private static BudgetSupport of(JsonNode version) {
    var minor = version.path("minor").asText().replaceAll("[^0-9].*", "");
    var known = minor.matches("[0-9]{1,6}") ? Integer.parseInt(minor) : 0;
    return known >= FIRST_WITH_POLICY ? WITH_EVICTION_POLICY : PLAIN;
  }
}
