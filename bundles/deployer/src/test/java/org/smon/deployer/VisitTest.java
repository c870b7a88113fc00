// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Visit;
import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;

class VisitTest {
  @TempDir Path temp;

  @Test
  void anEmptyMachineGetsAPeer() throws Exception {
    KeyAgent agent = new KeyAgent();
    Overlay overlay = new Overlay(agent.enrolmentLine());
    FakeRelease fake = new FakeRelease(temp.resolve("release"), 3_000_000);
    try (MinaMachine machine = new MinaMachine(temp.resolve("home with space"))) {
      machine.authorize(agent.ownLine());
      overlay.list(machine.entry());
      overlay.release(fake.release("1.0.0"));
      try (SshDeployer deployer =
          new SshDeployer(
              overlay.held(), fake.blobs(), overlay.channel(), agent, new EventList())) {
        VisitReport report = deployer.visit(new Visit(machine.entry(), "client", null));
        assertEquals(Outcome.DEPLOYED, report.outcome(), report.toString());
      } finally {
        machine.killPeer();
      }
    }
  }
}
