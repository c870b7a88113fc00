// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.nio.charset.StandardCharsets;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Visit;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

/**
 * A visit that leaves nothing of the overlay on a machine that the list does not name any more
 * (R31, T4): neither process nor file, start at boot or enrolment. The machine's dispatcher wants
 * to see the operator's signature under that list.
 */
final class Removal {
  /** Stopping a peer and its applications has its bounds there; this is all of them together. */
  private static final int CLEAN_MILLIS = 120_000;

  private final SshDeployer.Tools tools;
  private final Visit visit;

  Removal(SshDeployer.Tools tools, Visit visit) {
    this.tools = tools;
    this.visit = visit;
  }

  VisitEnd run() throws VisitEnd {
    String name = visit.machine().name();
    if (tools.documents().list().contains(name)) {
      throw end(Outcome.REFUSED, Step.CLEAN, "the list names it; smon machines remove " + name);
    }
    int millis = tools.limits().answerMillis();
    try (FarEnd far = new Arrival(tools, visit).arrive()) {
      far.ask(Step.PROBE, millis, "overlay " + tools.documents().overlayId());
      Report found = Report.of(far.ask(Step.PROBE, millis, "probe").lines());
      new Exchange(tools, name).adoptFrom(far, found);
      if (!found.installed().isEmpty() && !found.name().equals(name)) {
        throw end(Outcome.REFUSED, Step.PROBE, "this machine is " + found.name());
      }
      FarEnd.Answer claimed =
          far.ask(Step.CLAIM, millis, "claim " + name + " " + visit.deployedBy());
      if (claimed.busy()) {
        throw end(Outcome.BUSY, Step.CLAIM, "claimed by " + claimed.rest());
      }
      byte[] list = list().text().getBytes(StandardCharsets.UTF_8);
      far.ask(Step.CLEAN, CLEAN_MILLIS, "clean " + list.length, list);
      return end(Outcome.CLEANED, Step.CLEAN, null);
    }
  }

  private Document list() throws VisitEnd {
    return tools
        .documents()
        .held(DocumentType.LIST)
        .orElseThrow(() -> end(Outcome.FAILED, Step.CLEAN, "no machine list is held here"));
  }

  private static VisitEnd end(Outcome outcome, Step step, String reason) {
    return new VisitEnd(outcome, step, reason);
  }
}
