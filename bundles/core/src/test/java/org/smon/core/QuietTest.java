// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** When a peer ends itself (R27, T2). */
class QuietTest {
  private static final long QUIET_MILLIS = 600_000;

  private final Bench bench = Bench.smon(5);

  @Test
  void withLivetagTrueASilentPeerNeverStops() {
    bench.start(null, null);
    for (int i = 0; i < 5_000; i++) {
      assertTrue(!bench.wake().contains("stop"));
      bench.lost();
    }
    assertTrue(bench.now > 2 * QUIET_MILLIS);
  }

  @Test
  void aPeerThatFindsFalseAtItsStartWaitsItsQuietTimeAndStops() {
    bench.core.start(bench.now, bench.held(1, false), null, null);
    assertEquals(bench.now + QUIET_MILLIS, bench.effects.wakeAt());
    assertEquals(List.of("stop"), bench.wake());
  }

  @Test
  void onlyAPingOfARoundKeepsItUp() {
    bench.core.start(bench.now, bench.held(1, false), null, null);
    long began = bench.now;
    bench.now += 100_000;
    bench.core.onProbe(bench.now, "m1", "m2", false);
    bench.core.onWorkAsked(bench.now, "m1");
    bench.core.onNotice(bench.now, "m2", null, null);
    assertEquals(began + QUIET_MILLIS, bench.effects.wakeAt());
    bench.pinged("m1", 0);
    assertEquals(began + 100_000 + QUIET_MILLIS, bench.effects.wakeAt());
  }

  @Test
  void aNewerLivetagStartsTheTimeAfreshAndTrueEndsIt() {
    bench.core.start(bench.now, bench.held(1, false), null, null);
    bench.now += 500_000;
    bench.core.onDocuments(bench.now, bench.held(2, false));
    bench.effects.taken();
    runRumour();
    assertTrue(bench.effects.wakeAt() > bench.now + 500_000, "" + bench.effects.wakeAt());
    bench.core.onDocuments(bench.now, bench.held(3, true));
    assertTrue(bench.effects.wakeAt() <= bench.now + Bench.WAIT);
  }

  @Test
  void flappedAHundredTimesInTenSecondsOnlyTheLastWordCounts() {
    bench.start(null, null);
    for (int i = 1; i <= 100; i++) {
      bench.now += 100;
      bench.core.onDocuments(bench.now, bench.held(1 + i, i % 2 == 0));
      bench.core.wake(bench.now);
      assertFalse(bench.effects.taken().contains("stop"));
    }
    long end = bench.now + 2 * QUIET_MILLIS;
    while (bench.now < end) {
      assertFalse(bench.wake().contains("stop"), "a word before the last one is obeyed");
      bench.lost();
    }
    bench.core.onDocuments(bench.now, bench.held(102, false));
    long since = bench.now;
    while (!bench.wake().contains("stop")) {
      assertTrue(bench.now < since + QUIET_MILLIS);
    }
    assertEquals(since + QUIET_MILLIS, bench.now);
  }

  @Test
  void afterItsStopItIsSilent() {
    bench.core.start(bench.now, bench.held(1, false), null, null);
    bench.wake();
    bench.core.onDocuments(bench.now, bench.held(2, true));
    bench.core.wake(bench.now + QUIET_MILLIS);
    assertEquals(List.of(), bench.effects.taken());
  }

  private void runRumour() {
    for (int i = 0; i < 50 && bench.effects.wakeAt() < bench.now + 10_000; i++) {
      bench.wake();
    }
  }
}
