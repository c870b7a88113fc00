// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition, never for a time. */
final class Await {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private Await() {}

  /** Fails with what was awaited and what is there instead, once the seconds are over. */
  static void until(String what, int seconds, Supplier<?> instead, BooleanSupplier condition) {
    if (!holds(seconds, POLL_NANOS, condition)) {
      throw new AssertionError("not within " + seconds + " s: " + what + "; but " + instead.get());
    }
  }

  /** For what passes quickly: looks every few milliseconds. */
  static boolean glimpsed(int seconds, BooleanSupplier condition) {
    return holds(seconds, TimeUnit.MILLISECONDS.toNanos(5), condition);
  }

  private static boolean holds(int seconds, long pollNanos, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(pollNanos);
    }
    return true;
  }
}
