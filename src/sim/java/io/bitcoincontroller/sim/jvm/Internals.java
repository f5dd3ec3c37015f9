package io.bitcoincontroller.sim.jvm;

import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The two places where the JDK has what a simulation needs, but no public way to it: a virtual
 * thread with a scheduler of one's own, and the timers that wake virtual threads.
 */
final class Internals {
  private Internals() {}

  static Thread.Builder.OfVirtual builder(Executor scheduler) {
    try {
      var constructor =
          Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
              .getDeclaredConstructor(Executor.class);
      constructor.setAccessible(true);
      return (Thread.Builder.OfVirtual) constructor.newInstance(scheduler);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("not the JDK that this was written for", e);
    }
  }

  static void replaceTimers(ScheduledExecutorService timers) {
    try {
      var field =
          Class.forName("java.lang.VirtualThread$DelayedTaskSchedulers")
              .getDeclaredField("INSTANCE");
      field.setAccessible(true);
      Arrays.fill((ScheduledExecutorService[]) field.get(null), timers);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("not the JDK that this was written for", e);
    }
  }
}
