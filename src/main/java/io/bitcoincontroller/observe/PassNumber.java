package io.bitcoincontroller.observe;

import java.util.OptionalLong;

/**
 * The number of the pass that a thread works for, as controller-runtime's {@code reconcileID}:
 * {@link Log} adds it to every line. Threads that a pass begins have its number if they are begun
 * with {@link #carried}.
 */
public final class PassNumber {
  private static final ScopedValue<Long> CURRENT = ScopedValue.newInstance();

  private PassNumber() {}

  /** The same work, done under this pass's number. */
  public static Runnable given(long number, Runnable work) {
    return () -> ScopedValue.where(CURRENT, number).run(work);
  }

  /** The same work for another thread: it belongs to the pass that asks, even if it outlasts it. */
  public static Runnable carried(Runnable work) {
    return CURRENT.isBound() ? given(CURRENT.get(), work) : work;
  }

  /** Empty outside of a pass. */
  public static OptionalLong current() {
    return CURRENT.isBound() ? OptionalLong.of(CURRENT.get()) : OptionalLong.empty();
  }
}
