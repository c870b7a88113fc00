// SPDX-License-Identifier: Apache-2.0
package org.smon.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A peer without an upgrade bundle is of no use to the overlay's next release (R20). */
class WatchdogTest {
  private static final long LONG = Watchdog.PATIENCE_MILLIS;
  private final Watchdog watchdog = new Watchdog(0);

  @Test
  void itBitesWhenTheCandidateIsGoneForGood() {
    assertFalse(watchdog.bites(10, true, false));
    assertFalse(watchdog.bites(10 + LONG, false, false));
    assertTrue(watchdog.bites(11 + LONG, false, false));
  }

  @Test
  void aStartTakesItsTime() {
    assertFalse(watchdog.bites(LONG, false, false));
    assertFalse(watchdog.bites(LONG + 1, true, false));
  }

  @Test
  void duringATrialItMayBeMissing() {
    assertFalse(watchdog.bites(LONG, false, true));
    assertFalse(watchdog.bites(2 * LONG, false, false));
    assertTrue(watchdog.bites(2 * LONG + 1, false, false));
  }
}
