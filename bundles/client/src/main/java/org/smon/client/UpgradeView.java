// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import java.util.List;
import org.smon.wire.MachineStatus;

/** The verdict on a release as people read it. */
public final class UpgradeView {
  private static final int NAMED = 20;

  private UpgradeView() {}

  public static void print(Upgrade.Outcome outcome, Console console) {
    Tally tally = Tally.of(outcome.version(), outcome.status());
    console.say(verdict(outcome));
    name(console, tally, "refused it", tally.refusing());
    if (!outcome.isQuarantined()) {
      name(console, tally, "has not adopted it", tally.stragglers());
      name(console, tally, "does not answer", tally.silent());
    }
  }

  private static String verdict(Upgrade.Outcome outcome) {
    String release = "release " + outcome.version();
    int total = outcome.status().size();
    return switch (outcome.state()) {
      case adopted ->
          "%s is adopted by %d of %d machines after %.1f s"
              .formatted(release, outcome.machines().adopted(), total, outcome.seconds());
      case quarantined ->
          "%s is quarantined after %.1f s: %s; %d of %d machines have tried and refused it"
              .formatted(
                  release,
                  outcome.seconds(),
                  outcome.reason() == null ? "too many machines refused it" : outcome.reason(),
                  outcome.machines().refused(),
                  total);
      case superseded ->
          "%s was superseded by a newer one after %.1f s; see `smon releases`"
              .formatted(release, outcome.seconds());
      case spreading ->
          "%s is adopted by %d of %d machines after %.0f s; the overlay goes on, see `smon releases`"
              .formatted(release, outcome.machines().adopted(), total, outcome.seconds());
    };
  }

  private static void name(
      Console console, Tally tally, String what, List<MachineStatus> machines) {
    for (MachineStatus m : machines.subList(0, Math.min(NAMED, machines.size()))) {
      console.say(
          "  %-15s %s%s"
              .formatted(m.name(), what, tally.reason(m).isEmpty() ? "" : ": " + tally.reason(m)));
    }
    if (machines.size() > NAMED) {
      console.say("  and %d more".formatted(machines.size() - NAMED));
    }
  }
}
