package io.bitcoincontroller.recorder;

import java.util.ArrayList;
import java.util.List;

/**
 * The causes that one look has, in the order in which they came.
 *
 * @param more how many came besides: the list is bounded
 */
public record Causes(List<Cause> list, int more) {
  private static final int MOST = 16;

  public static final Causes NONE = new Causes(List.of(), 0);

  public Causes {
    list = List.copyOf(list);
  }

  public Causes and(Cause cause) {
    if (list.size() >= MOST) {
      return new Causes(list, more + 1);
    }
    var longer = new ArrayList<>(list);
    longer.add(cause);
    return new Causes(longer, more);
  }
}
