// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

/**
 * Without an agent no visit can succeed (R34), so all wait, with doubling pauses, instead of
 * burning the share and getting banned by sshd.
 */
final class AgentPause {
  private static final int FIRST_MILLIS = 1_000;
  private static final int MOST_MILLIS = 60_000;

  private final Self self;
  private int failures;
  private long until = Long.MIN_VALUE;

  AgentPause(Self self) {
    this.self = self;
  }

  /** True if the visit failed because no agent answered; a refusal is an answer. */
  boolean after(long now, VisitReport report) {
    boolean away =
        report.step() == Step.AGENT
            && (report.outcome() == Outcome.FAILED || report.outcome() == Outcome.UNREACHABLE);
    if (away) {
      long pause = Math.min(MOST_MILLIS, (long) FIRST_MILLIS << Math.min(failures, 10));
      until = now + self.jittered(pause);
      self.effects.emit("agent-away", self.name, "no visits for " + pause + " ms");
    }
    failures = away ? failures + 1 : 0;
    return away;
  }

  boolean holds(long now) {
    return now < until;
  }

  long until() {
    return until;
  }
}
