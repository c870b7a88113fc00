// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

/** A machine to visit, set up and torn down; its ssh server is the subclass's. */
abstract class MachineContract {
  @TempDir Path temp;
  Bench bench;

  abstract TestMachine machine(Path home) throws Exception;

  @BeforeEach
  void setUp() throws Exception {
    bench = new Bench(temp, machine(temp.resolve("home with space")));
  }

  @AfterEach
  void tearDown() throws IOException {
    if (bench != null) { // skipped before there was one
      bench.close();
    }
  }

  static void assertOutcome(Outcome outcome, VisitReport report) {
    assertEquals(outcome, report.outcome(), report.toString());
  }

  static void assertEnded(Outcome outcome, Step step, String reason, VisitReport report) {
    assertOutcome(outcome, report);
    assertEquals(step, report.step(), report.toString());
    assertTrue(report.reason().contains(reason), report.toString());
    assertFalse(report.reason().contains("\n"), report.toString());
  }
}
