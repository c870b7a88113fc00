// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Machines that did not answer and are checked again before anybody logs in (R16). Bounded: who
 * does not fit is found by a later round.
 */
final class Suspects {
  private static final int MOST = 32;

  private final Map<String, Suspect> byMachine = new LinkedHashMap<>();

  /** What is known against a machine. */
  private static final class Suspect {
    private final long since;
    private int lost;
    private boolean closed;
    private int questions;
    private boolean askedLast;
    private long checkAt = Long.MAX_VALUE;

    Suspect(long since) {
      this.since = since;
    }
  }

  boolean has(String machine) {
    return byMachine.containsKey(machine);
  }

  /** Since when the machine has been silent. */
  long since(String machine) {
    return byMachine.get(machine).since;
  }

  /**
   * An own ping to it was lost.
   *
   * @param closed true if the machine itself said that nobody listens there
   * @param checkAt when to check again
   */
  void lost(long now, String machine, boolean closed, long checkAt) {
    if (!has(machine) && byMachine.size() < MOST) {
      byMachine.put(machine, new Suspect(now));
    }
    Suspect suspect = byMachine.get(machine);
    if (suspect != null) {
      suspect.lost++;
      suspect.closed = closed;
      suspect.checkAt = checkAt;
    }
  }

  /** Others were asked about it. */
  void asked(String machine, int questions) {
    byMachine.get(machine).questions = questions;
  }

  /** True the first time: then there is one more question to ask. */
  boolean isLastQuestionDue(String machine) {
    Suspect suspect = byMachine.get(machine);
    boolean due = !suspect.askedLast;
    suspect.askedLast = true;
    return due;
  }

  /** One of those asked does not know better, or did not answer. */
  void noNews(String machine) {
    Suspect suspect = byMachine.get(machine);
    if (suspect != null) {
      suspect.questions = Math.max(0, suspect.questions - 1);
    }
  }

  /**
   * True if nothing more is to be learned.
   *
   * @param silences how many lost pings it takes if the machine says nothing at all
   */
  boolean isConfirmed(String machine, int silences, int refusals) {
    Suspect suspect = byMachine.get(machine);
    return suspect != null
        && suspect.questions == 0
        && suspect.lost >= (suspect.closed ? refusals : silences);
  }

  void remove(String machine) {
    byMachine.remove(machine);
  }

  void clear() {
    byMachine.clear();
  }

  /** Those to check now; each is handed out once. */
  List<String> due(long now) {
    if (nextCheckAt() > now) {
      return List.of();
    }
    List<String> due = new ArrayList<>();
    byMachine.forEach(
        (machine, suspect) -> {
          if (suspect.checkAt <= now) {
            due.add(machine);
            suspect.checkAt = Long.MAX_VALUE;
            suspect.questions = 0;
          }
        });
    return due;
  }

  long nextCheckAt() {
    long next = Long.MAX_VALUE;
    for (Suspect suspect : byMachine.values()) {
      next = Math.min(next, suspect.checkAt);
    }
    return next;
  }
}
