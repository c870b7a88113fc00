// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.BitSet;
import java.util.List;
import org.smon.api.Livetag;

/**
 * What goes wrong, by seed, for a while: crashes, wipes, freezes, killed peers, full disks,
 * firewalls, cuts both ways and one way, agents that are down, and edits meanwhile. When the time
 * is over everything has been mended from outside that the overlay cannot mend itself.
 */
final class Faults {
  private static final int SHORTEST_MILLIS = 2_000;
  private static final int LONGEST_MILLIS = 90_000;

  private final World world;
  private final Operator operator;
  private final long until;
  private int disksLostSince;

  Faults(World world, Operator operator, long forMillis) {
    this.world = world;
    this.operator = operator;
    this.until = world.now() + forMillis;
  }

  void schedule() {
    int machines = world.options().machines();
    repeat(share(machines, 0.10), this::crash);
    repeat(share(machines, 0.03), this::wipe);
    repeat(share(machines, 0.10), this::kill);
    repeat(share(machines, 0.05), this::freeze);
    repeat(share(machines, 0.02), this::closePort);
    repeat(share(machines, 0.02), this::fillDisk);
    repeat(2, () -> cut(true));
    repeat(1, () -> cut(false));
    repeat(2, this::agentDown);
    repeat(3, this::edit);
    repeat(1, this::twoEdits);
    repeat(1, this::offAndOn);
    if (world.chance().happens(0.2)) {
      repeat(1, this::crashHalf);
    }
  }

  private static int share(int machines, double fraction) {
    return (int) Math.ceil(machines * fraction);
  }

  /** At times of its own, early enough to be over at the end. */
  private void repeat(int times, Runnable fault) {
    for (int i = 0; i < times; i++) {
      long span = Math.max(1, until - world.now() - SHORTEST_MILLIS);
      world.timetable().in(world.chance().below((int) span), fault);
    }
  }

  /** How long one lasts; all are over at the end. */
  private long lasts() {
    long millis = SHORTEST_MILLIS + world.chance().below(LONGEST_MILLIS - SHORTEST_MILLIS);
    return Math.max(0, Math.min(millis, until - world.now()));
  }

  private void later(Runnable end) {
    world.timetable().in(lasts(), end);
  }

  /** Any machine but the first, so that somebody always holds everything. */
  private VirtualMachine any() {
    return world.machines().get(1 + world.chance().below(world.machines().size() - 1));
  }

  private void crash() {
    VirtualMachine machine = any();
    if (machine.isUp()) {
      crash(machine);
    }
  }

  private void crash(VirtualMachine machine) {
    world.crash(machine);
    boolean autostart = world.chance().happens(0.5);
    later(() -> world.boot(machine, autostart));
  }

  /** No more than two disks are lost between an acknowledgement and the spreading of the change. */
  private void wipe() {
    VirtualMachine machine = any();
    if (machine.isUp() && disksLostSince < 2) {
      lose(machine);
    }
  }

  private void lose(VirtualMachine machine) {
    disksLostSince++;
    crash(machine);
    machine.wipe();
    world.invariants().survived();
    world.timetable().in(20_000, () -> disksLostSince--);
  }

  private void kill() {
    world.kill(any());
  }

  private void freeze() {
    VirtualMachine machine = any();
    if (machine.lives() && !machine.isFrozen()) {
      machine.freeze(world.now());
      VirtualPeer peer = machine.peer();
      later(
          () -> {
            if (peer.isAlive()) {
              machine.thaw();
            }
          });
    }
  }

  private void closePort() {
    VirtualMachine machine = any();
    machine.gossipClosed(true);
    later(() -> machine.gossipClosed(false));
  }

  private void fillDisk() {
    VirtualMachine machine = any();
    machine.diskFull(true);
    later(() -> machine.diskFull(false));
  }

  private void cut(boolean bothWays) {
    BitSet inside = new BitSet();
    double fraction = 0.1 + 0.4 * world.chance().below(100) / 100;
    for (int i = 0; i < world.machines().size(); i++) {
      inside.set(i, world.chance().happens(fraction));
    }
    Cuts.Cut cut = new Cuts.Cut(inside, bothWays);
    world.cuts().add(cut);
    later(() -> world.cuts().remove(cut));
  }

  private void agentDown() {
    VirtualAgent agent = world.agents().get(world.chance().below(world.agents().size()));
    agent.up(false);
    later(() -> agent.up(true));
  }

  private void crashHalf() {
    for (VirtualMachine machine : world.machines()) {
      if (machine.index() > 0 && machine.isUp() && world.chance().happens(0.5)) {
        crash(machine);
      }
    }
  }

  private void edit() {
    operator.look();
    operator.publish(operator.changed(), this::loseTwoHolders);
  }

  /** Right after an acknowledgement, when it costs most. */
  private void loseTwoHolders() {
    Edition edition = operator.shelf().list();
    List<VirtualMachine> holders =
        world.machines().stream()
            .filter(machine -> machine.index() > 0 && machine.isUp())
            .filter(machine -> Invariants.has(machine, edition))
            .limit(2)
            .toList();
    if (world.now() < until && disksLostSince == 0) {
      holders.forEach(this::lose);
    }
  }

  private void twoEdits() {
    operator.look();
    operator.publishTwo(operator.changed(), operator.changed());
  }

  private void offAndOn() {
    operator.look();
    operator.publish(new Livetag(false, Livetag.DISABLE_QUIET_SECONDS), () -> {});
    later(
        () -> {
          operator.look();
          operator.publish(Livetag.on(), () -> {});
        });
  }
}
