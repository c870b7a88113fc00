// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.smon.api.VisitReport;
import org.smon.wire.MachineStatus.State;
import org.smon.wire.StatusPart.Sighting;

/**
 * What this peer saw of the machines it visited a short while ago, bounded. How long ago is told by
 * its own clock, which never goes back; clocks of machines may be years apart. Any thread.
 */
final class Sightings {
  private static final int KEPT = 128;

  /** A failure that was seen longer ago is looked at afresh. */
  private static final long FRESH_NANOS = TimeUnit.MINUTES.toNanos(2);

  private final LongSupplier nanos;
  private final Map<String, Seen> byMachine =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
          return size() > KEPT;
        }
      };

  private record Seen(Sighting sighting, long atNanos) {}

  Sightings(LongSupplier nanos) {
    this.nanos = nanos;
  }

  synchronized void visiting(String machine) {
    put(machine, State.deploying, "visited now");
  }

  synchronized void visited(VisitReport report) {
    switch (report.outcome()) {
      case DEPLOYED, RECOVERED, CLEANED -> byMachine.remove(report.machine());
      case ALIVE ->
          put(
              report.machine(),
              State.unreachable,
              report.reason() == null
                  ? "its peer lives, but its port is closed"
                  : "its peer lives; " + report.reason());
      case BUSY -> put(report.machine(), State.deploying, "claimed by another deployer");
      case REFUSED -> put(report.machine(), State.refused, report.reason());
      case UNREACHABLE -> put(report.machine(), State.unreachable, report.reason());
      case FAILED, OLDER -> put(report.machine(), State.down, failure(report));
    }
  }

  synchronized List<Sighting> fresh() {
    long now = nanos.getAsLong();
    return byMachine.values().stream()
        .filter(seen -> now - seen.atNanos() < FRESH_NANOS)
        .map(Seen::sighting)
        .toList();
  }

  private void put(String machine, State state, String reason) {
    byMachine.remove(machine);
    Sighting sighting = new Sighting(machine, state, reason, Instant.now());
    byMachine.put(machine, new Seen(sighting, nanos.getAsLong()));
  }

  private static String failure(VisitReport report) {
    return "failed at "
        + report.step().name().toLowerCase(java.util.Locale.ROOT)
        + ": "
        + report.reason();
  }
}
