// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.smon.api.DocumentType;
import org.smon.api.Livetag;
import org.smon.api.Machine;
import org.smon.api.MachineList;

/**
 * Signs changes and publishes them: a change is acknowledged once min(3, list size) disks hold it;
 * until then it is offered again and again to peers at random.
 */
final class Operator {
  private static final int DISKS = 3;
  private static final int RETRY_MILLIS = 2_000;
  private static final int ASKED = 8;

  private final World world;
  private Shelf shelf;

  Operator(World world) {
    this.world = world;
    this.shelf = world.first();
  }

  Shelf shelf() {
    return shelf;
  }

  /** Learns what a few peers hold, as before each edit. */
  void look() {
    for (VirtualMachine machine : some()) {
      shelf = shelf.with(machine.disk());
    }
  }

  void learn(Shelf disk) {
    shelf = shelf.with(disk);
  }

  /** Signs true and puts the first peer there, as deploy does after a shutdown. */
  void enableAt(VirtualMachine machine) {
    shelf = shelf.with(shelf.livetag().next(Livetag.on()));
    world.agents().forEach(agent -> agent.take(shelf));
    world.deployAt(machine, shelf);
  }

  void publish(Livetag livetag, Runnable acknowledged) {
    publish(shelf.livetag().next(livetag), acknowledged);
  }

  void publish(MachineList list, Runnable acknowledged) {
    publish(shelf.list().next(list), acknowledged);
  }

  /** Two operators who do not know of each other edit the same version. */
  void publishTwo(MachineList one, MachineList other) {
    Edition base = shelf.list();
    publish(base.next(one), () -> {});
    publish(base.next(other), () -> {});
  }

  private void publish(Edition edition, Runnable acknowledged) {
    shelf = shelf.with(edition);
    world.agents().stream().filter(VirtualAgent::isUp).forEach(agent -> agent.take(shelf));
    offer(edition, acknowledged);
  }

  private void offer(Edition edition, Runnable acknowledged) {
    for (VirtualMachine machine : some()) {
      if (holders(edition) < DISKS) {
        machine.peer().offer(edition);
      }
    }
    long wanted =
        Math.min(DISKS, edition.type() == DocumentType.LIST ? edition.roster().size() : DISKS);
    if (holders(edition) >= wanted) {
      world.invariants().acknowledged(edition);
      acknowledged.run();
    } else {
      world.timetable().in(RETRY_MILLIS, () -> offer(edition, acknowledged));
    }
  }

  private long holders(Edition edition) {
    return world.machines().stream()
        .filter(machine -> Invariants.has(machine, edition))
        .limit(DISKS)
        .count();
  }

  /** Peers that answer, at random. */
  private List<VirtualMachine> some() {
    List<VirtualMachine> some = new ArrayList<>();
    for (int i = 0; i < 10 * ASKED && some.size() < ASKED; i++) {
      VirtualMachine machine = any();
      if (answers(machine) && !some.contains(machine)) {
        some.add(machine);
      }
    }
    return some;
  }

  private VirtualMachine any() {
    return world.machines().get(world.chance().below(world.machines().size()));
  }

  private boolean answers(VirtualMachine machine) {
    return machine.lives()
        && !machine.isFrozen()
        && !machine.isDiskFull()
        && !machine.isGossipClosed()
        && shelf.list().lists(machine.entry());
  }

  /** The list with one machine less and, if there is one to spare, another more. */
  MachineList changed() {
    List<Machine> listed = listed();
    Machine gone = listed.get(1 + world.chance().below(listed.size() - 1));
    List<Machine> kept = listed.stream().filter(machine -> !machine.equals(gone)).toList();
    Stream<Machine> spare =
        world.machines().stream()
            .map(VirtualMachine::entry)
            .filter(machine -> !shelf.list().lists(machine))
            .limit(1);
    return new MachineList(Stream.concat(kept.stream(), spare).toList(), List.of(gone));
  }

  private List<Machine> listed() {
    return world.machines().stream()
        .map(VirtualMachine::entry)
        .filter(shelf.list()::lists)
        .toList();
  }
}
