// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.smon.api.Deployer;
import org.smon.api.Machine;
import org.smon.api.Visit;
import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;

/**
 * Cleans machines that the list of this home does not name any more: every one is visited over ssh,
 * which alone shows that nothing is left, also where its peer has left by itself.
 */
final class Purge {
  private static final int ABREAST = 24;
  private static final int AGAIN_SECONDS = 5;

  private final Deployer deployer;
  private final Progress progress;
  private final long deadlineNanos;

  Purge(Console console, Deployer deployer, int timeoutSeconds) {
    this.deployer = deployer;
    this.progress = new Progress(console);
    this.deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
  }

  /** Why a machine is not clean, by its name; empty if all are. */
  Map<String, String> run(List<Machine> machines) {
    ExecutorService threads = Executors.newFixedThreadPool(ABREAST);
    try {
      Map<String, String> left = new TreeMap<>();
      List<Machine> dirty = machines;
      while (true) {
        left.clear();
        for (VisitReport report : all(threads, dirty, this::clean)) {
          if (report.outcome() != Outcome.CLEANED) {
            left.put(report.machine(), reason(report));
          }
        }
        dirty = dirty.stream().filter(machine -> left.containsKey(machine.name())).toList();
        if (dirty.isEmpty() || System.nanoTime() - deadlineNanos > 0) {
          return left;
        }
        TimeUnit.SECONDS.sleep(AGAIN_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailedException("interrupted; run `smon purge` again", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private VisitReport clean(Machine machine) {
    VisitReport report = deployer.visit(Visit.toClean(machine, "client"));
    say(
        report.outcome() == Outcome.CLEANED
            ? machine.name() + " is clean"
            : machine.name() + " " + reason(report));
    return report;
  }

  private synchronized void say(String line) {
    progress.say(line);
  }

  private static String reason(VisitReport report) {
    return "%s at step %s: %s"
        .formatted(
            report.outcome().name().toLowerCase(java.util.Locale.ROOT),
            report.step().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
            report.reason());
  }

  private interface Deed<T> {
    T doTo(Machine machine);
  }

  private static <T> List<T> all(ExecutorService threads, List<Machine> machines, Deed<T> deed)
      throws InterruptedException {
    List<Callable<T>> tasks = new ArrayList<>();
    machines.forEach(machine -> tasks.add(() -> deed.doTo(machine)));
    List<T> results = new ArrayList<>();
    for (Future<T> done : threads.invokeAll(tasks)) {
      try {
        results.add(done.get());
      } catch (ExecutionException e) {
        throw new FailedException(Main.told(e.getCause()), e.getCause());
      }
    }
    return results;
  }
}
