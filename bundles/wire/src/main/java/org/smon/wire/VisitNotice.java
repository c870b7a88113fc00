// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import java.util.Objects;
import org.smon.api.InvalidInputException;
import org.smon.api.Names;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

/**
 * Tells those who keep a machine's back-off that it is visited, or how a visit ended (R16).
 *
 * @param from the visitor
 * @param outcome null while the visit goes on
 * @param step where it ended, or null
 */
public record VisitNotice(String from, String machine, Outcome outcome, Step step) {
  public VisitNotice {
    Names.requireMachine(Objects.requireNonNullElse(from, ""));
    Names.requireMachine(Objects.requireNonNullElse(machine, ""));
    if ((outcome == null) != (step == null)) {
      throw new InvalidInputException("a visit's end has an outcome and a step");
    }
  }
}
