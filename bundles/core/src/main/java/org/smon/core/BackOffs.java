// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.LinkedHashMap;
import java.util.Map;
import org.smon.api.VisitReport;

/**
 * Machines that are not visited again before some time, with doubling and jitter. Bounded by O(log
 * N): a forgotten entry costs one early visit.
 */
final class BackOffs {
  private static final int PER_LOG2 = 8;
  private static final int SECOND = 1_000;
  private static final int HOUR = 3_600_000;

  private final Self self;
  private final Map<String, BackOff> byMachine = new LinkedHashMap<>();

  private record BackOff(int failures, long until) {}

  BackOffs(Self self) {
    this.self = self;
  }

  boolean holds(long now, String machine) {
    BackOff held = byMachine.get(machine);
    return held != null && now < held.until();
  }

  /** How long a machine is left alone after a visit that ended so. */
  void after(long now, VisitReport report) {
    String machine = report.machine();
    switch (report.outcome()) {
      case DEPLOYED, RECOVERED, CLEANED -> clear(machine);
      // it lives, but its port is closed from here: nothing an early visit could mend
      case ALIVE, REFUSED -> add(now, machine, 60 * SECOND, HOUR);
      case BUSY -> add(now, machine, 20 * SECOND, 120 * SECOND);
      case OLDER -> add(now, machine, SECOND, 60 * SECOND);
      // picked about once a round by all peers together (R58), so a short cap does no harm, and a
      // machine that comes back is found soon
      case UNREACHABLE -> add(now, machine, 5 * SECOND, 60 * SECOND);
      case FAILED -> add(now, machine, 5 * SECOND, 300 * SECOND);
    }
  }

  /** Holds for about base * 2^(failures so far), at most the cap; milliseconds. */
  private void add(long now, String machine, long baseMillis, long capMillis) {
    BackOff held = byMachine.remove(machine);
    int failures = held == null ? 0 : held.failures();
    long delay = Math.min(capMillis, baseMillis << Math.min(failures, 20));
    byMachine.put(machine, new BackOff(failures + 1, now + self.jittered(delay)));
    if (byMachine.size() > PER_LOG2 * self.roster().log2()) {
      byMachine.remove(byMachine.keySet().iterator().next());
    }
  }

  void clear() {
    byMachine.clear();
  }

  void clear(String machine) {
    byMachine.remove(machine);
  }
}
