// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.smon.api.VisitReport;
import org.smon.wire.MachineStatus.State;
import org.smon.wire.StatusPart.Sighting;

/** What this peer saw of the machines it visited last, bounded. Any thread. */
final class Sightings {
  private static final int KEPT = 128;

  private final Map<String, Sighting> byMachine =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Sighting> eldest) {
          return size() > KEPT;
        }
      };

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
              "its peer lives, but its port is closed from here");
      case BUSY -> put(report.machine(), State.deploying, "claimed by another deployer");
      case REFUSED -> put(report.machine(), State.refused, report.reason());
      case UNREACHABLE -> put(report.machine(), State.unreachable, report.reason());
      case FAILED, OLDER -> put(report.machine(), State.down, failure(report));
    }
  }

  synchronized List<Sighting> all() {
    return List.copyOf(byMachine.values());
  }

  private void put(String machine, State state, String reason) {
    byMachine.remove(machine);
    byMachine.put(machine, new Sighting(machine, state, reason, Instant.now()));
  }

  private static String failure(VisitReport report) {
    return "failed at "
        + report.step().name().toLowerCase(java.util.Locale.ROOT)
        + ": "
        + report.reason();
  }
}
