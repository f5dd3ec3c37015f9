package io.bitcoincontroller.sim.jvm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Owns time, and every step of every thread of a simulation. Virtual threads that a {@link Group}
 * begins, and all that those begin, run one at a time, on the thread that called {@link #runUntil},
 * each up to the next place where it waits. A random number chooses the next one of those that can
 * go on. If none can, the time jumps to the next alarm.
 *
 * <p>Works only in a JVM that {@link SimulatedJvm} has started: there, sleeping and waiting with a
 * time limit set alarms here.
 */
public final class Scheduler {
  private static final VarHandle NOW = now();

  /** The JVM has one time, and so one scheduler at a time. */
  private static Scheduler current = new Scheduler(() -> 0);

  static {
    Internals.replaceTimers(new Timers());
  }

  private final RandomGenerator random;
  private final List<Step> ready = new ArrayList<>();
  private final PriorityQueue<Alarm> alarms = new PriorityQueue<>(Scheduler::order);
  private long numbers;
  private long steps;
  private boolean stopped;

  /** Time begins anew. What an earlier scheduler's threads wait for never comes. */
  public Scheduler(RandomGenerator random) {
    this.random = random;
    current = this;
    NOW.set(0L);
  }

  private static VarHandle now() {
    try {
      return MethodHandles.lookup()
          .findStaticVarHandle(
              Class.forName("java.lang.SimulatedTime"), PatchedJvm.FIELD, long.class);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("not in a JVM for simulations: see SimulatedJvm", e);
    }
  }

  /** By identity: the timers look for theirs among all. */
  private static final class Alarm {
    private final long at;
    private final long number;
    private final Runnable action;

    Alarm(long at, long number, Runnable action) {
      this.at = at;
      this.number = number;
      this.action = action;
    }
  }

  private static int order(Alarm one, Alarm other) {
    return one.at != other.at
        ? Long.compare(one.at, other.at)
        : Long.compare(one.number, other.number);
  }

  /** Nanoseconds since this was made. */
  public long nanos() {
    return (long) NOW.get();
  }

  /** Continuations that were run: a measure of work that no machine changes. */
  public long steps() {
    return steps;
  }

  /** What is due at a later time: threads that sleep, and alarms. */
  public int waiting() {
    return alarms.size();
  }

  /** Threads that stop together, as those of one process do. */
  public final class Group implements Executor {
    private final List<Runnable> held = new ArrayList<>();
    private boolean paused;
    private boolean dead;

    /** Begins a virtual thread, whose own threads belong to the group as well. */
    public Thread start(String name, Runnable work) {
      return Internals.builder(this).name(name).start(work);
    }

    /** For the JDK: a virtual thread can go on. */
    @Override
    public void execute(Runnable continuation) {
      if (dead) {
        return;
      }
      if (paused) {
        held.add(continuation);
      } else {
        ready.add(new Step(this, continuation));
      }
    }

    /** As a process that the system does not run for a while: its time goes on. */
    public void pause() {
      paused = true;
    }

    public void resume() {
      paused = false;
      held.forEach(each -> ready.add(new Step(this, each)));
      held.clear();
    }

    /** No thread takes another step: nothing is cleaned up, and no finally block runs. */
    public void kill() {
      dead = true;
      held.clear();
    }
  }

  private record Step(Group group, Runnable continuation) {}

  public Group group() {
    return new Group();
  }

  /** Has something done at a later time, on the scheduler's own thread: it must not wait. */
  public void after(long nanos, Runnable action) {
    set(nanos, action);
  }

  private Alarm set(long nanos, Runnable action) {
    var at = nanos() + Math.max(nanos, 0);
    var alarm = new Alarm(at < 0 ? Long.MAX_VALUE : at, numbers++, action);
    alarms.add(alarm);
    return alarm;
  }

  /** Nothing happens any more, from the next step on. */
  public void stop() {
    stopped = true;
  }

  /** Runs all that happens up to this time. */
  public void runUntil(long end) {
    while (!stopped) {
      if (!ready.isEmpty()) {
        step(take());
      } else if (!alarms.isEmpty() && alarms.peek().at <= end) {
        var alarm = alarms.remove();
        NOW.set(Math.max(alarm.at, nanos()));
        alarm.action.run();
      } else {
        NOW.set(end);
        return;
      }
    }
  }

  private Step take() {
    var last = ready.size() - 1;
    var chosen = last == 0 ? 0 : random.nextInt(last + 1);
    var step = ready.get(chosen);
    ready.set(chosen, ready.get(last));
    ready.remove(last);
    return step;
  }

  private void step(Step step) {
    if (step.group.paused || step.group.dead) {
      step.group.execute(step.continuation);
    } else {
      steps++;
      step.continuation.run();
    }
  }

  /** What the JDK asks to wake threads whose time is over: alarms of the current scheduler. */
  private static final class Timers extends AbstractExecutorService
      implements ScheduledExecutorService {
    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
      var scheduler = current;
      return new Timer(scheduler, scheduler.set(unit.toNanos(delay), command));
    }

    @Override
    public void execute(Runnable command) {
      current.set(0, command);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(
        Runnable command, long initialDelay, long period, TimeUnit unit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(
        Runnable command, long initialDelay, long delay, TimeUnit unit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return false;
    }
  }

  private record Timer(Scheduler scheduler, Alarm alarm) implements ScheduledFuture<Void> {
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      return scheduler.alarms.remove(alarm);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(alarm.at - scheduler.nanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }

    @Override
    public boolean isCancelled() {
      return !scheduler.alarms.contains(alarm);
    }

    @Override
    public boolean isDone() {
      return isCancelled();
    }

    @Override
    public Void get() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Void get(long timeout, TimeUnit unit) {
      throw new UnsupportedOperationException();
    }
  }
}
