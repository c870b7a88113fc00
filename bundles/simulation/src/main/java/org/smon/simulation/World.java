// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.smon.api.Livetag;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.VisitReport.Outcome;
import org.smon.core.CoreConfig;
import org.smon.core.Policy;

/** All machines, what happens between them, and what is counted. One thread, one seed. */
final class World {
  /** A removed peer's rumours have gone on by then. */
  static final int LEAVE_MILLIS = 10_000;

  private static final int AUTOSTART_MILLIS = 5_000;

  private final Options options;
  private final CoreConfig config;
  private final Timetable timetable = new Timetable();
  private final Chance chance;
  private final Network network = new Network(this);
  private final Ssh ssh = new Ssh(this);
  private final Cuts cuts = new Cuts();
  private final Logins logins;
  private final Invariants invariants = new Invariants(this);
  private final List<VirtualMachine> machines = new ArrayList<>();
  private final Map<String, VirtualMachine> byName = new HashMap<>();
  private final List<VirtualAgent> agents = new ArrayList<>();
  private final Shelf first;
  private final List<Long> signMillis = new ArrayList<>();
  private final Map<String, Long> observed = new TreeMap<>();
  private int live;
  private int disabledPeers;

  World(Options options, CoreConfig config) {
    this(options, config, 0, 0);
  }

  /**
   * @param starved fraction of the machines whose peers do not get the processor half of the time
   * @param spare machines beyond those of the first list
   */
  World(Options options, CoreConfig config, double starved, int spare) {
    this.options = options;
    this.config = config;
    this.chance = new Chance(options);
    for (int i = 0; i < options.machines() + spare; i++) {
      boolean slow = i > 0 && chance.happens(options.slow());
      Starvation starvation = chance.happens(starved) ? new Starvation(chance.split()) : null;
      VirtualMachine machine =
          new VirtualMachine(i, Machine.parse("m%05d".formatted(i)), slow, starvation);
      machines.add(machine);
      byName.put(machine.name(), machine);
    }
    List<Machine> entries =
        machines.stream().limit(options.machines()).map(VirtualMachine::entry).toList();
    this.first =
        Shelf.EMPTY
            .with(Edition.first(new MachineList(entries, List.of())))
            .with(Edition.first(Livetag.on()));
    this.logins = new Logins(this);
    agents.add(new VirtualAgent(0, first));
  }

  Options options() {
    return options;
  }

  CoreConfig config() {
    return config;
  }

  Timetable timetable() {
    return timetable;
  }

  Chance chance() {
    return chance;
  }

  Network network() {
    return network;
  }

  Ssh ssh() {
    return ssh;
  }

  Cuts cuts() {
    return cuts;
  }

  boolean cuts(VirtualMachine from, VirtualMachine to) {
    return cuts.drops(from.index(), to.index());
  }

  Logins logins() {
    return logins;
  }

  Invariants invariants() {
    return invariants;
  }

  List<VirtualAgent> agents() {
    return agents;
  }

  /** The documents the overlay begins with. */
  Shelf first() {
    return first;
  }

  long now() {
    return timetable.now();
  }

  VirtualMachine machine(String name) {
    return byName.get(name);
  }

  List<VirtualMachine> machines() {
    return machines;
  }

  int live() {
    return live;
  }

  int disabledPeers() {
    return disabledPeers;
  }

  List<Long> signMillis() {
    return signMillis;
  }

  /** How often peers reported an event of each kind. */
  Map<String, Long> observed() {
    return observed;
  }

  void signed() {
    signMillis.add(now());
  }

  void visited(Outcome outcome) {
    observed.merge("visit " + outcome, 1L, Long::sum);
  }

  void observe(VirtualPeer peer, String kind, String about, String cause) {
    observed.merge(kind, 1L, Long::sum);
  }

  /** What the client does: the first peer, with the whole list as its share. */
  void deployFirst() {
    deployAt(machines.get(0), first);
  }

  /** The client puts a peer there, and hands in what it holds. */
  void deployAt(VirtualMachine machine, Shelf shelf) {
    machine.attempted();
    machine.copiedAfresh();
    machine.installed();
    keep(machine, machine.disk().with(shelf));
    boolean divides = options.policy() == Policy.SMON;
    put(machine).start(divides ? machine.disk().list().roster().whole() : null, null);
  }

  /** All listed machines have a peer, as after a deployment long ago. */
  void deployAll() {
    for (VirtualMachine machine : machines.subList(0, options.machines())) {
      machine.installed();
      keep(machine, first);
      put(machine).start(null, null);
    }
  }

  /** A visit ends well: the new peer knows who its deployer was. */
  void startPeer(VirtualMachine machine, VirtualPeer deployer) {
    invariants.startedByVisit(machine, deployer);
    put(machine).start(null, deployer.machine().name());
  }

  private VirtualPeer put(VirtualMachine machine) {
    VirtualPeer peer = new VirtualPeer(this, machine);
    machine.started(peer, now());
    live++;
    disabledPeers += machine.disk().maintains() ? 0 : 1;
    return peer;
  }

  /** Documents go on the disk; nothing else may change them. */
  void keep(VirtualMachine machine, Shelf newer) {
    invariants.kept(machine, newer);
    boolean wasOn = machine.disk().maintains();
    machine.keep(newer);
    if (machine.lives() && wasOn != newer.maintains()) {
      disabledPeers += wasOn ? 1 : -1;
    }
  }

  /** The process ends by its own wish. */
  void end(VirtualPeer peer) {
    if (peer.isAlive()) {
      kill(peer.machine());
    }
  }

  /** A removed peer cleans up and ends. */
  void leave(VirtualPeer peer) {
    if (peer.isAlive() && !peer.shelf().list().lists(peer.machine().entry())) {
      kill(peer.machine());
      peer.machine().wipe();
    }
  }

  /** The process ends, the machine goes on. */
  void kill(VirtualMachine machine) {
    forget(machine);
    machine.peerEnded();
  }

  void crash(VirtualMachine machine) {
    forget(machine);
    machine.crash();
  }

  private void forget(VirtualMachine machine) {
    if (machine.lives()) {
      live--;
      disabledPeers -= machine.disk().maintains() ? 0 : 1;
    }
  }

  /**
   * The machine boots.
   *
   * @param autostart true if it starts its peer by itself (R17)
   */
  void boot(VirtualMachine machine, boolean autostart) {
    machine.boot();
    int boots = machine.boots();
    if (autostart) {
      timetable.in(
          AUTOSTART_MILLIS,
          () -> {
            boolean may = machine.boots() == boots && machine.isUp() && machine.isInstalled();
            if (may && !machine.lives() && machine.disk().list() != null) {
              put(machine).start(null, null);
            }
          });
    }
  }

  /** Livetag false reaches one peer (paper, section V-A). */
  void disableAt(VirtualMachine machine) {
    Livetag off = new Livetag(false, Livetag.DISABLE_QUIET_SECONDS);
    machine.peer().offer(machine.disk().livetag().next(off));
  }

  /** Runs until the condition holds or that much virtual time has passed; true if it holds. */
  boolean runUntil(BooleanSupplier condition, long forMillis) {
    long horizon = now() + forMillis;
    while (!condition.getAsBoolean()) {
      if (!timetable.step(horizon)) {
        return condition.getAsBoolean();
      }
    }
    return true;
  }
}
