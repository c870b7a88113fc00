// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.smon.api.Work;

class ShareTest {
  private final Roster roster = Bench.smon(100).roster;
  private final Share share = new Share();

  @Test
  void halfIsSplitOffFromTheBack() {
    share.add(work(0, 10), roster);
    assertEquals(work(5, 10), share.half(false));
    assertEquals(5, share.size());
    assertEquals(0, share.peek());
  }

  @Test
  void theLastMachineIsGivenOnlyByAPeerThatIsNotFree() {
    share.add(work(3, 4), roster);
    assertNull(share.half(false));
    assertEquals(work(3, 4), share.half(true));
    assertNull(share.half(true));
    assertTrue(share.isEmpty());
  }

  @Test
  void workForAnotherListIsVoid() {
    share.add(new Work("other", 0, 10), roster);
    assertTrue(share.isEmpty());
    share.add(work(0, 10), roster);
    share.retain("other");
    assertTrue(share.isEmpty());
  }

  @Test
  void workBeyondTheListIsCutOff() {
    share.add(work(90, 200), roster);
    assertEquals(10, share.size());
    share.add(work(150, 200), roster);
    assertEquals(10, share.size());
  }

  @Test
  void noMachineIsEverInTwoSharesOrLost() {
    SplittableRandom random = new SplittableRandom(7);
    Share other = new Share();
    share.add(work(0, 100), roster);
    int removed = 0;
    for (int i = 0; i < 60; i++) {
      Share from = random.nextBoolean() ? share : other;
      if (random.nextInt(4) == 0 && !from.isEmpty()) {
        from.remove(from.peek());
        removed++;
      } else {
        (from == share ? other : share).add(from.half(random.nextBoolean()), roster);
      }
      assertEquals(100 - removed, share.size() + other.size());
      assertEquals(100 - removed, union(share, other));
    }
  }

  private int union(Share... shares) {
    BitSet seen = new BitSet();
    for (Share each : shares) {
      Share copy = new Share();
      for (Work part = each.half(true); part != null; part = each.half(true)) {
        seen.set(part.from(), part.to());
        copy.add(part, roster);
      }
      for (Work part = copy.half(true); part != null; part = copy.half(true)) {
        each.add(part, roster);
      }
    }
    return seen.cardinality();
  }

  private Work work(int from, int to) {
    return new Work(roster.hash(), from, to);
  }
}
