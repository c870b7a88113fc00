// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Gives memory back once nobody has been visited for a while: a peer visits for minutes and then
 * idles for months. Any thread; its own thread ends when it has nothing to wait for.
 */
final class Rest implements AutoCloseable {
  private final Runnable whenQuiet;
  private final int quietMillis;
  private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, Rest::named);
  private int running;
  private ScheduledFuture<?> due;

  /**
   * @param whenQuiet runs while no work does, and keeps work from beginning until it is done
   */
  Rest(Runnable whenQuiet, int quietMillis) {
    this.whenQuiet = whenQuiet;
    this.quietMillis = quietMillis;
    clock.setKeepAliveTime(1, TimeUnit.SECONDS);
    clock.allowCoreThreadTimeOut(true);
    clock.setRemoveOnCancelPolicy(true);
  }

  synchronized void begin() {
    running++;
    if (due != null) {
      due.cancel(false);
      due = null;
    }
  }

  synchronized void end() {
    running--;
    if (running == 0 && !clock.isShutdown()) {
      due = clock.schedule(this::quiet, quietMillis, TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void quiet() {
    if (running == 0) {
      whenQuiet.run();
    }
  }

  @Override
  public synchronized void close() {
    clock.shutdownNow();
  }

  private static Thread named(Runnable task) {
    Thread thread = new Thread(task, "smon-deployer-rest");
    thread.setDaemon(true);
    return thread;
  }
}
