// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;
import org.smon.core.Policy;

/**
 * Visits over ssh, in the parts that matter: ask the agent, log in and look, exchange documents,
 * copy, install and start. Under our policy the claim comes before the copy (R9); under the paper's
 * every visitor copies, and the lock decides afterwards (R8).
 */
final class Ssh {
  /** Parts of a deployment's time. */
  private static final double LOGIN = 0.1;

  private static final double COPY = 0.6;
  private static final double START = 0.3;

  private static final int AGENT_TIMEOUT_MILLIS = 2_000;
  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

  /** Stage 0, and the visitor, give up after this long without a byte. */
  private static final int SILENCE_MILLIS = 20_000;

  /** A peer that does not beat is watched in the visit itself until it does, or is frozen. */
  private static final int MISSED_BEATS_MILLIS = 12_000;

  private static final int FROZEN_MILLIS = 60_000;
  private static final int WATCH_MILLIS = 1_000;

  private final World world;

  Ssh(World world) {
    this.world = world;
  }

  void visit(VirtualPeer visitor, long token, VirtualMachine machine) {
    Visit visit = new Visit(visitor, token, machine);
    VirtualAgent agent = nearest(visitor.machine());
    if (agent == null) {
      visit.endIn(AGENT_TIMEOUT_MILLIS, Outcome.FAILED, Step.AGENT);
    } else if (visitor.shelf().lacks(agent.shelf())) {
      world.timetable().in(0, () -> visit.adopt(agent.shelf(), Step.AGENT));
    } else if (refuses(agent, visitor, machine)) {
      visit.endIn(0, Outcome.REFUSED, Step.AGENT);
    } else if (!machine.isUp() || world.cuts(visitor.machine(), machine)) {
      visit.endIn(CONNECT_TIMEOUT_MILLIS, Outcome.UNREACHABLE, Step.CONNECT);
    } else {
      world.signed();
      visit.next(LOGIN, visit::look);
    }
  }

  private static boolean refuses(VirtualAgent agent, VirtualPeer visitor, VirtualMachine machine) {
    agent.take(visitor.shelf());
    return !agent.permits(machine);
  }

  /** Null if none answers. */
  private VirtualAgent nearest(VirtualMachine machine) {
    for (VirtualAgent agent : world.agents()) {
      if (agent.isUp() && !world.cuts().drops(machine.index(), agent.at())) {
        return agent;
      }
    }
    return null;
  }

  /** One connection, from login to logout. */
  private final class Visit {
    private final VirtualPeer visitor;
    private final long token;
    private final VirtualMachine machine;
    private final int boots;
    private final long startedMillis = world.now();
    private final long deployMillis;
    private final boolean breaks = world.chance().happens(world.options().loss() / 5);

    Visit(VirtualPeer visitor, long token, VirtualMachine machine) {
      this.visitor = visitor;
      this.token = token;
      this.machine = machine;
      this.boots = machine.boots();
      this.deployMillis = world.chance().deployment(machine, machine.nextDeployment());
    }

    /** Goes on after a part of the deployment's time, if both ends and the way still live. */
    void next(double part, Runnable action) {
      world
          .timetable()
          .in(
              Math.round(deployMillis * part),
              () -> {
                boolean cut = world.cuts(visitor.machine(), machine);
                if (boots != machine.boots()) {
                  endIn(SILENCE_MILLIS, Outcome.FAILED, Step.COPY);
                } else if (cut || !visitor.isAlive() || visitor.machine().isFrozen()) {
                  endIn(SILENCE_MILLIS, Outcome.FAILED, Step.COPY);
                } else {
                  action.run();
                }
              });
    }

    void look() {
      if (world.options().policy() == Policy.PAPER) {
        lookAsThePaper();
      } else if (visitor.shelf().lacks(machine.disk())) {
        adopt(machine.disk(), Step.ADOPT);
      } else if (machine.frozenMillis(world.now()) >= MISSED_BEATS_MILLIS
          && machine.frozenMillis(world.now()) < FROZEN_MILLIS) {
        world.timetable().in(WATCH_MILLIS, () -> next(0, this::look));
      } else if (machine.lives() && machine.frozenMillis(world.now()) < FROZEN_MILLIS) {
        end(Outcome.ALIVE, Step.PROBE);
      } else if (machine.isClaimed()) {
        machine.attempted();
        end(Outcome.BUSY, Step.CLAIM);
      } else {
        machine.attempted();
        machine.claim(this);
        work();
      }
    }

    /** The visitor was older: it learns, and touches nothing. */
    void adopt(Shelf newer, Step step) {
      visitor.deliver(() -> visitor.offer(newer));
      end(Outcome.OLDER, step);
    }

    private void work() {
      if (machine.lives()) {
        world.kill(machine); // frozen: by its pid and start time
      }
      if (machine.isDiskFull()) {
        end(Outcome.FAILED, Step.COPY);
        return;
      }
      world.keep(machine, machine.disk().with(visitor.shelf()));
      if (machine.isInstalled()) {
        next(START, () -> start(Outcome.RECOVERED));
        return;
      }
      machine.copyStarted();
      double left = COPY * (1 - machine.partialCopy());
      if (breaks) {
        machine.copied(Math.max(machine.partialCopy(), 0.01));
        next(left / 2, this::breakOff);
      } else {
        next(left, () -> next(START, () -> start(Outcome.DEPLOYED)));
      }
    }

    private void breakOff() {
      machine.copied((1 + machine.partialCopy()) / 2);
      end(Outcome.FAILED, Step.COPY);
    }

    private void lookAsThePaper() {
      if (machine.lives()) {
        end(Outcome.ALIVE, Step.PROBE);
        return;
      }
      machine.attempted();
      world.keep(machine, machine.disk().with(visitor.shelf()));
      if (machine.isInstalled()) {
        next(START, () -> start(Outcome.RECOVERED));
        return;
      }
      machine.copiedAfresh();
      if (breaks) {
        next(COPY / 2, () -> end(Outcome.FAILED, Step.COPY));
      } else {
        next(COPY, this::lock);
      }
    }

    private void lock() {
      if (machine.isClaimed() || machine.isInstalled()) {
        end(Outcome.BUSY, Step.INSTALL);
      } else {
        machine.claim(this);
        next(START, () -> start(Outcome.DEPLOYED));
      }
    }

    /** What was right at the claim must still be: documents go on arriving meanwhile. */
    private void start(Outcome outcome) {
      if (machine.lives()) {
        end(Outcome.ALIVE, Step.START);
      } else if (!visitor.shelf().maintains() || !visitor.shelf().list().lists(machine.entry())) {
        end(Outcome.REFUSED, Step.START);
      } else {
        machine.installed();
        world.keep(machine, machine.disk().with(visitor.shelf()));
        world.startPeer(machine, visitor);
        end(outcome, Step.START);
      }
    }

    void endIn(long millis, Outcome outcome, Step step) {
      world.timetable().in(millis, () -> end(outcome, step));
    }

    private void end(Outcome outcome, Step step) {
      machine.release(this);
      world.visited(outcome);
      boolean loggedIn = step.compareTo(Step.LOGIN) >= 0 && boots == machine.boots();
      if (loggedIn && outcome != Outcome.DEPLOYED && outcome != Outcome.RECOVERED) {
        world.logins().needless(machine);
      }
      VisitReport report =
          new VisitReport(
              machine.name(), outcome, step, outcome.name(), world.now() - startedMillis, 0);
      visitor.deliver(() -> visitor.core().onVisited(world.now(), token, report));
    }
  }
}
