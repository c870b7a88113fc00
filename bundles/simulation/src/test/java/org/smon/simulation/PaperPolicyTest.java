// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.smon.core.Policy;

/** The paper's loop has the paper's shape: analysis (R56 to R58) and evaluation (R59 to R61). */
class PaperPolicyTest {
  private static final int RUNS = 20;

  @Test
  void theReachedShareFollowsTheLogisticCurve() {
    Analysis analysis = Analysis.of(117, 50);
    assertTrue(analysis.largestErrorShifted() < 0.06, "" + analysis);
    assertTrue(analysis.largestError() < 0.42, "" + analysis);
    assertTrue(analysis.shiftRounds() < 2.5, "" + analysis);
  }

  @Test
  void copiesAMachineTendTo1582AndTheirMeanIsAbout124() {
    assertEquals(1.582, SynchronousRounds.expectedCopies(1_000_000, 1_000_000), 0.001);
    Analysis analysis = Analysis.of(1_000, 20);
    assertEquals(1.582, analysis.copiesLate(), 0.08, "" + analysis);
    assertEquals(1.24, analysis.copiesMean(), 0.02, "" + analysis);
  }

  @Test
  void aPeerReceivesOnePingARound() {
    assertEquals(1, Analysis.of(117, 10).pingsPerPeerRound(), 0.001);
    assertEquals(1, Mean.of(117, RUNS, Policy.PAPER).pings(), 0.05);
    assertEquals(1, Mean.of(117, RUNS, Policy.SMON).pings(), 0.05);
  }

  @Test
  void oneHundredSeventeenMachinesTakeAboutAsLongAsOnPlanetLab() {
    Mean mean = Mean.of(117, RUNS, Policy.PAPER);
    assertEquals(63_000, mean.medianMillis(), 20_000, "" + mean);
    assertEquals(91_000, mean.p90Millis(), 25_000, "" + mean);
    assertEquals(111_000, mean.lastMillis(), 30_000, "" + mean);
    assertEquals(34_000, mean.disableMillis(), 10_000, "" + mean);
    assertTrue(mean.copies() > 1.2 && mean.copies() < 1.9, "" + mean);
  }

  @Test
  void timeGrowsAsTheLogarithmOfTheMachines() {
    double ratio =
        Mean.of(117, RUNS, Policy.PAPER).medianMillis()
            / Mean.of(24, RUNS, Policy.PAPER).medianMillis();
    assertEquals(1.49, ratio, 0.25, "log 117 / log 24 = 1.49; the paper's medians: 1.31");
  }
}
