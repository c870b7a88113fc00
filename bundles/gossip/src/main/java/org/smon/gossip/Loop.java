// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.smon.api.RefusedException;

/**
 * The one thread that owns the core. Others hand it work; nothing here blocks for longer than a
 * file write. Its clock is monotonic, so a machine whose wall clock jumps keeps its rounds.
 */
final class Loop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
  private static final int ASK_MILLIS = 2_000;
  private static final int CLOSE_MILLIS = 2_000;

  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "smon-gossip"));

  Loop() {
    thread.setRemoveOnCancelPolicy(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Milliseconds from an arbitrary origin, never going back. */
  static long now() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  /** Runs later on the loop; after close it does nothing. */
  void run(Runnable task) {
    at(now(), task);
  }

  /** Runs at a time of {@link #now()}; cancel the answer to take it back. */
  Future<?> at(long millis, Runnable task) {
    try {
      return thread.schedule(guarded(task), Math.max(0, millis - now()), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("the loop is closed; a late message is dropped");
      return CompletableFuture.completedFuture(null);
    }
  }

  /** Now, and again a period after each run. */
  void every(int periodMillis, Runnable task) {
    run(
        () -> {
          at(now() + periodMillis, () -> every(periodMillis, task));
          task.run();
        });
  }

  /** Asks the core something from another thread. */
  <T> T ask(Callable<T> question) throws RefusedException {
    try {
      return thread.submit(question).get(ASK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException | TimeoutException e) {
      throw new RefusedException("this peer is busy or stopping; ask again");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException("this peer is stopping");
    }
  }

  /** The only catch of the loop: a broken invariant is logged, and the loop goes on. */
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.error("gossip step failed: {}", e.toString(), e);
      }
    };
  }

  /** Waits for the step that runs: interrupted in a file write it would lose what it writes. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
