// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

/**
 * Machines that are not visited again before some time, growing with jitter, and never when six
 * logins of the last hour were needless or failed (R16). Kept of the own visits and, as a warden,
 * of everybody's. Bounded by O(log N): a forgotten entry costs one early visit.
 */
final class BackOffs {
  /** Needless or failed logins to a machine in an hour. */
  static final int MOST_LOGINS = 6;

  private static final int PER_LOG2 = 16;
  private static final int SECOND = 1_000;
  private static final int HOUR = 3_600_000;

  /** A visit to a dead peer is over by then; one that takes longer is found by its claim. */
  private static final int VISIT_MILLIS = 60_000;

  /** Long past, and yet differences to it do not overflow. */
  private static final long NEVER = Long.MIN_VALUE / 2;

  private final Self self;
  private final Map<String, BackOff> byMachine = new LinkedHashMap<>();

  /** Of one machine. */
  private static final class BackOff {
    private int failures;
    private long until = NEVER;
    private long visitedUntil = NEVER;
    private Outcome last;
    private int logins;

    /** A ring of the last needless or failed ones. */
    private final long[] loginAt = new long[MOST_LOGINS];

    long until() {
      long oldest = loginAt[logins % MOST_LOGINS];
      long back = Math.max(until, visitedUntil);
      return logins < MOST_LOGINS ? back : Math.max(back, oldest + HOUR);
    }

    void loggedIn(long now) {
      loginAt[logins % MOST_LOGINS] = now;
      logins++;
    }
  }

  BackOffs(Self self) {
    this.self = self;
  }

  boolean holds(long now, String machine) {
    return millisLeft(now, machine) > 0;
  }

  /** For how long the machine is left alone; 0 if it is not. */
  long millisLeft(long now, String machine) {
    BackOff held = byMachine.get(machine);
    return held == null ? 0 : Math.max(0, held.until() - now);
  }

  /** Somebody is there now. */
  void visiting(long now, String machine) {
    of(machine).visitedUntil = now + VISIT_MILLIS;
  }

  /** Nobody is there any more, and nobody could log in: no reason for others to wait. */
  void visitedInVain(String machine) {
    BackOff held = byMachine.get(machine);
    if (held != null) {
      held.visitedUntil = NEVER;
    }
  }

  /** Another peer says how long to leave it alone; an hour is the most that is believed. */
  void atLeast(long now, String machine, long millis) {
    BackOff held = of(machine);
    held.until = Math.max(held.until, now + Math.min(HOUR, millis));
  }

  /** How long a machine is left alone after a visit that ended so. */
  void after(long now, String machine, Outcome outcome, Step step) {
    if (outcome == Outcome.DEPLOYED || outcome == Outcome.RECOVERED || outcome == Outcome.CLEANED) {
      forgive(machine);
      return;
    }
    BackOff held = of(machine);
    if (step.compareTo(Step.LOGIN) >= 0) {
      held.loggedIn(now);
    }
    held.last = outcome;
    held.visitedUntil = NEVER;
    held.until = now + self.jittered(delay(outcome, held.failures));
    held.failures++;
  }

  private static long delay(Outcome outcome, int failures) {
    return switch (outcome) {
      // six in the first hour, then one: it lives, and an early visit could mend nothing
      case ALIVE -> tripled(20 * SECOND, failures, HOUR);
      case REFUSED -> tripled(60 * SECOND, failures, HOUR);
      case FAILED -> tripled(5 * SECOND, failures, 300 * SECOND);
      case BUSY -> tripled(20 * SECOND, failures, 120 * SECOND);
      case OLDER -> tripled(SECOND, failures, 60 * SECOND);
      // no login; and picked about once a round by all peers together (R58), so a short cap does no
      // harm, and a machine that comes back is found soon
      default -> tripled(5 * SECOND, failures, 60 * SECOND);
    };
  }

  /** base * 3^failures, at most the cap; milliseconds. */
  private static long tripled(long base, int failures, long cap) {
    long delay = base;
    for (int i = 0; i < failures && delay < cap; i++) {
      delay *= 3;
    }
    return Math.min(cap, delay);
  }

  /** It was heard of: it lives, unless it was known to, and only its port is closed from here. */
  void heard(String machine) {
    BackOff held = byMachine.get(machine);
    if (held != null && held.last != Outcome.ALIVE) {
      forgive(machine);
    }
  }

  /** The machine itself said that no peer listens: one that was off has come back. */
  void refused(String machine) {
    BackOff held = byMachine.get(machine);
    if (held != null && held.last == Outcome.UNREACHABLE) {
      held.until = NEVER;
    }
  }

  /** It answers, or a visit helped: the next one may be soon. The hour's bound stays. */
  void forgive(String machine) {
    BackOff held = byMachine.get(machine);
    if (held != null && held.logins == 0) {
      byMachine.remove(machine);
    } else if (held != null) {
      forgive(held);
    }
  }

  /** What was wrong may have been cured; who is alive and closed stays so. */
  void forgiveAll() {
    byMachine.values().removeIf(held -> held.logins == 0);
    byMachine.values().stream()
        .filter(held -> held.last != Outcome.ALIVE)
        .forEach(BackOffs::forgive);
  }

  private static void forgive(BackOff held) {
    held.failures = 0;
    held.until = NEVER;
    held.visitedUntil = NEVER;
    held.last = null;
  }

  private BackOff of(String machine) {
    BackOff held = byMachine.remove(machine);
    if (held == null) {
      held = new BackOff();
      makeRoom();
    }
    byMachine.put(machine, held);
    return held;
  }

  /** The eldest goes, and first of those where nobody logged in. */
  private void makeRoom() {
    if (byMachine.size() < PER_LOG2 * self.roster().log2()) {
      return;
    }
    Iterator<BackOff> eldest = byMachine.values().iterator();
    while (eldest.hasNext()) {
      if (eldest.next().logins == 0) {
        eldest.remove();
        return;
      }
    }
    byMachine.remove(byMachine.keySet().iterator().next());
  }
}
