// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import java.util.ArrayDeque;
import java.util.Queue;
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
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean alive = true;
  private boolean stopped;
  private boolean leaving;
  private long wakeAt;

  VirtualPeer(World world, VirtualMachine machine) {
    this.world = world;
    this.machine = machine;
    this.core = new PeerCore(machine.name(), world.config(), world.chance().split(), this);
  }

  void start(Work initial, String parent) {
    core.start(world.now(), held(), initial, parent);
    leaveIfRemoved();
  }

  VirtualMachine machine() {
    return machine;
  }

  PeerCore core() {
    return core;
  }

  /** Persisted before anybody hears of it: what it holds is what is on the disk. */
  Shelf shelf() {
    return machine.disk();
  }

  Held held() {
    return shelf().held(world.options().waitMillis());
  }

  boolean isAlive() {
    return alive;
  }

  /** True if it has ended by the wish of its own core. */
  boolean isStopped() {
    return stopped;
  }

  void die() {
    alive = false;
    waiting.clear();
  }

  /** Hands the peer something as soon as it gets the processor, in the order it came. */
  void deliver(Runnable input) {
    if (!alive) {
      return;
    }
    if (waiting.isEmpty() && machine.runsAgainAt(world.now()) <= world.now()) {
      input.run();
    } else {
      waiting.add(input);
      if (waiting.size() == 1) {
        goOn();
      }
    }
  }

  /** Does what has been waiting, now or as soon as it can. */
  void goOn() {
    long at = machine.runsAgainAt(world.now());
    if (at == Long.MAX_VALUE || waiting.isEmpty()) {
      return;
    }
    if (at > world.now()) {
      world.timetable().at(at, this::goOn);
      return;
    }
    while (alive && !waiting.isEmpty()) {
      waiting.remove().run();
    }
  }

  /** The document layer: takes what is newer, once it is on disk, and tells the core. */
  void offer(Edition edition) {
    Shelf newer = shelf().with(edition);
    if (newer != shelf() && !machine.isDiskFull()) {
      world.keep(machine, newer);
      core.onDocuments(world.now(), held());
      leaveIfRemoved();
    }
  }

  void offer(Shelf offered) {
    offer(offered.list());
    offer(offered.livetag());
  }

  private void leaveIfRemoved() {
    if (alive && !leaving && !shelf().list().lists(machine.entry())) {
      leaving = true;
      world.timetable().in(World.LEAVE_MILLIS, () -> deliver(() -> world.leave(this)));
    }
  }

  @Override
  public void ping(long token, String target, boolean suspected) {
    world.network().ping(this, token, world.machine(target), suspected ? machine.name() : null);
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
    world.network().fetch(this, type, world.machine(from));
  }

  @Override
  public void push(DocumentType type, String to) {
    world.network().push(this, type, world.machine(to));
  }

  @Override
  public void wakeAt(long millis) {
    wakeAt = millis;
    world.timetable().at(millis, () -> wake(millis));
  }

  private void wake(long millis) {
    if (alive && wakeAt == millis) {
      deliver(
          () -> {
            if (wakeAt == millis) {
              core.wake(world.now());
            }
          });
    }
  }

  @Override
  public void stop(String cause) {
    stopped = true;
    world.timetable().in(0, () -> world.end(this)); // not before the core has returned
  }

  @Override
  public void emit(String kind, String about, String cause) {
    world.observe(this, kind, about, cause);
  }
}
