// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Machines that did not answer once and are asked again before anybody logs in (R16). Bounded: who
 * does not fit is found by a later round.
 */
final class Suspects {
  private static final int MOST = 32;

  private final Map<String, Suspect> byMachine = new LinkedHashMap<>();

  /**
   * @param since when it was first silent
   * @param checkAt when to ping again; Long.MAX_VALUE while that ping is out
   */
  private record Suspect(long since, long checkAt) {}

  boolean has(String machine) {
    return byMachine.containsKey(machine);
  }

  /** Since when the machine has been silent. */
  long since(String machine) {
    return byMachine.get(machine).since();
  }

  void add(long now, String machine, long checkAt) {
    if (byMachine.size() < MOST) {
      byMachine.put(machine, new Suspect(now, checkAt));
    }
  }

  void checkAgain(String machine, long checkAt) {
    byMachine.computeIfPresent(machine, (m, s) -> new Suspect(s.since(), checkAt));
  }

  void remove(String machine) {
    byMachine.remove(machine);
  }

  /** Those to ping now; each is handed out once. */
  List<String> due(long now) {
    if (nextCheckAt() > now) {
      return List.of();
    }
    List<String> due = new ArrayList<>();
    for (Map.Entry<String, Suspect> entry : byMachine.entrySet()) {
      if (entry.getValue().checkAt() <= now) {
        due.add(entry.getKey());
      }
    }
    due.forEach(machine -> checkAgain(machine, Long.MAX_VALUE));
    return due;
  }

  long nextCheckAt() {
    long next = Long.MAX_VALUE;
    for (Suspect suspect : byMachine.values()) {
      next = Math.min(next, suspect.checkAt());
    }
    return next;
  }
}
