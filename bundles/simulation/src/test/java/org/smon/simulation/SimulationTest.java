// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smon.api.InvalidInputException;
import org.smon.core.CoreConfig;
import org.smon.core.Policy;

class SimulationTest {
  @ParameterizedTest
  @EnumSource(Policy.class)
  void theSameSeedGivesTheSameRun(Policy policy) {
    Options options = Options.of(60, 42, policy).withFaults(0.05, 0.2, 0.1);
    assertEquals(Simulation.run(options), Simulation.run(options));
    assertNotEquals(
        Simulation.run(options).result().deploy(),
        Simulation.run(options.withSeed(43)).result().deploy());
  }

  @Test
  void bothPoliciesMeetTheSameMachines() {
    World paper = new World(Options.of(5, 9, Policy.PAPER), CoreConfig.paper());
    World smon = new World(Options.of(5, 9, Policy.SMON), CoreConfig.smon());
    for (int i = 0; i < 5; i++) {
      for (int attempt = 0; attempt < 3; attempt++) {
        assertEquals(
            paper.chance().deployment(paper.machines().get(i), attempt),
            smon.chance().deployment(smon.machines().get(i), attempt));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void aListOfOneAndAListOfTwoWork(Policy policy) {
    assertEquals(0, Simulation.run(Options.of(1, 1, policy)).result().deploy().lastMillis());
    assertEquals(2, Simulation.run(Options.of(2, 1, policy)).result().deploy().histogram().get(1));
  }

  /** R15: all but one crash at once and lose their disks; the one brings all back. */
  @ParameterizedTest
  @ValueSource(ints = {2, 5, 117})
  void oneSurvivorRebuildsTheWholeOverlay(int machines) {
    for (Policy policy : Policy.values()) {
      World world = deployed(machines, policy, 3);
      loseAllButOne(world);
      assertTrue(
          world.runUntil(() -> world.live() == machines, 600_000),
          policy + " seed=3: " + world.live() + " of " + machines);
    }
  }

  @Test
  void theSurvivorRebuilds117InLessThanTwoMinutes() {
    for (int seed = 1; seed <= 10; seed++) {
      World world = deployed(117, Policy.SMON, seed);
      loseAllButOne(world);
      assertTrue(
          world.runUntil(() -> world.live() == 117, 110_000),
          "seed=" + seed + ": " + world.live() + " after " + world.now());
    }
  }

  @Test
  void halfTheMachinesLostAreBackWithoutAStormOfLogins() {
    World world = deployed(400, Policy.SMON, 5);
    int before = world.signMillis().size();
    for (int i = 0; i < 400; i += 2) {
      world.crash(world.machines().get(i));
      world.machines().get(i).boot();
    }
    assertTrue(world.runUntil(() -> world.live() == 400, 180_000), "seed=5: " + world.live());
    assertEquals(0, world.observed().getOrDefault("take-over", 0L));
    int logins = world.signMillis().size() - before;
    assertTrue(logins < 320, "seed=5: " + logins + " logins for 200 machines");
  }

  @Test
  void aMachineThatWasOffForHoursIsBackWithinMinutes() {
    World world = deployed(5, Policy.SMON, 1);
    VirtualMachine machine = world.machines().get(3);
    world.crash(machine);
    world.runUntil(() -> false, 4 * 3_600_000);
    machine.boot();
    assertTrue(world.runUntil(machine::lives, 120_000), "seed=1");
  }

  @Test
  void withLivetagFalseNobodyLogsInAndNobodyPings() {
    World world = deployed(50, Policy.SMON, 1);
    world.disableAt(world.machines().get(7));
    world.runUntil(() -> world.disabledPeers() == 50, 60_000);
    world.runUntil(() -> false, 10_000);
    long pings = world.network().pingsReceived();
    world.crash(world.machines().get(9));
    world.machines().get(9).boot();
    world.runUntil(() -> false, 500_000);
    assertEquals(pings, world.network().pingsReceived());
    assertEquals(49, world.live());
    world.runUntil(() -> false, 100_000);
    assertEquals(0, world.live(), "after 600 s without a ping all have ended");
  }

  @Test
  void aRunThatDoesNotConvergeNamesItsSeedAndHowToReplayIt() {
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () -> Simulation.run(Options.of(100, 7, Policy.PAPER).withHorizon(10_000)));
    assertTrue(
        e.getMessage().startsWith("seed=7 not deployed everywhere after 10 s"), e::getMessage);
    assertTrue(
        e.getMessage().contains("replay: smon simulate --machines 100 --seed 7"), e::getMessage);
  }

  @Test
  void optionsOutOfRangeAreNamed() {
    InvalidInputException e =
        assertThrows(InvalidInputException.class, () -> Options.of(0, 1, Policy.SMON));
    assertEquals("machines 0 is out of range; give 1 to 100000", e.getMessage());
    assertThrows(
        InvalidInputException.class, () -> Options.of(5, 1, Policy.SMON).withFaults(1.5, 0, 0));
  }

  @Test
  void theHistogramCountsEveryMachineAndTheRoundsEndWithAll() {
    Result result = Simulation.run(Options.of(117, 1, Policy.PAPER)).result();
    assertEquals(117, result.deploy().histogram().values().stream().mapToInt(n -> n).sum());
    assertEquals(117, result.infected().get(result.infected().size() - 1).machines());
    assertEquals(8, PaperFigures.beside(result).size());
  }

  private static World deployed(int machines, Policy policy, long seed) {
    CoreConfig config = policy == Policy.PAPER ? CoreConfig.paper() : CoreConfig.smon();
    World world = new World(Options.of(machines, seed, policy), config);
    world.deployFirst();
    assertTrue(world.runUntil(() -> world.live() == machines, 3_600_000), "seed=" + seed);
    world.runUntil(() -> false, 60_000);
    return world;
  }

  private static void loseAllButOne(World world) {
    int survivor = world.machines().size() / 2;
    for (VirtualMachine machine : world.machines()) {
      if (machine.index() != survivor) {
        world.crash(machine);
        machine.wipe();
        machine.boot();
      }
    }
  }
}
