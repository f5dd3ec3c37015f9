package io.bitcoincontroller.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.blocks.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The blocks that shall come by themselves; valid and complete, defaults filled in.
 *
 * @param interval one block each, 1 s to 24 h; empty: none but the initial ones, and those that an
 *     annotation asks for
 * @param nodes ordinals, the preferred one first; empty: any, from 0 on
 * @param address is paid for each block
 * @param initialBlocks 0 to 10,000
 * @param untilHeight of the last block; 0: without end
 */
public record MiningSpec(
    Optional<Duration> interval,
    List<Integer> nodes,
    Address address,
    int initialBlocks,
    long untilHeight) {
  /**
   * For a network whose spec says nothing of mining, and for whom an annotation asks for blocks.
   */
  public static final MiningSpec NONE =
      new MiningSpec(Optional.empty(), List.of(), nobodys(), 0, 0);

  private static final int MOST_INITIAL = 10_000;
  private static final int MOST_NODES = 100;
  private static final Duration LONGEST = Duration.ofHours(24);

  /** As Go writes a duration, without fractions; each part is optional. */
  private static final Pattern INTERVAL =
      Pattern.compile("(?:([0-9]{1,5})h)?(?:([0-9]{1,5})m)?(?:([0-9]{1,5})s)?");

  static Optional<MiningSpec> read(JsonNode mining, List<String> problems) {
    return mining.isObject()
        ? Optional.of(
            new MiningSpec(
                interval(mining.path("interval"), problems),
                nodes(mining.path("nodes"), problems),
                address(mining.path("address").asText(""), problems),
                number(mining, "initialBlocks", MOST_INITIAL, problems),
                number(mining, "untilHeight", Integer.MAX_VALUE, problems)))
        : Optional.empty();
  }

  private static Optional<Duration> interval(JsonNode interval, List<String> problems) {
    var text = interval.asText("");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    var parts = INTERVAL.matcher(text);
    var length = Duration.ZERO;
    if (parts.matches()) {
      length =
          Duration.ofHours(part(parts.group(1)))
              .plusMinutes(part(parts.group(2)))
              .plusSeconds(part(parts.group(3)));
    }
    if (!length.isPositive() || length.compareTo(LONGEST) > 0) {
      problems.add(
          "spec.mining.interval: from 1s to 24h is possible, such as 30s, 5m or 1h30m, not \""
              + text
              + "\"; leave it out for no blocks");
      return Optional.empty();
    }
    return Optional.of(length);
  }

  private static long part(String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }

  private static List<Integer> nodes(JsonNode list, List<String> problems) {
    var nodes = new ArrayList<Integer>();
    for (var node : list) {
      if (!node.isIntegralNumber() || !node.canConvertToInt() || node.asInt() < 0) {
        problems.add("spec.mining.nodes: a node is a number from 0, not " + node);
      }
      nodes.add(node.asInt());
    }
    if (nodes.size() > MOST_NODES) {
      problems.add("spec.mining.nodes: at most " + MOST_NODES + " are possible");
    }
    return List.copyOf(nodes);
  }

  private static Address address(String text, List<String> problems) {
    return switch (text.isEmpty() ? nobody() : Address.read(text)) {
      case Address.Reading.Valid(var address) -> address;
      case Address.Reading.Refused(var why) -> {
        problems.add("spec.mining.address: \"" + text + "\" " + why);
        yield nobodys();
      }
    };
  }

  private static Address.Reading nobody() {
    return new Address.Reading.Valid(nobodys());
  }

  private static Address nobodys() {
    if (Address.read(Address.NOBODYS) instanceof Address.Reading.Valid(var address)) {
      return address;
    }
    throw new IllegalStateException("a constant");
  }

  private static int number(JsonNode mining, String field, int most, List<String> problems) {
    var number = mining.path(field);
    var possible =
        number.isMissingNode()
            || number.isNull()
            || (number.isIntegralNumber()
                && number.canConvertToInt()
                && number.asInt() >= 0
                && number.asInt() <= most);
    if (!possible) {
      problems.add("spec.mining." + field + ": a whole number from 0 to " + most + " is possible");
    }
    return number.asInt();
  }
}
