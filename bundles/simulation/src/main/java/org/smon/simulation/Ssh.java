// SPDX-License-Identifier: Apache-2.0
package org.smon.simulation;

import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;
import org.smon.core.Policy;

/**
 * Visits over ssh, in the three parts that matter: log in and look, copy, install and start. Under
 * our policy the claim comes before the copy (R9); under the paper's every visitor copies, and the
 * lock decides afterwards (R8).
 */
final class Ssh {
  /** Parts of a deployment's time. */
  private static final double LOGIN = 0.1;

  private static final double COPY = 0.6;
  private static final double START = 0.3;

  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

  /** Stage 0, and the visitor, give up after this long without a byte. */
  private static final int SILENCE_MILLIS = 20_000;

  private final World world;

  Ssh(World world) {
    this.world = world;
  }

  void visit(VirtualPeer visitor, long token, VirtualMachine machine) {
    Visit visit = new Visit(visitor, token, machine);
    if (machine.isUp()) {
      world.signed();
      visit.next(LOGIN, visit::look);
    } else {
      world
          .timetable()
          .in(CONNECT_TIMEOUT_MILLIS, () -> visit.end(Outcome.UNREACHABLE, Step.CONNECT));
    }
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

    /** Goes on after a part of the deployment's time, if both ends still live. */
    void next(double part, Runnable action) {
      world
          .timetable()
          .in(
              Math.round(deployMillis * part),
              () -> {
                if (boots != machine.boots()) {
                  world.timetable().in(SILENCE_MILLIS, () -> end(Outcome.FAILED, Step.COPY));
                } else if (!visitor.isAlive()) {
                  world.timetable().in(SILENCE_MILLIS, () -> machine.release(this));
                } else {
                  action.run();
                }
              });
    }

    void look() {
      if (machine.lives()) {
        end(Outcome.ALIVE, Step.PROBE);
        return;
      }
      machine.attempted();
      if (world.options().policy() == Policy.PAPER) {
        lookAsThePaper();
      } else if (machine.isClaimed()) {
        end(Outcome.BUSY, Step.CLAIM);
      } else {
        machine.claim(this);
        work();
      }
    }

    private void work() {
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

    private void start(Outcome outcome) {
      if (machine.lives()) {
        end(Outcome.ALIVE, Step.START);
        return;
      }
      machine.installed();
      world.startPeer(machine, visitor);
      end(outcome, Step.START);
    }

    void end(Outcome outcome, Step step) {
      machine.release(this);
      world.visited(outcome);
      if (visitor.isAlive()) {
        visitor
            .core()
            .onVisited(
                world.now(),
                token,
                new VisitReport(
                    machine.entry().name(),
                    outcome,
                    step,
                    outcome.name(),
                    world.now() - startedMillis,
                    0));
      }
    }
  }
}
