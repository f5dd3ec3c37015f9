package io.bitcoincontroller.controller;

import io.bitcoincontroller.observe.Counter;
import io.bitcoincontroller.observe.Histogram;
import io.bitcoincontroller.observe.Metrics;
import io.bitcoincontroller.workqueue.WorkQueue;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * The numbers of a controller and its queue, under the names of client-go and controller-runtime,
 * which people's dashboards know.
 */
final class ControllerMetrics {
  private static final List<Double> SECONDS =
      List.of(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0);

  final Counter success;
  final Counter requeueAfter;
  final Counter requeue;
  final Counter error;
  final Counter errors;
  final Counter terminalErrors;
  final Counter panics;
  final Histogram time;

  /**
   * @param active how many passes are at work
   */
  ControllerMetrics(
      Metrics metrics, String name, int workers, IntSupplier active, WorkQueue<?> queue) {
    success = result(metrics, name, "success");
    requeueAfter = result(metrics, name, "requeue_after");
    requeue = result(metrics, name, "requeue");
    error = result(metrics, name, "error");
    errors =
        metrics.counter(
            "controller_runtime_reconcile_errors_total", "Failed passes", "controller", name);
    terminalErrors =
        metrics.counter(
            "controller_runtime_terminal_reconcile_errors_total",
            "Passes that found something only the user can mend",
            "controller",
            name);
    panics =
        metrics.counter(
            "controller_runtime_reconcile_panics_total",
            "Passes that ended in a bug",
            "controller",
            name);
    time =
        metrics.histogram(
            "controller_runtime_reconcile_time_seconds",
            "Time of a pass",
            SECONDS,
            "controller",
            name);
    metrics.gauge(
        "controller_runtime_max_concurrent_reconciles",
        "Number of workers",
        () -> workers,
        "controller",
        name);
    metrics.gauge(
        "controller_runtime_active_workers",
        "Passes at work; those that wait for nodes are not",
        active::getAsInt,
        "controller",
        name);
    queue(metrics, name, queue);
  }

  private static Counter result(Metrics metrics, String name, String result) {
    return metrics.counter(
        "controller_runtime_reconcile_total",
        "Passes, by how they went",
        "controller",
        name,
        "result",
        result);
  }

  private static void queue(Metrics metrics, String name, WorkQueue<?> queue) {
    metrics.gauge("workqueue_depth", "Keys that wait for a worker", queue::len, "name", name);
    metrics.counter(
        "workqueue_adds_total", "Keys added", () -> queue.numbers().adds(), "name", name);
    metrics.counter(
        "workqueue_retries_total",
        "Keys added after a failure",
        () -> queue.numbers().retries(),
        "name",
        name);
    metrics.gauge(
        "workqueue_unfinished_work_seconds",
        "Sum of the times of the passes in hand",
        () -> seconds(queue.numbers().unfinishedWork()),
        "name",
        name);
    metrics.gauge(
        "workqueue_longest_running_processor_seconds",
        "Time of the longest pass in hand",
        () -> seconds(queue.numbers().longestRunning()),
        "name",
        name);
    metrics.histogram(
        "workqueue_queue_duration_seconds", "From add to get", queue.queued(), "name", name);
    metrics.histogram(
        "workqueue_work_duration_seconds", "From get to done", queue.worked(), "name", name);
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
