// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import java.io.IOException;
import java.nio.file.Path;
import org.smon.api.Machine;
import org.smon.api.Visit;
import org.smon.api.VisitReport;

/** An overlay of one machine, an agent whose key the machine knows, and a small release. */
final class Bench implements AutoCloseable {
  static final Limits QUICK = new Limits(2_000, 5_000, 60_000, 60_000, 20, false);
  private static final long BALLAST = 3_000_000;

  final KeyAgent agent = new KeyAgent();
  final Overlay overlay = new Overlay(agent.enrolmentLine());
  final EventList events = new EventList();
  final FakeRelease fake;
  final TestMachine machine;
  Limits limits = QUICK;

  Bench(Path temp, TestMachine machine) throws Exception {
    fake = new FakeRelease(temp.resolve("release"), BALLAST);
    this.machine = machine;
    machine.authorize(agent.ownLine());
    overlay.list(machine.entry());
    overlay.release(fake.release("1.0.0"));
  }

  VisitReport visit() {
    return visit(machine.entry());
  }

  VisitReport visit(Machine entry) {
    return visit(entry, overlay.held(), "client");
  }

  VisitReport visit(Machine entry, Overlay.Held documents, String deployer) {
    try (SshDeployer ssh =
        new SshDeployer(documents, fake.blobs(), overlay.channel(), agent, events, limits)) {
      return ssh.visit(new Visit(entry, deployer, null));
    }
  }

  @Override
  public void close() throws IOException {
    machine.killPeer();
    machine.close();
  }
}
