package io.bitcoincontroller.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code status.mining}: what has been mined, and what is next. Mining is resumed from it alone: a
 * change is written with the version of the object that it was decided on, so that of two
 * controllers only one goes on.
 *
 * @param message for people: what is mined, or why nothing is
 * @param next when the next block of the interval is due
 * @param initialBlocks how many of these have been mined; never forgotten, since they come once
 * @param request what an annotation asked for last
 * @param batches the last blocks: one, or one for each side of a partition
 */
public record MiningStatus(
    State state,
    String message,
    Optional<Instant> next,
    long initialBlocks,
    Optional<Request> request,
    List<Batch> batches) {
  /** In one word. */
  public enum State {
    OFF,
    /** Blocks come. */
    MINING,
    /** Nothing is left to be mined. */
    IDLE,
    /** A block is due, and no node can mine it. */
    WAITING,
    /** The chain is as high as it shall be. */
    STOPPED
  }

  /**
   * Blocks that somebody asked for.
   *
   * @param value of the annotation, to the letter: another one is another request
   * @param mined how many have been
   */
  public record Request(String value, long mined) {}

  public static final MiningStatus NONE =
      new MiningStatus(State.OFF, "", Optional.empty(), 0, Optional.empty(), List.of());

  /** What a request says is somebody else's text. */
  private static final int LONGEST_VALUE = 100;

  /**
   * Reads what was written. What can't be read counts as never written: somebody has edited it.
   *
   * @param mining {@code status.mining}, or a missing node
   */
  public static MiningStatus read(JsonNode mining) {
    var batches = new ArrayList<Batch>();
    mining.path("batches").forEach(batch -> Batch.read(batch).ifPresent(batches::add));
    var request = mining.path("request");
    return new MiningStatus(
        word(State.values(), mining.path("state").asText(), State.OFF),
        mining.path("message").asText(""),
        time(mining.path("nextBlockTime").asText("")),
        mining.path("initialBlocks").asLong(),
        request.isObject()
            ? Optional.of(
                new Request(request.path("value").asText(), request.path("mined").asLong()))
            : Optional.empty(),
        List.copyOf(batches));
  }

  /** Nothing at all if nothing is to be known. */
  public Optional<ObjectNode> json() {
    if (equals(NONE)) {
      return Optional.empty();
    }
    var mining = JsonNodeFactory.instance.objectNode();
    mining.put("state", word(state)).put("message", message);
    next.ifPresent(due -> mining.put("nextBlockTime", due.toString()));
    batches.stream()
        .findFirst()
        .ifPresent(
            last ->
                mining
                    .put("lastBlockTime", last.time().toString())
                    .put("lastBlockNode", last.node())
                    .put("lastBlockHeight", last.height()));
    mining.put("initialBlocks", initialBlocks);
    request.ifPresent(
        asked ->
            mining.putObject("request").put("value", asked.value()).put("mined", asked.mined()));
    var list = mining.putArray("batches");
    batches.forEach(batch -> list.add(batch.json()));
    return Optional.of(mining);
  }

  public MiningStatus saying(State state, String message) {
    return new MiningStatus(state, message, next, initialBlocks, request, batches);
  }

  public MiningStatus nextAt(Instant due) {
    return new MiningStatus(state, message, Optional.of(due), initialBlocks, request, batches);
  }

  public MiningStatus withBatches(List<Batch> batches) {
    return new MiningStatus(state, message, next, initialBlocks, request, List.copyOf(batches));
  }

  /**
   * With another request, or with none.
   *
   * @param value empty: none
   */
  public MiningStatus asked(Optional<String> value) {
    var cut =
        value.map(
            text ->
                text.codePoints()
                    .limit(LONGEST_VALUE)
                    .collect(
                        StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString());
    return request.map(Request::value).equals(cut)
        ? this
        : new MiningStatus(
            state, message, next, initialBlocks, cut.map(v -> new Request(v, 0)), batches);
  }

  /** With one more batch that is done. */
  public MiningStatus counting(Batch batch) {
    return switch (batch.purpose()) {
      case INTERVAL -> this;
      case INITIAL ->
          new MiningStatus(state, message, next, initialBlocks + batch.count(), request, batches);
      case REQUEST ->
          new MiningStatus(
              state,
              message,
              next,
              initialBlocks,
              request.map(r -> new Request(r.value(), r.mined() + batch.count())),
              batches);
    };
  }

  static String word(Enum<?> constant) {
    var name = constant.name();
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }

  static <E extends Enum<E>> E word(E[] all, String word, E otherwise) {
    for (var each : all) {
      if (word(each).equals(word)) {
        return each;
      }
    }
    return otherwise;
  }

  static Optional<Instant> time(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
