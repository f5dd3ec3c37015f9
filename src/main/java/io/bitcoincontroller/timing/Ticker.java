package io.bitcoincontroller.timing;

/** Monotonic time. Only differences mean something; they are right for 292 years. */
@FunctionalInterface
public interface Ticker {
  Ticker SYSTEM = System::nanoTime;

  /** Nanoseconds since an arbitrary moment, never going back. */
  long nanos();
}
