// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

/** A visit is over before its last step: how, where and why. Never leaves this bundle. */
final class VisitEnd extends Exception {
  private static final long serialVersionUID = 1L;

  private final Outcome outcome;
  private final Step step;

  VisitEnd(Outcome outcome, Step step, String reason) {
    super(reason, null, false, false);
    this.outcome = outcome;
    this.step = step;
  }

  Outcome outcome() {
    return outcome;
  }

  Step step() {
    return step;
  }
}
