// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

/** Who is logged in to, and who is left alone (R14, R16). */
class DetectionTest {
  private static final int BOUND = 6;
  private static final int MINUTE = 60_000;
  private static final int HOUR = 60 * MINUTE;

  @Test
  void lossAndStarvationCostAtMostOneNeedlessLoginAMachineAndHour() {
    World world = QuietWorld.of(100, 1, 0.2, 0.1);
    world.runUntil(() -> false, HOUR);
    assertTrue(world.logins().mostInAnHour() <= 1, "seed=1: " + world.observed());
    assertEquals(100, world.live());
  }

  @Test
  void aDeadPeerIsFoundAllTheSame() {
    World world = QuietWorld.of(100, 1, 0.2, 0.1);
    world.runUntil(() -> false, MINUTE);
    VirtualMachine machine = world.machines().get(7);
    world.kill(machine);
    assertTrue(world.runUntil(machine::lives, 2 * MINUTE), "seed=1: " + world.observed());
  }

  @Test
  void aMachineWhosePortIsClosedIsLoggedInToSixTimesAnHourAtMostAndNeverRestarted() {
    World world = QuietWorld.of(100, 1, 0, 0);
    VirtualMachine machine = world.machines().get(7);
    VirtualPeer peer = machine.peer();
    machine.gossipClosed(true);
    world.runUntil(() -> false, 4 * HOUR);
    assertEquals(peer, machine.peer());
    assertTrue(world.logins().mostInAnHour() <= BOUND, "" + world.logins().mostInAnHour());
    assertTrue(world.logins().needless() <= 10, "in four hours " + world.logins().needless());
  }

  @Test
  void aFrozenPeerIsRestartedWithinNinetySecondsAndAtOneLogin() {
    World world = QuietWorld.of(8, 1, 0, 0);
    world.runUntil(() -> false, MINUTE);
    VirtualMachine machine = world.machines().get(3);
    VirtualPeer peer = machine.peer();
    machine.freeze(world.now());
    assertTrue(
        world.runUntil(() -> machine.lives() && machine.peer() != peer, 90_000),
        "seed=1: " + world.observed());
    assertEquals(0, world.logins().needless());
  }

  @Test
  void partsOfAPartitionGoOnAndMergeWithoutARestart() {
    World world = QuietWorld.of(100, 1, 0, 0);
    world.agents().add(new VirtualAgent(60, world.first())); // one in each part
    BitSet inside = new BitSet();
    inside.set(0, 40);
    Cuts.Cut cut = new Cuts.Cut(inside, true);
    world.cuts().add(cut);
    world.runUntil(() -> false, 5 * MINUTE);
    Operator operator = new Operator(world);
    operator.publish(operator.changed(), () -> {});
    VirtualMachine killed = world.machines().get(80);
    world.kill(killed);
    assertTrue(world.runUntil(killed::lives, 3 * MINUTE), "seed=1: the other part heals itself");
    world.cuts().remove(cut);
    Edition newest = operator.shelf().list();
    assertTrue(
        world.runUntil(
            () ->
                world.machines().stream()
                    .allMatch(m -> Invariants.has(m, newest) || !newest.lists(m.entry())),
            2 * MINUTE),
        "seed=1: not merged");
    world.runUntil(() -> false, 5 * MINUTE);
    assertEquals(1L, world.observed().getOrDefault("visit RECOVERED", 0L));
    assertEquals(null, world.observed().get("visit DEPLOYED"));
    assertTrue(world.logins().mostInAnHour() <= 2, "" + world.observed());
  }

  @Test
  void aPeerToWhichNobodyAnswersHoldsBack() {
    World world = QuietWorld.of(100, 1, 0, 0);
    world.agents().add(new VirtualAgent(7, world.first()));
    BitSet inside = new BitSet();
    inside.set(7);
    world.cuts().add(new Cuts.Cut(inside, true));
    world.runUntil(() -> false, 10 * MINUTE);
    assertTrue(world.observed().getOrDefault("hold-back", 0L) > 0, "" + world.observed());
  }
}
