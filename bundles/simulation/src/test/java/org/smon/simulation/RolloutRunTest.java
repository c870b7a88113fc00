// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smon.api.InvalidInputException;
import org.smon.api.Release.Waves;

/** R23 in virtual time; every run checks at each step what {@link RolloutLedger} says. */
class RolloutRunTest {
  private static final int TRIAL = RolloutOptions.DEFAULT_TRIAL_MILLIS;

  @Test
  void aGoodReleaseReachesAllThroughFourGates() {
    for (RolloutResult result : runs(1_000, 0, 2)) {
      assertEquals(List.of(10, 100, 500, 1_000), result.waves());
      assertEquals(4, result.gateMillis().size(), "" + result);
      assertEquals(1_000, result.adopted(), "" + result);
      assertEquals(1_000, result.tried());
      assertTrue(result.doneMillis() < 4 * 2 * TRIAL + 6_000, "" + result);
      assertTrue(result.knownMillis() < result.doneMillis() + 10_000, "" + result);
      assertEquals(0, result.falselyAbsent());
    }
  }

  @Test
  void ofABrokenReleaseNobodyButTheCanariesEverHasAny() {
    for (RolloutResult result : runs(1_000, 1, 5)) {
      assertTrue(result.quarantined(), "" + result);
      assertTrue(result.tried() <= 12, "" + result);
      assertEquals(0, result.adoptedBeforeQuarantine(), "" + result);
      assertEquals(0, result.adopted());
      assertTrue(result.knownMillis() < 2 * TRIAL + 4_000, "" + result);
    }
  }

  @Test
  void aReleaseThatBreaksATenthOfTheMachinesIsStoppedEarlyOrPutsOnlyThatTenthOff() {
    List<RolloutResult> results = runs(1_000, 0.1, 3);
    for (RolloutResult result : results) {
      if (result.quarantined()) {
        assertTrue(result.adoptedBeforeQuarantine() < 100, "" + result);
        assertEquals(0, result.adopted(), "all went back");
      } else {
        assertEquals(900, result.adopted(), "" + result);
        assertEquals(100, result.refused(), "" + result);
      }
    }
    assertEquals(2, results.stream().map(RolloutResult::quarantined).distinct().count());
  }

  @Test
  void oneMachineInAHundredThatRefusesStopsNobody() {
    for (RolloutResult result : runs(1_000, 0.01, 2)) {
      assertFalse(result.quarantined(), "" + result);
      assertEquals(990, result.adopted());
      assertEquals(10, result.refused());
    }
  }

  @Test
  void aForcedReleaseIsNeverStopped() {
    RolloutOptions options = RolloutOptions.of(200, 1, 0.5).withWaves(Waves.FORCED);
    RolloutResult result = RolloutRun.run(options);
    assertFalse(result.quarantined());
    assertEquals(100, result.adopted());
    assertEquals(4, result.waves().size());
  }

