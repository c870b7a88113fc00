// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Machines that are not visited again before some time, with doubling and jitter. Bounded by O(log
 * N): a forgotten entry costs one early visit.
 */
final class BackOffs {
  private static final int PER_LOG2 = 8;

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

  /** Holds for about base * 2^(failures so far), at most the cap; milliseconds. */
  void add(long now, String machine, long baseMillis, long capMillis) {
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
