// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

class LocalHealthTest {
  private final LocalHealth health =
      new LocalHealth(
          new Self("m0", CoreConfig.smon(), new SplittableRandom(1), new RecordingEffects()));

  @Test
  void silenceMakesItMoreCarefulUpToABoundAndAnswersLessSo() {
    for (int i = 1; i <= 20; i++) {
      health.silent();
      assertEquals(Math.min(8, i), health.score());
    }
    health.answered();
    assertEquals(7, health.score());
  }

  @Test
  void aPeerToWhichNobodyAnswersPausesLongerAfterEachVisitThatDidNotHelp() {
    deaf();
    long first = pauseAfter(0, Outcome.ALIVE);
    long second = pauseAfter(1_000_000, Outcome.ALIVE);
    assertTrue(first >= 45_000 && first <= 75_000, "" + first);
    assertTrue(second >= 90_000 && second <= 150_000, "" + second);
  }

  @Test
  void aVisitThatHelpedOrAnAnswerEndsThePause() {
    deaf();
    pauseAfter(0, Outcome.UNREACHABLE);
    assertFalse(health.mayHeal(1));
    health.answered();
    assertTrue(health.mayHeal(1));
    deaf();
    pauseAfter(0, Outcome.UNREACHABLE);
    health.after(1, report(Outcome.RECOVERED));
    assertTrue(health.mayHeal(1));
  }

  @Test
  void whoIsAnsweredDoesNotPause() {
    health.silent();
    health.after(0, report(Outcome.ALIVE));
    assertTrue(health.mayHeal(0));
  }

  private void deaf() {
    for (int i = 0; i < 4; i++) {
      health.silent();
    }
  }

  private long pauseAfter(long now, Outcome outcome) {
    health.after(now, report(outcome));
    long until = now;
    while (!health.mayHeal(until)) {
      until += 100;
    }
    return until - now;
  }

  private static VisitReport report(Outcome outcome) {
    return new VisitReport("m1", outcome, Step.PROBE, null, 1, 0);
  }
}
