// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import org.smon.api.VisitReport;

/**
 * How far a peer may trust its own eyes (Lifeguard's local health multiplier): each own ping that
 * is met with silence makes it slower to suspect others, each answer quicker. A peer to which
 * nobody answers is likely the sick one: it visits one machine, and if no dead peer was found
 * there, pauses, ever longer, until a ping is answered.
 */
final class LocalHealth {
  private static final int WORST = 8;
  private static final int DEAF_AFTER = 4;
  private static final long CUT_OFF_MILLIS = 10_000;
  private static final long CUT_OFF_MOST_MILLIS = 60_000;
  private static final long SICK_MILLIS = 60_000;
  private static final long SICK_MOST_MILLIS = 3_600_000;

  private final Self self;
  private int score;
  private int silentInARow;
  private int pauses;
  private long pausedUntil = Long.MIN_VALUE;

  LocalHealth(Self self) {
    this.self = self;
  }

  /** An own ping was answered, or refused by a machine that lives: the way there and back works. */
  void answered() {
    score = Math.max(0, score - 1);
    silentInARow = 0;
    pauses = 0;
    pausedUntil = Long.MIN_VALUE;
  }

  void silent() {
    score = Math.min(WORST, score + 1);
    silentInARow++;
  }

  /** 0 (well) to 8: that many checks more before silence counts as death. */
  int score() {
    return score;
  }

  boolean mayHeal(long now) {
    return now >= pausedUntil;
  }

  /** Draws the conclusion from a visit that was made while nobody answered. */
  void after(long now, VisitReport report) {
    if (silentInARow < DEAF_AFTER) {
      return;
    }
    switch (report.outcome()) {
      case DEPLOYED, RECOVERED, CLEANED -> answered();
      case ALIVE -> pause(now, SICK_MILLIS, SICK_MOST_MILLIS);
      case BUSY, OLDER, REFUSED, UNREACHABLE, FAILED ->
          pause(now, CUT_OFF_MILLIS, CUT_OFF_MOST_MILLIS);
    }
  }

  private void pause(long now, long baseMillis, long mostMillis) {
    long millis = Math.min(mostMillis, baseMillis << Math.min(pauses, 10));
    pauses++;
    pausedUntil = now + self.jittered(millis);
    self.effects.emit("hold-back", self.name, "nobody answers; no logins for " + millis + " ms");
  }
}
