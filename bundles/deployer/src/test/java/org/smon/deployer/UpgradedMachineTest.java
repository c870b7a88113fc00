// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Releases;
import org.smon.api.Visit;
import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

/** Machines that have upgraded themselves since they were deployed (R20, R23). */
class UpgradedMachineTest extends MachineContract {
  private Document first;
  private Document next;

  @Override
  TestMachine machine(Path home) throws Exception {
    return new MinaMachine(home);
  }

  /** The machine has adopted the next release by itself, and keeps the one before. */
  @BeforeEach
  void upgrade() throws Exception {
    assertOutcome(Outcome.DEPLOYED, bench.visit());
    first = bench.overlay.document(DocumentType.RELEASE);
    bench.overlay.release(bench.fake.release("1.0.1"));
    next = bench.overlay.document(DocumentType.RELEASE);
    String runtime = bench.machine.state("installed").split(" ")[1];
    write("release-" + next.hash(), next.text());
    write("previous", first.hash() + " " + runtime + "\n");
    write("installed", next.hash() + " " + runtime + "\n");
    bench.machine.killPeer();
    Files.deleteIfExists(state("heartbeat"));
  }

  private Path state(String name) throws IOException {
    return bench.machine.root().resolve("state").resolve(name);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(state(name), text);
  }

  private VisitReport visitByOneWhoDeploys(Document release) {
    Releases releases =
        new Releases() {
          @Override
          public Optional<Document> adopted() {
            return Optional.of(release);
          }

          @Override
          public Optional<Document> previous() {
            return Optional.empty();
          }

          @Override
          public Optional<Document> deployable() {
            return Optional.of(release);
          }
        };
    try (SshDeployer ssh =
        new SshDeployer(
            bench.overlay.held(),
            releases,
            bench.fake.blobs(),
            bench.overlay.channel(),
            bench.agent,
            bench.events,
            bench.limits)) {
      return ssh.visit(new Visit(bench.machine.entry(), "client", null));
    }
  }

  @Test
  void whoIsOlderStartsWhatIsThereAndBringsNothing() throws Exception {
    VisitReport report = visitByOneWhoDeploys(first);
    assertOutcome(Outcome.RECOVERED, report);
    assertEquals(0, report.sentBytes());
    assertTrue(bench.machine.state("installed").startsWith(next.hash()));
  }

  @Test
  void whoHasTheSameReleaseStartsIt() throws Exception {
    assertOutcome(Outcome.RECOVERED, visitByOneWhoDeploys(next));
    assertEquals(2, bench.machine.starts());
  }

  @Test
  void whoIsNewerBringsTheNewerOneToAPeerThatDied() throws Exception {
    bench.overlay.release(bench.fake.release("1.0.2"));
    Document newest = bench.overlay.document(DocumentType.RELEASE);
    assertOutcome(Outcome.DEPLOYED, visitByOneWhoDeploys(newest));
    assertTrue(bench.machine.state("installed").startsWith(newest.hash()));
    assertTrue(Files.notExists(state("previous")), "its files went with the set before");
    assertTrue(Files.notExists(state("release-" + next.hash())));
  }

  @Test
  void anUpgradedPeerThatDoesNotStartGivesWayToTheReleaseBefore() throws Exception {
    Path broken = Files.writeString(bench.machine.home().resolve("broken"), "");
    assertEnded(
        Outcome.FAILED,
        Step.START,
        "the release before it is started next",
        visitByOneWhoDeploys(next));
    assertTrue(bench.machine.state("installed").startsWith(first.hash()));
    Files.delete(broken);
    assertOutcome(Outcome.RECOVERED, visitByOneWhoDeploys(first));
    assertTrue(bench.machine.state("installed").startsWith(first.hash()));
  }
}
