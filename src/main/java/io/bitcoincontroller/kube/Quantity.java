package io.bitcoincontroller.kube;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An amount of CPU, memory or storage. The API server may store it in another spelling than it was
 * given ({@code 1000m} and {@code 1}), so amounts are compared by value. Source of the suffixes:
 * Kubernetes, {@code apimachinery/pkg/api/resource}.
 */
public final class Quantity {
  private static final Pattern FORM = Pattern.compile("([+-]?[0-9]*\\.?[0-9]*)([A-Za-z]*)");

  private static final Map<String, BigDecimal> FACTORS =
      Map.ofEntries(
          Map.entry("n", new BigDecimal("1e-9")),
          Map.entry("u", new BigDecimal("1e-6")),
          Map.entry("m", new BigDecimal("1e-3")),
          Map.entry("", BigDecimal.ONE),
          Map.entry("k", new BigDecimal("1e3")),
          Map.entry("M", new BigDecimal("1e6")),
          Map.entry("G", new BigDecimal("1e9")),
          Map.entry("T", new BigDecimal("1e12")),
          Map.entry("P", new BigDecimal("1e15")),
          Map.entry("E", new BigDecimal("1e18")),
          Map.entry("Ki", BigDecimal.TWO.pow(10)),
          Map.entry("Mi", BigDecimal.TWO.pow(20)),
          Map.entry("Gi", BigDecimal.TWO.pow(30)),
          Map.entry("Ti", BigDecimal.TWO.pow(40)),
          Map.entry("Pi", BigDecimal.TWO.pow(50)),
          Map.entry("Ei", BigDecimal.TWO.pow(60)));

  /** A value that people mean has far fewer digits, and a text may have a million of them. */
  private static final int LONGEST = 64;

  private static final int MOST_DIGITS = 100;

  private Quantity() {}

  /** Whether both are quantities, and of the same value. */
  public static boolean same(String one, String other) {
    var first = value(one);
    var second = value(other);
    return first.isPresent() && second.isPresent() && first.get().compareTo(second.get()) == 0;
  }

  /** Empty for what is no quantity, and for what is too long or too large to be meant. */
  public static Optional<BigDecimal> value(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    var form = FORM.matcher(text);
    try {
      if (form.matches() && FACTORS.containsKey(form.group(2))) {
        return Optional.of(new BigDecimal(form.group(1)).multiply(FACTORS.get(form.group(2))));
      }
      // 1e3 and 12E6: Java reads these as Kubernetes does
      return Optional.of(new BigDecimal(text)).filter(Quantity::handy);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** To write 1e999999999 as a whole number takes a gigabyte. */
  private static boolean handy(BigDecimal value) {
    return Math.abs((long) value.scale()) <= MOST_DIGITS;
  }
}
