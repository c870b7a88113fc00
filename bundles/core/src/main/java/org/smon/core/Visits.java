// SPDX-License-Identifier: Apache-2.0
package org.smon.core;

import java.util.LinkedHashMap;
import java.util.Map;

/** The visits in progress, and whether another may start. */
final class Visits {
  private static final int MOST = 4;

  private final CoreConfig config;
  private final Map<String, Visit> byMachine = new LinkedHashMap<>();

  /**
   * @param ofShare true for a machine of the own share, false for one found silent
   * @param alone true if at its start all other peers seemed lost
   */
  record Visit(boolean ofShare, boolean alone, long since) {}

  Visits(CoreConfig config) {
    this.config = config;
  }

  boolean running(String machine) {
    return byMachine.containsKey(machine);
  }

  void started(long now, String machine, boolean ofShare, boolean alone) {
    byMachine.put(machine, new Visit(ofShare, alone, now));
  }

  /** Null if it was not known. */
  Visit ended(String machine) {
    return byMachine.remove(machine);
  }

  int ofShare() {
    return (int) byMachine.values().stream().filter(Visit::ofShare).count();
  }

  boolean none() {
    return byMachine.isEmpty();
  }

  /** A slow machine must not hold up the rest of the share: after a while it no longer counts. */
  boolean mayStartOfShare(long now) {
    return byMachine.size() < MOST && quick(now, true) < config.visitsAtOnce();
  }

  /** Healing goes on beside a long visit. */
  boolean mayStartHealing(long now) {
    return byMachine.size() < MOST && quick(now, false) < 1;
  }

  /** When the next visit in progress counts as slow. */
  long nextSlowAt(long now) {
    if (byMachine.isEmpty()) {
      return Long.MAX_VALUE;
    }
    return byMachine.values().stream()
        .mapToLong(visit -> visit.since() + config.slowVisitMillis())
        .filter(at -> at > now)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private long quick(long now, boolean ofShare) {
    if (byMachine.isEmpty()) {
      return 0; // the usual case, many times a second in a simulation
    }
    return byMachine.values().stream()
        .filter(visit -> visit.ofShare() == ofShare)
        .filter(visit -> now < visit.since() + config.slowVisitMillis())
        .count();
  }
}
