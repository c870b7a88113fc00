// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.smon.core.Policy;

/** What our policy has to beat (R9, R10, R59 to R61). */
class SmonPolicyTest {
  private static final int RUNS = 20;
  private static final Options SMON = Options.of(117, 1, Policy.SMON);
  private static final Options HARD = SMON.withFaults(0.05, 0, 0.1);

  @Test
  void everyPayloadIsSentOnceAlsoWithLossAndSlowMachines() {
    for (Options options : new Options[] {SMON, HARD}) {
      Mean mean = Mean.of(options, RUNS);
      assertTrue(mean.copies() < 1.05, options + " " + mean);
      assertTrue(mean.copiesMax() <= 2, options + " " + mean);
    }
  }

  @Test
  void deploymentTakesAtMostSixTenthsOfThePapersTime() {
    Mean smon = Mean.of(SMON, RUNS);
    Mean paper = Mean.of(117, RUNS, Policy.PAPER);
    assertTrue(smon.lastMillis() <= 0.6 * paper.lastMillis(), smon + " against " + paper);
    assertTrue(smon.medianMillis() <= 0.6 * paper.medianMillis(), smon + " against " + paper);
  }

  @Test
  void almostNoMachineIsClaimedASecondTime() {
    assertTrue(Mean.of(SMON, RUNS).attempts() < 1.03);
    assertTrue(Mean.of(HARD, RUNS).attempts() < 1.4);
  }

  @Test
  void aRumourDisablesAllInUnderTwoSeconds() {
    for (int seed = 1; seed <= RUNS; seed++) {
      long millis = Simulation.run(SMON.withSeed(seed)).result().disable().lastMillis();
      assertTrue(millis < 2_000, "seed=" + seed + ": " + millis);
    }
  }

  /** Serf's agents send 343 B/s at rest. */
  @Test
  void aPeerAtRestSendsNoMoreThanSerfWhateverTheNumberOfMachines() {
    assertIdle(Simulation.run(SMON).result());
  }

  private static void assertIdle(Result result) {
    assertTrue(result.idleBytesPerPeerSecond() <= 343, "" + result.idleBytesPerPeerSecond());
    assertEquals(1, result.pingsPerPeerRound(), 0.05);
  }

  @Test
  void crashesWhileDeployingLeaveNoMachineBehind() {
    Mean mean = Mean.of(SMON.withFaults(0.05, 0.3, 0.1), RUNS);
    assertTrue(mean.copiesMax() <= 3, "" + mean);
    assertTrue(mean.copies() < 1.15, "" + mean);
  }

  @Test
  void fifteenThousandMachinesAreDeployedWithOneCopyEach() {
    Result result = Simulation.run(Options.of(15_000, 1, Policy.SMON)).result();
    assertEquals(1, result.deploy().copiesMax());
    assertTrue(result.deploy().lastMillis() < 240_000, "" + result.deploy());
    assertTrue(result.attemptsMean() < 1.05, "" + result.attemptsMean());
    assertIdle(result);
  }
}
