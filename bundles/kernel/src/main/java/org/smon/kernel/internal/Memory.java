// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel.internal;

import java.util.concurrent.TimeUnit;

/**
 * Whether a set on trial keeps what it allocates (R23). Collecting the small heap of a peer takes
 * some tens of milliseconds, so it is only done when much more is in use than before, in the middle
 * of the probation and at its end. One thread.
 */
final class Memory {
  /** What a set may keep more than the one before it. */
  private static final long MORE_BYTES = 16L << 20;

  /** A set that is up and well takes this much more at the most, as for the classes of a visit. */
  private static final long GROWTH_BYTES = 12L << 20;

  private static final double FULL = 0.75;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Runtime runtime = Runtime.getRuntime();
  private final long full = (long) (FULL * runtime.maxMemory());
  private final long limit;
  private long collectedNanos;
  private long settled = -1;
  private boolean ranAway;

  private Memory(boolean comparable) {
    limit = comparable ? Math.min(full, collected() + MORE_BYTES) : full;
  }

  /** Made before the swap, for a set that takes the place of one that runs. */
  static Memory besideTheSetBefore() {
    return new Memory(true);
  }

  /** For a process that only comes up. */
  static Memory ofThisProcess() {
    return new Memory(false);
  }

  /** Called often: cheap, unless there is reason to look. */
  void watch() throws Refusal {
    boolean pause = System.nanoTime() - collectedNanos < PAUSE_NANOS;
    if (!pause && used() > limit && collected() > limit) {
      throw runsAway("it took %d MB, of %d".formatted(megabytes(used()), megabytes(full)));
    }
  }

  /** The set has come up; from here on it should not grow. */
  void settle() {
    settled = collected();
  }

  boolean isSettled() {
    return settled >= 0;
  }

  void requireNoGrowth() throws Refusal {
    long now = collected();
    if (isSettled() && now - settled > GROWTH_BYTES) {
      throw runsAway("it grew from %d to %d MB".formatted(megabytes(settled), megabytes(now)));
    }
  }

  /** True if that was why a set was refused: there may be no time to lose. */
  boolean ranAway() {
    return ranAway;
  }

  /** True if what a set kept is still there after it is gone. */
  boolean isFull() {
    return collected() > full;
  }

  private Refusal runsAway(String how) {
    ranAway = true;
    return new Refusal("memory runs away: " + how);
  }

  private long collected() {
    System.gc();
    collectedNanos = System.nanoTime();
    return used();
  }

  private long used() {
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static long megabytes(long bytes) {
    return bytes >> 20;
  }
}
