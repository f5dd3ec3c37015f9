package io.bitcoincontroller;

import io.bitcoincontroller.local.doubles.DoubleNetwork;
import io.bitcoincontroller.local.http.HttpRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the controllers ask the API server and the nodes, in the order in which it comes, and a trap
 * that one of these requests springs. Lists, watches and the Lease are left out: they change
 * nothing but who may change something.
 */
final class Overheard {
  /** When a trap is sprung. */
  enum Moment {
    /** The request has come, and nothing is done about it yet. */
    SEEN,
    /** It is done, and its answer has been sent. */
    ANSWERED
  }

  /**
   * A request.
   *
   * @param what as people read it
   * @param reads changes nothing
   * @param body empty for a node's
   */
  record Request(String what, boolean reads, String body) {
    @Override
    public String toString() {
      return what;
    }
  }

  /** What a trap does. */
  @FunctionalInterface
  interface Act {
    /**
     * Does it.
     *
     * @throws IOException so that the request, seen by now, is never answered
     */
    void act() throws IOException;
  }

  private record Trap(int number, Moment moment, Act act) {}

  private final List<Request> requests = new ArrayList<>();
  private Optional<Trap> trap = Optional.empty();

  void listen(Stage stage, DoubleNetwork nodes) {
    stage.cluster.api().requests().tell(this::ofApi);
    nodes.tell(
        post -> {
          var reads = post.calls().stream().allMatch(call -> call.startsWith("get"));
          return heard(new Request(post.address() + " " + post.calls(), reads, ""));
        });
  }

  private Runnable ofApi(HttpRequest request) throws IOException {
    var isOurs = request.header("User-Agent").startsWith("bitcoin-controller/");
    var query = request.query();
    var isList = query.containsKey("watch") || query.containsKey("limit");
    if (!isOurs || isList || request.path().contains("/leases")) {
      return () -> {};
    }
    var what = request.method() + " " + request.path();
    return heard(new Request(what, request.method().equals("GET"), request.body()));
  }

  private Runnable heard(Request request) throws IOException {
    var number = add(request);
    spring(number, Moment.SEEN);
    return () -> afterwards(number);
  }

  private synchronized int add(Request request) {
    requests.add(request);
    return requests.size();
  }

  private void afterwards(int number) {
    try {
      spring(number, Moment.ANSWERED);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void spring(int number, Moment moment) throws IOException {
    var act = take(number, moment);
    if (act.isPresent()) {
      act.get().act();
    }
  }

  private synchronized Optional<Act> take(int number, Moment moment) {
    var found = trap.filter(t -> t.number == number && t.moment == moment);
    if (found.isPresent()) {
      trap = Optional.empty();
    }
    return found.map(Trap::act);
  }

  /**
   * Begins to count anew.
   *
   * @param number of the request from now on, from 1
   * @param act run on the server's thread, which waits for it
   */
  synchronized void trap(int number, Moment moment, Act act) {
    requests.clear();
    trap = Optional.of(new Trap(number, moment, act));
  }

  /** Whether the trap still waits for its request. */
  synchronized boolean isSet() {
    return trap.isPresent();
  }

  /** All requests since it began to count. */
  synchronized List<Request> requests() {
    return List.copyOf(requests);
  }
}
