// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that block on the network. Idle ones end, so that a quiet peer keeps few. */
final class Workers {
  /** A suspect is a ping and five questions at a time, and there may be a few of them. */
  private static final int EFFECTS = 16;

  private static final int QUESTIONS = 40;
  private static final int IDLE_SECONDS = 20;

  private Workers() {}

  /** For what the core wants done: the loop never waits, so the queue has no end. */
  static ExecutorService forEffects() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            EFFECTS,
            EFFECTS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            named("smon-effect-"));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** For the status tree: when all are busy the asking request does the work itself. */
  static ExecutorService forQuestions() {
    RejectedExecutionHandler callerRuns = new ThreadPoolExecutor.CallerRunsPolicy();
    return new ThreadPoolExecutor(
        0,
        QUESTIONS,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        named("smon-question-"),
        callerRuns);
  }

  private static ThreadFactory named(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