  @Test
  void inOneWaveAllTryAtOnceAndABrokenReleaseIsStoppedAllTheSame() {
    RolloutResult good = RolloutRun.run(RolloutOptions.of(200, 1, 0).withWaves(Waves.ONE));
    assertEquals(List.of(200), good.waves());
    assertTrue(good.doneMillis() < 2 * TRIAL, "" + good);
    RolloutResult broken = RolloutRun.run(RolloutOptions.of(200, 1, 1).withWaves(Waves.ONE));
    assertEquals(200, broken.tried());
    assertTrue(broken.quarantined());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 24})
  void smallOverlaysComeToAnEndToo(int machines) {
    runs(machines, 0, 10).forEach(result -> assertEquals(machines, result.adopted(), "" + result));
    for (RolloutResult result : runs(machines, 1, 10)) {
      assertTrue(result.quarantined(), "" + result);
      assertTrue(result.tried() <= 4, "" + result);
    }
  }

  @Test
  void machinesThatAreDownAreReplacedAndNobodyWaitsForThem() {
    for (RolloutResult result : runs(RolloutOptions.of(300, 1, 0).withFaults(0, 0.3, 0, 0, 0))) {
      assertEquals(210, result.adopted(), "" + result);
      assertEquals(0, result.falselyAbsent());
      assertTrue(result.knownMillis() < 120_000, "" + result);
    }
  }

  @Test
  void machinesThatHangAreGivenUp() {
    for (RolloutResult result : runs(RolloutOptions.of(100, 1, 0).withFaults(0.02, 0, 0, 0, 0))) {
      assertEquals(98, result.adopted(), "" + result);
      assertFalse(result.quarantined(), "to hang is not to refuse");
    }
  }

  @Test
  void crashesAndLossStopNoGoodRelease() {
    for (RolloutResult result : runs(RolloutOptions.of(300, 1, 0).withFaults(0, 0, 0.3, 0.1, 0))) {
      assertEquals(300, result.adopted(), "" + result);
    }
  }

  @Test
  void eachPartOfAPartitionHasItsOwnCanariesAndTheWavesHoldWhenTheyMeet() {
    for (RolloutResult result : runs(RolloutOptions.of(1_000, 1, 0).withFaults(0, 0, 0, 0, 60))) {
      assertEquals(1_000, result.adopted(), "" + result);
      List<Long> gates = result.gateMillis();
      assertTrue(gates.get(0) < 60_000, "before they meet: " + result);
      assertTrue(gates.get(2) - gates.get(1) > TRIAL, "a tenth before the half: " + result);
      assertTrue(gates.get(3) - gates.get(2) > TRIAL, "half of all before the rest: " + result);
    }
  }

  @Test
  void everythingAtOnceHasAnEndAndTheSameSeedHasTheSame() {
    RolloutOptions options = RolloutOptions.of(100, 1, 0.1).withFaults(0.02, 0.1, 0.2, 0.05, 90);
    List<RolloutResult> results = runs(options);
    assertEquals(results, runs(options));
    assertNotEquals(results.get(0).doneMillis(), results.get(1).doneMillis());
  }

  @Test
  void aBrokenInvariantIsFound() {
    BitSet up = new BitSet();
    up.set(0, 5);
    RolloutLedger ledger = new RolloutLedger(List.of(2, 3, 5), Waves.GROWING);
    ledger.begins(0, up);
    ledger.begins(1, up);
    assertBroken("3 machines run it where 2 may", () -> ledger.begins(2, up));
    assertBroken("stopped after 0 refusals", () -> ledger.stopped(1));
    assertBroken("fell from 2 results to 1", () -> ledger.knows(2, 1));
    assertBroken("1 results that nobody had", () -> ledger.knows(0, 1));
    RolloutLedger forced = new RolloutLedger(List.of(2, 3, 5), Waves.FORCED);
    assertBroken("a forced release was stopped", () -> forced.stopped(1));
  }

  @Test
  void optionsOutOfRangeAreNamedAndARunNamesHowToReplayIt() {
    InvalidInputException e =
        assertThrows(InvalidInputException.class, () -> RolloutOptions.of(5, 1, 1.5));
    assertEquals("broken 1.5 is out of range; give 0 to 1", e.getMessage());
    assertEquals(
        "smon simulate --machines 5 --seed 1 --broken 0.5 --waves growing --stuck 0.0 --down 0.1"
            + " --crash 0.2 --loss 0.3 --cut 60 --trial 8000",
        RolloutOptions.of(5, 1, 0.5).withFaults(0, 0.1, 0.2, 0.3, 60).replay());
  }

  private static void assertBroken(String breach, Runnable action) {
    IllegalStateException e = assertThrows(IllegalStateException.class, action::run);
    assertTrue(e.getMessage().contains(breach), e::getMessage);
  }

  private static List<RolloutResult> runs(int machines, double broken, int seeds) {
    return LongStream.rangeClosed(1, seeds)
        .mapToObj(seed -> RolloutRun.run(RolloutOptions.of(machines, seed, broken)))
        .toList();
  }

  /** Three seeds of the same. */
  private static List<RolloutResult> runs(RolloutOptions options) {
    return Stream.iterate(options.seed(), seed -> seed + 1)
        .limit(3)
        .map(seed -> RolloutRun.run(options.withSeed(seed)))
        .toList();
  }
}
