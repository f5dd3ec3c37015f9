package io.bitcoincontroller.network;

import io.bitcoincontroller.api.BitcoinNetwork;
import io.bitcoincontroller.bitcoind.Credentials;
import io.bitcoincontroller.desired.Children;
import io.bitcoincontroller.desired.Names;
import io.bitcoincontroller.kube.ApiSender;
import io.bitcoincontroller.kube.Json;
import io.bitcoincontroller.kube.Meta;
import io.bitcoincontroller.kube.ObjectKey;
import io.bitcoincontroller.kube.Reply;
import io.bitcoincontroller.kube.Requests;
import io.bitcoincontroller.kube.Resource;
import io.bitcoincontroller.plan.Child;
import io.bitcoincontroller.plan.Note;
import io.bitcoincontroller.plan.SecretRules;
import io.bitcoincontroller.plan.SecretState;
import io.bitcoincontroller.plan.Trouble;
import io.bitcoincontroller.timing.Ticker;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/**
 * The RPC credentials of one network. Secrets are read by name only, never listed or watched: the
 * controller needs no right to see any other.
 */
final class Secrets {
  private static final Duration GOOD_FOR = Duration.ofMinutes(5);

  /** After a 401 the Secret is read again, but not at every 401. */
  private static final Duration DOUBTED_AFTER = Duration.ofSeconds(10);

  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** While credentials are known: the nodes wait. */
  private static final Duration SHORT_DEADLINE = Duration.ofSeconds(2);

  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * Credentials as they were read.
   *
   * @param generation of the spec; with a new one the Secret is read again, for its user may have
   *     changed both
   * @param readAt a ticker's nanoseconds
   */
  private record Known(String name, long generation, Credentials credentials, long readAt) {}

  /**
   * A read that gave no credentials.
   *
   * @param at a ticker's nanoseconds
   * @param why empty if there was no answer: then a status can't be written either
   */
  private record Setback(String name, long generation, long at, Optional<Trouble> why) {}

  private final ApiSender api;
  private final Ticker ticker;

  /** The nodes have these, even while the spec names another Secret, which can't be had. */
  private Optional<Known> known = Optional.empty();

  /** Of the last read; empty if it gave credentials. */
  private Optional<Setback> setback = Optional.empty();

  /** A node refused the known credentials since they were read. */
  private boolean doubted;

  /** There may be a Secret of the generated one's name. */
  private boolean found;

  Secrets(ApiSender api, Ticker ticker) {
    this.api = api;
    this.ticker = ticker;
  }

  /** A node refused the credentials. */
  void doubt() {
    doubted = true;
  }

  /** The nodes are to be called with these; empty if none are known. */
  Optional<Credentials> inUse() {
    return known.map(Known::credentials);
  }

  /**
   * The credentials, read at most five minutes ago, and since the spec last changed. If the Secret
   * can't be read or used any more, the known credentials go on being used: the nodes have them. A
   * Secret that can't be had is not asked for in every pass.
   *
   * @throws IOException if the API server can't be asked and nothing is known yet
   */
  SecretState read(BitcoinNetwork network) throws IOException, InterruptedException {
    var name = name(network);
    var before = known.filter(k -> k.name().equals(name));
    var failed = setback.filter(s -> isRecent(s, name, network));
    if (before.isPresent() && failed.isPresent()) {
      return goOn(before.get(), failed.get().why());
    }
    var why = failed.flatMap(Setback::why);
    if (why.isPresent()) {
      return new SecretState.Unavailable(why.get());
    }
    if (before.isPresent() && fresh(before.get(), network)) {
      return new SecretState.Usable(before.get().credentials());
    }
    if (generated(network) && network.status().isEmpty() && known.isEmpty() && !found) {
      // a new network has none; if it has, the API server refuses to create it
      return new SecretState.ToBeMade(random());
    }
    try {
      return judge(network, before, ask(network, name));
    } catch (IOException e) {
      if (known.isEmpty()) {
        throw e;
      }
      return before.isPresent()
          ? setBack(network, before.get(), Optional.empty())
          : unreadable(network, name, e);
    }
  }

  private SecretState judge(BitcoinNetwork network, Optional<Known> before, SecretState state) {
    setback = Optional.empty();
    return switch (state) {
      case SecretState.Usable(var credentials) -> {
        doubted = false;
        remember(network, credentials);
        yield state;
      }
      case SecretState.ToBeMade _ when before.isPresent() ->
          new SecretState.ToBeMade(before.get().credentials());
      case SecretState.Unavailable(Trouble why) when before.isPresent() ->
          setBack(network, before.get(), Optional.of(why));
      case SecretState.ToBeMade _, SecretState.Unavailable _, SecretState.Remembered _ -> state;
    };
  }

  private SecretState setBack(BitcoinNetwork network, Known before, Optional<Trouble> why) {
    var generation = network.metadata().generation();
    setback = Optional.of(new Setback(before.name(), generation, ticker.nanos(), why));
    return goOn(before, why);
  }

  /** The known credentials are of another Secret; with them, the nodes are looked after. */
  private SecretState unreadable(BitcoinNetwork network, String name, IOException e) {
    var text = "Secret " + name + " can't be had now: " + e.getMessage();
    return new SecretState.Unavailable(setBack(network, new Trouble("SecretUnreadable", text)));
  }

