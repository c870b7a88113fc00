// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel.internal;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Tells a thread that hangs from one that does not get the processor: the one waits, or has used
 * its whole time without getting anywhere; the other is about to go on (R16's thought, for R23).
 */
final class Standstill {
  /** Nobody is starved as long as this. */
  private static final int AT_MOST_TIMES = 12;

  private final ThreadMXBean about = ManagementFactory.getThreadMXBean();
  private final String prefix;
  private long since;
  private long cpuNanos;

  /**
   * @param prefix of the names of the threads to watch
   */
  Standstill(String prefix) {
    this.prefix = prefix;
  }

  /**
   * @param movedNanos when something was last seen to move, of {@link System#nanoTime}
   */
  boolean lasts(long movedNanos, long patienceMillis) {
    if (since != movedNanos) {
      since = movedNanos;
      cpuNanos = cpuNanos();
    }
    long quietMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - movedNanos);
    if (quietMillis <= patienceMillis) {
      return false;
    }
    long usedMillis = TimeUnit.NANOSECONDS.toMillis(cpuNanos() - cpuNanos);
    boolean starved = usedMillis < patienceMillis && isRunnable();
    return !starved || quietMillis > AT_MOST_TIMES * patienceMillis;
  }

  void interrupt() {
    threads().forEach(Thread::interrupt);
  }

  private boolean isRunnable() {
    return threads().stream().anyMatch(thread -> thread.getState() == Thread.State.RUNNABLE);
  }

  private long cpuNanos() {
    return threads().stream().mapToLong(thread -> about.getThreadCpuTime(thread.getId())).sum();
  }

  private List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .toList();
  }
}
