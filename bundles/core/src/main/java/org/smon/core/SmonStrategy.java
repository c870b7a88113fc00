// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import org.smon.api.Machine;
import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;
import org.smon.api.Work;

/**
 * Our policy: a peer visits its share of the machines one after another (R10), and beside that
 * keeps the paper's rounds as the safety net, from which silent machines are healed (R16).
 */
final class SmonStrategy implements Strategy {
  private final Self self;
  private final Share share = new Share();
  private final Visits visits;
  private final BackOffs backOffs;
  private final WorkSearch search;
  private final Gifts gifts = new Gifts();
  private final HeadCheck head;
  private final Survey survey;
  private final AgentPause agentPause;
  private final Healing healing;

  private long roundAt;

  SmonStrategy(Self self) {
    this.self = self;
    this.visits = new Visits(self.config);
    this.backOffs = new BackOffs(self);
    this.search = new WorkSearch(self);
    this.head = new HeadCheck(self);
    this.survey = new Survey(self);
    this.agentPause = new AgentPause(self);
    this.healing =
        new Healing(
            self,
            visits,
            backOffs,
            agentPause,
            this::deploying,
            now -> share.isEmpty() && survey.isCalledFor(now));
  }

  @Override
  public void begin(long now, Work initial, String parent) {
    roundAt = now + self.random.nextLong(self.held().waitMillis() + 1L);
    survey.heard(now);
    take(initial);
    if (parent != null) {
      search.heard(now, parent, 1);
    }
    if (initial != null || parent != null) {
      search.begin(now);
    }
  }

  @Override
  public void heard(long now, String machine, int workLeft) {
    heardFrom(now, machine);
    search.heard(now, machine, workLeft);
  }

  private void heardFrom(long now, String machine) {
    survey.heard(now);
    healing.heard(machine);
    head.alive(machine);
  }

  @Override
  public void answered(long now, String machine) {
    survey.answered(machine);
    healing.answered(machine);
  }

  @Override
  public void silent(long now, String machine, boolean closed, String reason) {
    survey.lost();
    if (survey.asks(machine)) {
      if (survey.silent(machine)) {
        takeOver();
      }
      return;
    }
    if (head.silent(machine)) {
      return; // it is in the own share and will be visited from there
    }
    healing.silent(now, machine, closed, reason);
  }

  @Override
  public long asked(long now, String machine, boolean answered) {
    return healing.asked(now, machine, answered);
  }

  @Override
  public void probed(long now, String machine, boolean answered, long holdMillis) {
    healing.probed(now, machine, answered, holdMillis);
  }

  @Override
  public void noticed(long now, String machine, Outcome outcome, Step step) {
    healing.noticed(now, machine, outcome, step);
  }

  @Override
  public void visited(long now, VisitReport report) {
    Visits.Visit visit = visits.ended(report.machine());
    if (visit == null) {
      return;
    }
    if (agentPause.after(now, report)) {
      giveBack(report.machine(), visit);
      return;
    }
    healing.visited(now, report, visit);
    if (report.outcome() == Outcome.DEPLOYED || report.outcome() == Outcome.RECOVERED) {
      lives(now, report.machine(), visit);
    }
  }

  @Override
  public Work give(long now, String asker) {
    heardFrom(now, asker);
    Work again = gifts.repeated(now, asker);
    if (again != null) {
      return again;
    }
    Work half = share.half(!visits.none());
    if (half != null) {
      gifts.add(now, asker, half);
    }
    return half;
  }

  @Override
  public void given(long now, String giver, Work given) {
    heardFrom(now, giver);
    if (search.given(now, giver, given)) {
      self.effects.emit("work-taken", giver, given.size() + " machines");
      take(given);
    }
  }

  @Override
  public void givenUp(long now, String giver) {
    search.lost(now);
  }

  @Override
  public void changed(long now) {
    share.retain(self.roster().hash());
    backOffs.forgiveAll(); // a new list or agent may have cured what was wrong
    if (!self.maintains()) {
      healing.forget();
    }
    roundAt = Math.min(roundAt, now + self.held().waitMillis());
  }

  @Override
  public int workLeft() {
    return share.size() + visits.ofShare();
  }

  @Override
  public long step(long now) {
    if (!self.maintains()) {
      return Long.MAX_VALUE;
    }
    if (now >= roundAt) {
      round(now);
    }
    long checkAt = healing.step(now);
    long workAt = visitShare(now);
    long next = Math.min(Math.min(roundAt, checkAt), workAt);
    return share.isEmpty() && visits.none() ? Math.min(next, search.step(now)) : next;
  }

  /** R1: one random machine a round. */
  private void round(long now) {
    roundAt = now + Math.max(1, self.jittered(self.held().waitMillis()));
    Machine machine = self.randomOther();
    if (machine != null && !healing.suspects(machine.name()) && !visits.running(machine.name())) {
      self.ping(machine.name());
    }
  }

  /** Goes on with the share as far as it may; when it may go further by itself. */
  private long visitShare(long now) {
    while (!share.isEmpty() && !agentPause.holds(now) && visits.mayStartOfShare(now)) {
      Machine machine = self.roster().at(share.peek());
      if (head.isPending(machine.name())) {
        return visits.nextSlowAt(now);
      }
      share.remove(share.peek());
      if (!isNeedless(now, machine.name())) {
        visits.started(now, machine.name(), true, false);
        self.visit(machine, "in the own share");
      }
    }
    if (share.isEmpty()) {
      return Long.MAX_VALUE;
    }
    head.check(self.roster().at(share.peek()).name());
    return agentPause.holds(now) ? agentPause.until() : visits.nextSlowAt(now);
  }

  private boolean isNeedless(long now, String machine) {
    return head.isAlive(machine) || visits.running(machine) || backOffs.holds(now, machine);
  }

  private boolean deploying(long now) {
    return workLeft() > 0 || search.heardOfWork(now);
  }

  private void lives(long now, String machine, Visits.Visit visit) {
    search.heard(now, machine, 0);
    search.begin(now);
    if (visit.alone()) {
      survey.begin(machine);
    }
  }

  /** R15: the last one left works through the whole list instead of waiting for its rounds. */
  private void takeOver() {
    self.effects.emit("take-over", self.name, "no other peer answers");
    take(self.roster().whole());
  }

  private void take(Work work) {
    share.add(work, self.roster());
    int own = self.roster().positionOf(self.name);
    if (own >= 0) {
      share.remove(own);
    }
  }

  private void giveBack(String machine, Visits.Visit visit) {
    int position = self.roster().positionOf(machine);
    if (visit.ofShare() && position >= 0) {
      share.add(new Work(self.roster().hash(), position, position + 1), self.roster());
    }
  }
}
