package io.bitcoincontroller.nodes;

import io.bitcoincontroller.bitcoind.Answer;
import io.bitcoincontroller.bitcoind.BitcoindClient;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.bitcoind.NotWantedException;
import io.bitcoincontroller.bitcoind.Room;
import io.bitcoincontroller.bitcoind.RpcReply;
import io.bitcoincontroller.bitcoind.RpcRequest;
import io.bitcoincontroller.bitcoind.RpcSender;
import io.bitcoincontroller.kube.Excerpt;
import io.bitcoincontroller.kube.Pod;
import io.bitcoincontroller.nodes.BackgroundCalls.Verdict;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * RPC to the pods of one network, in batches. A call goes out only while this process leads and the
 * pod is still the one that the pass saw. Safe for many threads.
 */
final class PodRpc {
  /** bitcoind's errors that say: it is so already. */
  private static final Set<Integer> DONE_ALREADY =
      Set.of(RpcReply.NODE_ALREADY_ADDED, RpcReply.NODE_NOT_ADDED, RpcReply.NODE_NOT_CONNECTED);

  /** A network whose nodes hang takes no other network's calls. */
  private static final int CALLS_AT_A_TIME = 64;

  /** Further calls, to nodes that hang. */
  private static final int SLOW_CALLS = 64;

  private static final int LONGEST_WORDS = 300;

  /** The end of a batch that changes something. */
  sealed interface Made {
    /** All calls were carried out, or had been before. */
    record Done() implements Made {}

    /**
     * Not all were.
     *
     * @param why for people
     */
    record Refused(String why) implements Made {}

    /** The batch was not sent: meanwhile the pod has gone, or nobody wants it any more. */
    record NotWanted() implements Made {}

    default Verdict verdict() {
      return switch (this) {
        case Done() -> Verdict.WELL;
        case Refused _ -> Verdict.FAILED;
        case NotWanted() -> Verdict.NOT_MADE;
      };
    }
  }

  private final RpcSender bitcoind;
  private final BooleanSupplier mayAct;
  private final Predicate<Pod> there;
  private final CallRecord record;
  private final Ticker ticker;
  private final Room room =
      new Room(CALLS_AT_A_TIME, SLOW_CALLS, BitcoindClient.PROMPT, Ticker.SYSTEM);

  /**
   * @param mayAct false while another process leads: then no node is called
   * @param there whether a pod is still the same one at the same address: soon another pod may have
   *     the address, and its bitcoind may be of another network, or number its peers anew
   */
  PodRpc(
      RpcSender bitcoind,
      BooleanSupplier mayAct,
      Predicate<Pod> there,
      CallRecord record,
      Ticker ticker) {
    this.bitcoind = bitcoind;
    this.mayAct = mayAct;
    this.there = there;
    this.record = record;
    this.ticker = ticker;
  }

  /**
   * Asks a pod's bitcoind. If the pod was replaced meanwhile, the answer may be another's, and is
   * dropped.
   *
   * @throws NotWantedException if the pod is not there any more
   */
  Answer ask(Pod pod, List<RpcRequest> requests, Duration deadline, Credentials credentials)
      throws IOException, InterruptedException {
    var answer = call(pod, () -> true, requests, deadline, credentials);
    if (there.test(pod)) {
      return answer;
    }
    if (answer instanceof Answer.Replies(_, var share)) {
      share.giveBack();
    }
    throw new NotWantedException();
  }

  private Answer call(
      Pod pod,
      BooleanSupplier wanted,
      List<RpcRequest> requests,
      Duration deadline,
      Credentials credentials)
      throws IOException, InterruptedException {
    var began = ticker.nanos();
    try (var _ = room.take()) {
      var server = BitcoindClient.server(pod.status().podIP());
      var answer =
          bitcoind.call(
              server,
              credentials,
              requests,
              deadline,
              () -> mayAct.getAsBoolean() && there.test(pod) && wanted.getAsBoolean());
      record.answered(pod, requests, began, answer);
      return answer;
    } catch (NotWantedException e) {
      record.lost(pod, requests, began, false, whyNotSent(pod));
      throw e;
    } catch (IOException e) {
      record.lost(pod, requests, began, true, words(e));
      throw e;
    }
  }

  private String whyNotSent(Pod pod) {
    if (!mayAct.getAsBoolean()) {
      return "not the leader any more";
    }
    return there.test(pod) ? "nobody waits for it any more" : "the pod is not there any more";
  }

  /** As the other method, for calls that add nothing to a list. */
  Made make(
      Pod pod,
      BooleanSupplier wanted,
      List<RpcRequest> requests,
      Duration deadline,
      Credentials credentials) {
    return make(pod, wanted, requests, deadline, credentials, _ -> {});
  }

  /** Whether all of these pods are still the same ones at the same addresses. */
  boolean there(Collection<Pod> pods) {
    return pods.stream().allMatch(there);
  }

  /**
   * Has a pod's bitcoind make calls.
   *
   * @param wanted asked just before they go out: by then another pod may have an address that they
   *     name, or nobody may want them any more
   * @param listed is given each request to add an address that bitcoind calls listed already
   */
  Made make(
      Pod pod,
      BooleanSupplier wanted,
      List<RpcRequest> requests,
      Duration deadline,
      Credentials credentials,
      Consumer<RpcRequest> listed) {
    try {
      return switch (call(pod, wanted, requests, deadline, credentials)) {
        case Answer.Replies(var replies, var share) -> {
          share.giveBack();
          listedAlready(requests, replies).forEach(listed);
          yield made(replies);
        }
        case Answer.Unauthorized() -> new Made.Refused("it refuses the credentials");
        case Answer.Forbidden() -> new Made.Refused(FORBIDDEN);
        case Answer.Busy(int status) -> new Made.Refused(busy(status));
      };
    } catch (NotWantedException e) {
      return new Made.NotWanted();
    } catch (IOException e) {
      return new Made.Refused(words(e));
    } catch (InterruptedException e) {
      return new Made.Refused(INTERRUPTED);
    }
  }

  private static List<RpcRequest> listedAlready(List<RpcRequest> requests, List<RpcReply> replies) {
    var listed = new ArrayList<RpcRequest>();
    for (var i = 0; i < replies.size(); i++) {
      if (replies.get(i) instanceof RpcReply.Failure(int code, _)
          && code == RpcReply.NODE_ALREADY_ADDED) {
        listed.add(requests.get(i));
      }
    }
    return listed;
  }

  private static Made made(List<RpcReply> replies) {
    for (var reply : replies) {
      if (reply instanceof RpcReply.Failure failure && !isDoneAlready(failure)) {
        return new Made.Refused(failure.text());
      }
    }
    return new Made.Done();
  }

  static boolean isDoneAlready(RpcReply.Failure failure) {
    return DONE_ALREADY.contains(failure.code());
  }

  static final String FORBIDDEN = "it forbids the call (HTTP 403)";

  /** Nobody interrupts the threads of these calls; should it happen, the call has failed. */
  static final String INTERRUPTED = "interrupted";

  static String busy(int status) {
    return "its RPC server is busy (HTTP " + status + ")";
  }

  static String words(IOException e) {
    return switch (e) {
      case HttpTimeoutException _ -> "no answer in time";
      case ConnectException _ -> "it can't be connected to";
      default -> cut(String.valueOf(e.getMessage()));
    };
  }

  /** The JDK's own words may quote the server, which may send anything. */
  private static String cut(String text) {
    return Excerpt.of(text.replaceAll("\\p{Cntrl}", " "), LONGEST_WORDS);
  }
}
