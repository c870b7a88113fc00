// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel.internal;

/**
 * Notices that the set that runs has lost its upgrade bundle: such a peer would never take another
 * release. Its process ends then, and whoever starts it again, a fellow over ssh, brings it to the
 * release that the overlay has adopted meanwhile (R20, R23). One thread.
 */
final class Watchdog {
  /** Longer than any start or swap takes. */
  static final long PATIENCE_MILLIS = 600_000;

  private long seenMillis;

  /**
   * @param nowMillis monotonic, from any origin
   */
  Watchdog(long nowMillis) {
    seenMillis = nowMillis;
  }

  /**
   * @param candidate whether one is registered
   * @param trial whether one may be missing just now
   * @return true if it has been missing for so long that nothing will bring it back
   */
  boolean bites(long nowMillis, boolean candidate, boolean trial) {
    if (candidate || trial) {
      seenMillis = nowMillis;
    }
    return nowMillis - seenMillis > PATIENCE_MILLIS;
  }
}
