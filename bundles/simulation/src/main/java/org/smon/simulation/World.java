// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.smon.api.DocumentType;
import org.smon.api.Livetag;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.Version;
import org.smon.api.Versions;
import org.smon.api.VisitReport.Outcome;
import org.smon.core.CoreConfig;
import org.smon.core.Held;
import org.smon.core.Policy;
import org.smon.core.Roster;

/** All machines, what happens between them, and what is counted. One thread, one seed. */
final class World {
  private static final String LIST_HASH = "1".repeat(64);

  private final Options options;
  private final CoreConfig config;
  private final Timetable timetable = new Timetable();
  private final Chance chance;
  private final Network network = new Network(this);
  private final Ssh ssh = new Ssh(this);
  private final List<VirtualMachine> machines = new ArrayList<>();
  private final Map<String, VirtualMachine> byName = new HashMap<>();
  private final Roster roster;
  private final Held enabled;
  private final Held disabled;
  private final List<Long> signMillis = new ArrayList<>();
  private final Map<String, Long> observed = new TreeMap<>();
  private int live;
  private int disabledPeers;

  World(Options options, CoreConfig config) {
    this.options = options;
    this.config = config;
    this.chance = new Chance(options);
    List<Machine> entries = new ArrayList<>();
    for (int i = 0; i < options.machines(); i++) {
      Machine entry = Machine.parse("m%05d".formatted(i));
      entries.add(entry);
      VirtualMachine machine =
          new VirtualMachine(i, entry, i > 0 && chance.happens(options.slow()));
      machines.add(machine);
      byName.put(entry.name(), machine);
    }
    this.roster = new Roster(new MachineList(entries, List.of()), LIST_HASH);
    this.enabled = held(1, true);
    this.disabled = held(2, false);
  }

  private Held held(int counter, boolean value) {
    Version livetag = new Version(counter, Integer.toString(counter).repeat(64));
    Versions versions =
        Versions.NONE
            .with(DocumentType.LIST, new Version(1, LIST_HASH))
            .with(DocumentType.LIVETAG, livetag);
    return new Held(
        versions, roster, new Livetag(value, Livetag.DISABLE_QUIET_SECONDS), options.waitMillis());
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

  void adopted(VirtualPeer peer) {
    disabledPeers += peer.held() == disabled ? 1 : 0;
  }

  /** What the client does: the first peer, with the whole list as its share. */
  void deployFirst() {
    VirtualMachine first = machines.get(0);
    first.attempted();
    first.copiedAfresh();
    first.installed();
    VirtualPeer peer = put(first, enabled);
    peer.start(options.policy() == Policy.SMON ? roster.whole() : null, null);
  }

  /** A visit ends well: the new peer has its deployer's documents and knows who it was. */
  void startPeer(VirtualMachine machine, VirtualPeer deployer) {
    put(machine, deployer.held()).start(null, deployer.machine().entry().name());
  }

  private VirtualPeer put(VirtualMachine machine, Held held) {
    VirtualPeer peer = new VirtualPeer(this, machine, held);
    machine.started(peer, now());
    live++;
    disabledPeers += held == disabled ? 1 : 0;
    return peer;
  }

  void crash(VirtualMachine machine) {
    if (machine.lives()) {
      live--;
      disabledPeers -= machine.peer().held() == disabled ? 1 : 0;
    }
    machine.crash();
  }

  /** Livetag false reaches one peer (paper, section V-A). */
  void disableAt(VirtualMachine machine) {
    machine.peer().offer(disabled);
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
