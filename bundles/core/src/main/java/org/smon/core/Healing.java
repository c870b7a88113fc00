// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.List;
import java.util.function.LongPredicate;
import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

/**
 * From a lost ping to a login, and what keeps it from being needless (R13, R16): a suspect is
 * pinged again by this peer and by its wardens, who also know whether it was visited lately.
 */
final class Healing {
  /** Lost pings, the first included, that make a suspect dead: if the machine says nothing ... */
  private static final int SILENCES = 4;

  /** ... and if it says itself that nobody listens there. */
  private static final int REFUSALS = 2;

  private final Self self;
  private final Visits visits;
  private final BackOffs backOffs;
  private final AgentPause agentPause;
  private final LongPredicate deploying;
  private final LongPredicate alone;
  private final Suspects suspects = new Suspects();
  private final LocalHealth health;

  /**
   * @param deploying whether, at a time, work is still being divided
   * @param alone whether, at a time, all other peers seem lost
   */
  Healing(
      Self self,
      Visits visits,
      BackOffs backOffs,
      AgentPause agentPause,
      LongPredicate deploying,
      LongPredicate alone) {
    this.self = self;
    this.visits = visits;
    this.backOffs = backOffs;
    this.agentPause = agentPause;
    this.deploying = deploying;
    this.alone = alone;
    this.health = new LocalHealth(self);
  }

  /** A sign of life came from there, perhaps over a way that is open in one direction only. */
  void heard(String machine) {
    suspects.remove(machine);
    backOffs.heard(machine);
  }

  /** A ping of this peer was answered there. */
  void answered(String machine) {
    suspects.remove(machine);
    health.answered();
    backOffs.forgive(machine);
  }

  boolean suspects(String machine) {
    return suspects.has(machine);
  }

  void forget() {
    suspects.clear();
  }

  /**
   * A ping of this peer was not answered.
   *
   * @param closed true if the machine itself said that nobody listens there
   */
  void silent(long now, String machine, boolean closed, String reason) {
    if (closed) {
      health.answered();
      backOffs.refused(machine);
    } else if (!suspects.has(machine)) {
      health.silent();
    }
    if (backOffs.holds(now, machine)) {
      suspects.remove(machine); // no login for now, whatever is found out
    } else {
      suspects.lost(now, machine, closed, now + self.jittered(confirmMillis(now)));
      visitIfConfirmed(now, machine, reason);
    }
  }

  /** What a warden said of a suspect. */
  void probed(long now, String machine, boolean answered, long holdMillis) {
    if (!suspects.has(machine)) {
      return;
    }
    if (answered || holdMillis > 0) {
      suspects.remove(machine);
      backOffs.atLeast(now, machine, holdMillis);
    } else {
      suspects.noNews(machine);
      visitIfConfirmed(now, machine, "others do not reach it either");
    }
  }

  /** Asked as a warden; for how long nobody should log in there. */
  long asked(long now, String machine, boolean answered) {
    if (answered) {
      answered(machine);
    }
    return backOffs.millisLeft(now, machine);
  }

  /** Told as a warden; the outcome is null at a visit's start. */
  void noticed(long now, String machine, Outcome outcome, Step step) {
    if (outcome == null) {
      backOffs.visiting(now, machine);
    } else if (outcome == Outcome.UNREACHABLE) {
      backOffs.visitedInVain(machine);
    } else {
      backOffs.after(now, machine, outcome, step);
    }
  }

  void visited(long now, VisitReport report, Visits.Visit visit) {
    health.after(now, report);
    backOffs.after(now, report.machine(), report.outcome(), report.step());
    boolean helped = report.peerRuns() && report.outcome() != Outcome.ALIVE;
    if (report.peerRuns()) {
      suspects.remove(report.machine());
    }
    if (!helped || !visit.ofShare()) { // what is deployed for the first time is no news to them
      tellWardens(report.machine(), report.outcome(), report.step());
    }
  }

  /** Does what is due; the time of the next check. */
  long step(long now) {
    suspects.due(now).forEach(machine -> check(now, machine));
    return suspects.nextCheckAt();
  }

  private void check(long now, String machine) {
    if (!othersMayVisit(now, machine)) {
      askWardens(machine);
    }
    self.pingSuspect(machine);
  }

  private void askWardens(String machine) {
    List<String> wardens = self.wardens(machine);
    suspects.asked(machine, wardens.size());
    wardens.forEach(warden -> self.probe(warden, machine));
  }

  private void visitIfConfirmed(long now, String machine, String reason) {
    boolean confirmed = suspects.isConfirmed(machine, SILENCES + health.score(), REFUSALS);
    if (!confirmed || othersMayVisit(now, machine)) {
      return;
    }
    if (!self.wardens(machine).isEmpty() && suspects.isLastQuestionDue(machine)) {
      askWardens(machine); // another may have set out while the last ping was waited for
    } else {
      suspects.remove(machine);
      visit(now, machine, reason);
    }
  }

  private void visit(long now, String machine, String reason) {
    int position = self.roster().positionOf(machine);
    boolean may = !agentPause.holds(now) && visits.mayStartHealing(now) && !visits.running(machine);
    if (position >= 0 && may && health.mayHeal(now) && !backOffs.holds(now, machine)) {
      visits.started(now, machine, false, alone.test(now));
      tellWardens(machine, null, null);
      self.visit(self.roster().at(position), "it is silent: " + reason);
    }
  }

  private void tellWardens(String machine, Outcome outcome, Step step) {
    self.wardens(machine).forEach(w -> self.effects.notice(w, machine, outcome, step));
  }

  /** While work is divided, a silent machine is most likely in somebody's share. */
  private boolean othersMayVisit(long now, String machine) {
    return suspects.has(machine)
        && deploying.test(now)
        && now - suspects.since(machine) < self.config.holdMillis();
  }

  private int confirmMillis(long now) {
    return deploying.test(now) ? self.config.deployingConfirmMillis() : self.config.confirmMillis();
  }
}
