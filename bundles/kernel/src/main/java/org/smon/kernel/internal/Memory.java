// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel.internal;

/**
 * Whether a set on trial keeps what it allocates (R23). Collecting the small heap of a peer takes
 * some tens of milliseconds, so it is only done when the heap looks full, in the middle of the
 * probation and at its end.
 */
final class Memory {
  private static final double LOOKS_FULL = 0.8;
  private static final double IS_FULL = 0.75;

  /** Between two collections a set at rest keeps this much more at the most. */
  private static final long GROWTH_BYTES = 4L << 20;

  private final Runtime runtime = Runtime.getRuntime();
  private long settled = -1;

  /** Called often: cheap, unless there is reason to look. */
  void watch() throws Refusal {
    if (used() > LOOKS_FULL * runtime.maxMemory() && collected() > IS_FULL * runtime.maxMemory()) {
      throw new Refusal("memory runs away: " + megabytes(used()) + " MB of the heap are in use");
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
      throw new Refusal(
          "memory runs away: it grew from %d to %d MB"
              .formatted(megabytes(settled), megabytes(now)));
    }
  }

  /** True if what a set kept is still there after it is gone. */
  boolean isFull() {
    return collected() > IS_FULL * runtime.maxMemory();
  }

  private long collected() {
    System.gc();
    return used();
  }

  private long used() {
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static long megabytes(long bytes) {
    return bytes >> 20;
  }
}