  private Trouble setBack(BitcoinNetwork network, Trouble why) {
    var generation = network.metadata().generation();
    setback = Optional.of(new Setback(name(network), generation, ticker.nanos(), Optional.of(why)));
    return why;
  }

  private static SecretState goOn(Known before, Optional<Trouble> why) {
    return why.<SecretState>map(w -> new SecretState.Remembered(before.credentials(), w))
        .orElseGet(() -> new SecretState.Usable(before.credentials()));
  }

  private boolean isRecent(Setback last, String name, BitcoinNetwork network) {
    return last.name().equals(name)
        && last.generation() == network.metadata().generation()
        && ticker.nanos() - last.at() < SecretRules.ASKED_AGAIN_AFTER.toNanos();
  }

  private boolean fresh(Known secret, BitcoinNetwork network) {
    var age = ticker.nanos() - secret.readAt();
    return secret.generation() == network.metadata().generation()
        && age < (doubted ? DOUBTED_AFTER : GOOD_FOR).toNanos();
  }

  private static boolean generated(BitcoinNetwork network) {
    return network.spec().secret().isEmpty();
  }

  private static String name(BitcoinNetwork network) {
    return generated(network)
        ? Names.generatedSecret(network.metadata().name())
        : network.spec().secret();
  }

  private SecretState ask(BitcoinNetwork network, String name)
      throws IOException, InterruptedException {
    var key = new ObjectKey(network.metadata().namespace(), name);
    var request = Requests.get(Resource.SECRETS, key);
    return switch (api.send(request, known.isPresent() ? SHORT_DEADLINE : DEADLINE)) {
      case Reply.Success(_, var body) -> {
        var secret = Json.read(body.path("metadata"), Meta.class);
        yield generated(network) && !secret.ownedBy(network.metadata().uid())
            ? notOurs(network, name, secret)
            : SecretRules.read(name, key.namespace(), body.path("data"));
      }
      case Reply.Failure failure when failure.code() == 404 ->
          generated(network)
              ? new SecretState.ToBeMade(random())
              : SecretRules.missing(name, key.namespace());
      case Reply.Failure failure when failure.code() == 403 ->
          unavailable(
              "SecretForbidden",
              "the controller may not read Secret " + name + "; its role needs get on secrets");
      case Reply.Failure failure when known.filter(k -> k.name().equals(name)).isEmpty() ->
          throw new IOException("Secret " + key + " can't be read: " + failure.text());
      case Reply.Failure failure ->
          unavailable("SecretUnreadable", "Secret " + name + " can't be read: " + failure.text());
    };
  }

  private static SecretState unavailable(String reason, String message) {
    return new SecretState.Unavailable(new Trouble(reason, message));
  }

  private static SecretState notOurs(BitcoinNetwork network, String name, Meta secret) {
    return Child.isLeftover(network, secret)
        ? new SecretState.Unavailable(Trouble.predecessor("Secret " + name))
        : unavailable(
            "ObjectInTheWay",
            "Secret "
                + name
                + " is there already and not this network's; name it in spec.secret to use it,"
                + " or delete it to have one made");
  }

  private static Credentials random() {
    var bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return new Credentials(
        "bitcoin", Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /**
   * Makes the Secret.
   *
   * @return why it can't be made; one reason is that it is there already: then the next pass reads
   *     it
   */
  Optional<Trouble> make(BitcoinNetwork network, Credentials credentials)
      throws InterruptedException {
    var what = "Secret " + name(network);
    var secret = Children.generatedSecret(network, credentials.user(), credentials.password());
    var request = Requests.create(Resource.SECRETS, network.metadata().namespace(), secret);
    try {
      return switch (api.send(request, DEADLINE)) {
        case Reply.Success _ -> {
          remember(network, credentials);
          yield Optional.empty();
        }
        case Reply.Failure failure when failure.code() == 409 -> {
          found = true;
          yield Optional.of(Trouble.passing(what + " is there already"));
        }
        case Reply.Failure failure when failure.code() == 403 || failure.code() == 422 -> {
          var message = what + " can't be made: " + failure.text();
          yield Optional.of(setBack(network, new Trouble("SecretForbidden", message)));
        }
        case Reply.Failure failure ->
            Optional.of(Trouble.passing(what + " can't be made: " + failure.text()));
      };
    } catch (IOException e) {
      found = true; // perhaps: only the answer may be lost
      return Optional.of(Trouble.passing(what + " can't be made: " + e));
    }
  }

  /**
   * The event of a Secret that was made.
   *
   * @param again whether the nodes have its password already
   */
  static Note made(BitcoinNetwork network, boolean again) {
    var content =
        again ? " again, with the password that the nodes have" : " with a random RPC password";
    var secret = Names.generatedSecret(network.metadata().name());
    return new Note(false, Note.CREATED, "created Secret " + secret + content);
  }

  private void remember(BitcoinNetwork network, Credentials credentials) {
    var generation = network.metadata().generation();
    known = Optional.of(new Known(name(network), generation, credentials, ticker.nanos()));
  }
}
