package io.bitcoincontroller.network;

import io.bitcoincontroller.cache.Store;
import io.bitcoincontroller.controller.Permit;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.ApiRequest;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.kube.StoredObject;
import io.bitcoincontroller.plan.Rivals;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * Reads other people's disruption budgets: those of a namespace once for all of its networks, for a
 * tenant may have thousands of both. Nothing is kept of them but a name for each network. Safe for
 * many threads.
 */
final class RivalReader {
  /** For all pages together. */
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private static final Duration READ_FOR = Duration.ofMinutes(1);

  /** The right to read them may be missing, and be given at any time. */
  private static final Duration UNREADABLE_FOR = Duration.ofSeconds(30);

  private static final Duration TOO_MANY_FOR = Duration.ofMinutes(5);

  /** Each budget may have some tens of kilobytes. */
  private static final int PAGE = 50;

  private static final int MOST_PAGES = 10;

  private static final String UNREADABLE = "the namespace's PodDisruptionBudgets can't be read: ";

  /**
   * The budgets of a namespace, as they were read.
   *
   * @param rivals names of budgets by the network whose pods they select
   * @param unread why there may be more
   * @param began a ticker's nanoseconds, as the next
   * @param until so long, it is not read again for networks that were there
   */
  record Reading(Map<String, String> rivals, Optional<String> unread, long began, long until) {
    /**
     * One that failed is no reason to make a budget, and so serves later networks as well.
     *
     * @param since budgets that were made before that time shall be in it
     */
    private boolean serves(long since, long now) {
      return now - until < 0 && (unread.isPresent() || began - since >= 0);
    }
  }

  private static final class Namespace {
    /** Who has it reads. */
    final ReentrantLock turn = new ReentrantLock();

    volatile Optional<Reading> last = Optional.empty();

    boolean isOver(long now) {
      return !turn.isLocked() && last.filter(reading -> now - reading.until() < 0).isEmpty();
    }
  }

  private final Store<StoredObject> networks;
  private final Ticker ticker;

  /** Those that were read a short time ago: all others are forgotten when one more is read. */
  private final Map<String, Namespace> namespaces = new ConcurrentHashMap<>();

  RivalReader(Store<StoredObject> networks, Ticker ticker) {
    this.networks = networks;
    this.ticker = ticker;
  }

  /**
   * A reading that has all networks which are in the store now. Of several that ask at a time one
   * reads, and the others wait.
   *
   * @param since a ticker's nanoseconds: a reading that began earlier does not do, unless it failed
   * @param permit given up meanwhile: one namespace, however many budgets it has, takes no worker
   */
  Reading read(String namespace, long since, ApiSender api, Permit permit)
      throws InterruptedException {
    var known = namespaces.computeIfAbsent(namespace, _ -> new Namespace());
    if (lacks(known, since)) {
      permit.giveUpFor(() -> read(namespace, known, since, api));
    }
    return known.last.orElseThrow();
  }

  private boolean lacks(Namespace known, long since) {
    return known.last.filter(reading -> reading.serves(since, ticker.nanos())).isEmpty();
  }

  private void read(String namespace, Namespace known, long since, ApiSender api)
      throws InterruptedException {
    known.turn.lockInterruptibly();
    try {
      if (lacks(known, since)) {
        namespaces.values().removeIf(other -> other.isOver(ticker.nanos()));
        known.last = Optional.of(pages(namespace, api));
      }
    } finally {
      known.turn.unlock();
    }
  }

  private Reading pages(String namespace, ApiSender api) throws InterruptedException {
    var began = ticker.nanos();
    var rivals = new HashMap<String, String>();
    var without = new HashSet<>(networks(namespace));
    var token = "";
    try {
      for (var page = 0; page < MOST_PAGES; page++) {
        var left = began + DEADLINE.toNanos() - ticker.nanos();
        switch (api.send(page(namespace, token), Duration.ofNanos(left))) {
          case Reply.Success(_, var list) -> {
            rivals.putAll(Rivals.of(list, without));
            without.removeAll(rivals.keySet());
            token = list.at("/metadata/continue").asText();
          }
          case Reply.Failure failure -> {
            return reading(rivals, Optional.of(failure.text()), began, UNREADABLE_FOR);
          }
        }
        if (token.isEmpty()) {
          return reading(rivals, Optional.empty(), began, READ_FOR);
        }
      }
      var more = "there are more than " + MOST_PAGES * PAGE;
      return reading(rivals, Optional.of(more), began, TOO_MANY_FOR);
    } catch (IOException e) {
      return reading(rivals, Optional.of(e.toString()), began, UNREADABLE_FOR);
    }
  }

  private Reading reading(
      Map<String, String> rivals, Optional<String> unread, long began, Duration good) {
    var until = ticker.nanos() + good.toNanos();
    return new Reading(Map.copyOf(rivals), unread.map(UNREADABLE::concat), began, until);
  }

  private Set<String> networks(String namespace) {
    return networks.all().stream()
        .map(network -> network.metadata().key())
        .filter(key -> key.namespace().equals(namespace))
        .map(key -> key.name())
        .collect(Collectors.toSet());
  }

  /** Without our own budgets: a namespace has one for each network. */
  private static ApiRequest page(String namespace, String token) {
    var query = new LinkedHashMap<String, String>();
    query.put("labelSelector", Names.NOT_OURS);
    query.put("limit", "" + PAGE);
    query.put("continue", token);
    return Requests.collection(Resource.POD_DISRUPTION_BUDGETS, namespace, query);
  }

  /** How many namespaces something is kept of. */
  int kept() {
    return namespaces.size();
  }
}
