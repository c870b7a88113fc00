// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.smon.api.Machine;
import org.smon.api.Visit;
import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

class UnreachableTest {
  private static final String PIN = "SHA256:" + "A".repeat(43);

  private static VisitReport visit(String name, int port) {
    KeyAgent agent = new KeyAgent();
    Overlay overlay = new Overlay(agent.enrolmentLine());
    Limits limits = new Limits(1_000, 1_000, 1_000, 1_000, 1, false);
    try (SshDeployer deployer =
        new SshDeployer(overlay.held(), null, overlay.channel(), agent, new EventList(), limits)) {
      return deployer.visit(
          new Visit(new Machine(name, null, port, PIN, List.of()), "client", null));
    }
  }

  private static void assertUnreachable(String reason, VisitReport report) {
    assertEquals(Outcome.UNREACHABLE, report.outcome(), report.toString());
    assertEquals(Step.CONNECT, report.step());
    assertTrue(report.reason().contains(reason), report.reason());
  }

  @Test
  void aNameThatDoesNotResolveIsNamed() {
    assertUnreachable("no-such-host.invalid does not resolve", visit("no-such-host.invalid", 22));
  }

  @Test
  void aClosedPortIsNamed() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertUnreachable("ssh port " + port + " does not answer", visit("127.0.0.1", port));
  }

  @Test
  void aServerThatSaysNothingIsGivenUp() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      VisitReport report = visit("127.0.0.1", socket.getLocalPort());
      assertUnreachable("says nothing", report);
      assertTrue(report.millis() < 10_000, report.toString());
    }
  }
}
