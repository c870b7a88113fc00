// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import org.smon.api.DocumentType;
import org.smon.api.Machine;
import org.smon.api.Version;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;
import org.smon.api.Work;
import org.smon.core.Effects;
import org.smon.core.Held;
import org.smon.core.PeerCore;

/** One life of a peer: the real core, its effects carried out by the world. */
final class VirtualPeer implements Effects {
  private final World world;
  private final VirtualMachine machine;
  private final PeerCore core;
  private Held held;
  private boolean alive = true;
  private long wakeAt;

  VirtualPeer(World world, VirtualMachine machine, Held held) {
    this.world = world;
    this.machine = machine;
    this.held = held;
    this.core = new PeerCore(machine.entry().name(), world.config(), world.chance().split(), this);
  }

  void start(Work initial, String parent) {
    core.start(world.now(), held, initial, parent);
  }

  VirtualMachine machine() {
    return machine;
  }

  PeerCore core() {
    return core;
  }

  Held held() {
    return held;
  }

  boolean isAlive() {
    return alive;
  }

  void die() {
    alive = false;
  }

  /** The document layer: takes what is newer, and tells the core. */
  void offer(Held offered) {
    long mine = held.versions().counter(DocumentType.LIVETAG);
    if (offered.versions().counter(DocumentType.LIVETAG) > mine) {
      held = offered;
      world.adopted(this);
      core.onDocuments(world.now(), held);
    }
  }

  @Override
  public void ping(long token, String target) {
    world.network().ping(this, token, world.machine(target));
  }

  @Override
  public void visit(long token, Machine target) {
    world.ssh().visit(this, token, world.machine(target.name()));
  }

  @Override
  public void probe(long token, String through, String target) {
    world.network().probe(this, token, world.machine(through), world.machine(target));
  }

  @Override
  public void notice(String to, String about, Outcome outcome, Step step) {
    world.network().notice(this, world.machine(to), about, outcome, step);
  }

  @Override
  public void askWork(long token, String target) {
    world.network().askWork(this, token, world.machine(target));
  }

  @Override
  public void fetch(DocumentType type, Version version, String from) {
    world.network().fetch(this, world.machine(from));
  }

  @Override
  public void push(DocumentType type, String to) {
    world.network().push(this, world.machine(to));
  }

  @Override
  public void wakeAt(long millis) {
    wakeAt = millis;
    world.timetable().at(millis, () -> wake(millis));
  }

  private void wake(long millis) {
    if (alive && wakeAt == millis) {
      core.wake(world.now());
    }
  }

  @Override
  public void stop(String cause) {
    die();
  }

  @Override
  public void emit(String kind, String about, String cause) {
    world.observe(this, kind, about, cause);
  }
}
