// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.smon.api.Livetag;
import org.smon.api.MachineList;

/** Fifty seeds of everything at once; {@code smon simulate --faults} runs as many as wanted. */
class OrdealTest {
  private static final int MACHINES = 100;
  private static final int SEEDS = 50;

  private static List<OrdealResult> results;

  /** Throws, with the seed, if an invariant breaks or something does not come to its end. */
  @BeforeAll
  static void everythingHappens() {
    results =
        LongStream.rangeClosed(1, SEEDS)
            .mapToObj(seed -> Ordeal.run(MACHINES, seed, Ordeal.DEFAULT_FAULT_SECONDS))
            .toList();
  }

  @Test
  void theOverlayIsWholeAgainWithinFortyRoundsAfterTheLastFault() {
    results.forEach(result -> assertTrue(result.healedRounds() <= 40, "" + result));
    double mean = results.stream().mapToDouble(OrdealResult::healedRounds).average().orElseThrow();
    assertTrue(mean <= 12, "rounds, mean: " + mean);
  }

  @Test
  void aShutdownReachesAlsoThoseWhoMissedItWithinTwentyRoundsOfTheirReturn() {
    results.forEach(result -> assertTrue(result.shutDownRounds() <= 20, "" + result));
  }

  @Test
  void afterAShutdownAllAreBackWithinThirtyRoundsOfADeployment() {
    results.forEach(result -> assertTrue(result.backRounds() <= 30, "" + result));
  }

  @Test
  void noMachineGetsMoreThanSixNeedlessOrFailedLoginsAnHour() {
    results.forEach(result -> assertTrue(result.needlessLoginsMost() <= 6, "" + result));
  }

  @Test
  void theSameSeedGivesTheSameOrdeal() {
    assertEquals(results.get(6), Ordeal.run(MACHINES, 7, Ordeal.DEFAULT_FAULT_SECONDS));
  }

  @Test
  void aBrokenInvariantIsFound() {
    Edition on = Edition.first(Livetag.on());
    Edition off = on.next(new Livetag(false, 15));
    World world = QuietWorld.of(3, 1, 0, 0);
    VirtualMachine machine = world.machines().get(1);
    world.keep(machine, machine.disk().with(off));
    assertBroken("fell", () -> world.keep(machine, Shelf.EMPTY.with(on)));
    assertBroken(
        "livetag is false there",
        () -> world.invariants().startedByVisit(machine, world.machines().get(2).peer()));
    assertBroken("no disk holds", () -> world.invariants().acknowledged(off.next(Livetag.on())));
  }

  @Test
  void ofTwoListsOfOneCounterAllTakeTheSame() {
    Edition base = Edition.first(MachineList.EMPTY);
    Edition one = base.next(MachineList.ofBody("a - 22 - -\n"));
    Edition other = base.next(MachineList.ofBody("b - 22 - -\n"));
    assertEquals(
        Shelf.EMPTY.with(one).with(other).list(), Shelf.EMPTY.with(other).with(one).list());
    assertTrue(one.supersedes(other) ^ other.supersedes(one));
  }

  private static void assertBroken(String breach, Runnable action) {
    IllegalStateException e = assertThrows(IllegalStateException.class, action::run);
    assertTrue(e.getMessage().contains(breach), e::getMessage);
  }
}
