// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import org.smon.api.Machine;
import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;
import org.smon.api.Work;

/**
 * Figure 2 of the paper: pick a random machine, ping it, on silence log in at once, and only then
 * sleep WAIT_INTERVAL. It differs in one point: where the paper's loop spins while livetag is
 * false, this one sleeps (T1).
 */
final class PaperStrategy implements Strategy {
  private final Self self;
  private boolean inRound;
  private long roundAt;

  PaperStrategy(Self self) {
    this.self = self;
  }

  @Override
  public void begin(long now, Work initial, String parent) {
    roundAt = now;
  }

  @Override
  public void heard(long now, String machine, int workLeft) {
    // the versions, which are exchanged elsewhere, are all that Fig. 2 takes from a message
  }

  @Override
  public void answered(long now, String machine) {
    sleep(now);
  }

  @Override
  public void silent(long now, String machine, boolean closed, String reason) {
    int position = self.roster().positionOf(machine);
    if (position < 0) {
      sleep(now);
    } else {
      self.visit(self.roster().at(position), "no pong: " + reason);
    }
  }

  @Override
  public long asked(long now, String machine, boolean answered) {
    return 0;
  }

  @Override
  public void probed(long now, String machine, boolean answered, long holdMillis) {
    throw new IllegalStateException("the paper's loop asks nobody");
  }

  @Override
  public void noticed(long now, String machine, Outcome outcome, Step step) {
    // the paper's peers do not tell each other
  }

  @Override
  public void visited(long now, VisitReport report) {
    sleep(now);
  }

  @Override
  public Work give(long now, String asker) {
    return null;
  }

  @Override
  public void given(long now, String giver, Work share) {
    throw new IllegalStateException("the paper's loop never asks for work");
  }

  @Override
  public void givenUp(long now, String giver) {
    throw new IllegalStateException("the paper's loop never asks for work");
  }

  @Override
  public void changed(long now) {
    // the next round reads what is held then
  }

  @Override
  public int workLeft() {
    return 0;
  }

  @Override
  public long step(long now) {
    if (inRound || !self.maintains()) {
      return Long.MAX_VALUE;
    }
    if (now >= roundAt) {
      round(now);
    }
    return inRound ? Long.MAX_VALUE : roundAt;
  }

  private void round(long now) {
    Machine machine = self.randomOther();
    if (machine == null) {
      sleep(now);
    } else {
      inRound = true;
      self.ping(machine.name());
    }
  }

  private void sleep(long now) {
    inRound = false;
    roundAt = now + self.held().waitMillis();
  }
}
