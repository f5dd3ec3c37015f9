package io.bitcoincontroller.observe;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * One named question of a probe.
 *
 * @param name a word, as in kube-apiserver's {@code /readyz?verbose}
 * @param trouble what is wrong, in words for an operator; empty if nothing is. Must answer at once:
 *     the kubelet waits for a second
 */
public record Check(String name, Supplier<Optional<String>> trouble) {
  /** The process answers. */
  public static final Check PING = new Check("ping", Optional::empty);
}
