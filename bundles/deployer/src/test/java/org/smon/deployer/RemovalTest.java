// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.MachineList;
import org.smon.api.Visit;
import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

/** A machine that has left the list looks as it did before the overlay came (R31, T4). */
class RemovalTest extends MachineContract {
  private FakeTools tools;

  @Override
  TestMachine machine(Path home) throws Exception {
    tools = new FakeTools(temp.resolve("bin"));
    return new MinaMachine(home, tools.path());
  }

  /** Visited processes end in their own time. */
  private void assertLooksAs(Snapshot before) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!before.equals(Snapshot.of(bench.machine.home())) && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertEquals(before, Snapshot.of(bench.machine.home()));
  }

  private Document removed() {
    MachineList none = new MachineList(List.of(), List.of(bench.machine.entry()));
    return bench.overlay.newest(DocumentType.LIST, none.body());
  }

  private VisitReport clean() {
    try (SshDeployer ssh =
        new SshDeployer(
            bench.overlay.held(),
            bench.fake.blobs(),
            bench.overlay.channel(),
            bench.agent,
            bench.events,
            bench.limits)) {
      return ssh.visit(Visit.toClean(bench.machine.entry(), "client"));
    }
  }

  @Test
  void ofALivePeerNothingIsLeft() throws Exception {
    Snapshot before = Snapshot.of(bench.machine.home());
    assertOutcome(Outcome.DEPLOYED, bench.visit());
    removed();
    assertOutcome(Outcome.CLEANED, clean());
    assertLooksAs(before);
    assertOutcome(Outcome.CLEANED, clean()); // again does no harm
    assertLooksAs(before);
  }

  @Test
  void ofACopyThatWasCutOffNothingIsLeft() throws Exception {
    Snapshot before = Snapshot.of(bench.machine.home());
    bench.machine.cable().cutAfter = 300_000;
    bench.visit();
    bench.machine.cable().cutAfter = -1;
    assertTrue(Files.isDirectory(bench.machine.home().resolve(".smon-peer")));
    awaitClaimFree();
    removed();
    assertOutcome(Outcome.CLEANED, clean());
    assertLooksAs(before);
  }

  @Test
  void anApplicationThatStillRunsIsEnded() throws Exception {
    assertOutcome(Outcome.DEPLOYED, bench.visit());
    Path place = Files.createDirectories(bench.machine.root().resolve("apps/echo"));
    Process application = new ProcessBuilder("sleep", "600").directory(place.toFile()).start();
    removed();
    assertOutcome(Outcome.CLEANED, clean());
    // It is dead; this process may not have reaped it yet.
    assertTrue(application.waitFor(20, TimeUnit.SECONDS));
  }

  @Test
  void theLastOneOutOfAHomeTakesWhatTheOverlayMadeThere() throws Exception {
    Path ssh = bench.machine.authorizedKeys().getParent();
    assertOutcome(Outcome.DEPLOYED, bench.visit());
    // Had the overlay made the directory itself, its record would say so.
    Files.writeString(
        bench.machine.home().resolve(".smon-peer/made"),
        ssh + "\n" + bench.machine.authorizedKeys() + "\n");
    List<String> lines = Files.readAllLines(bench.machine.authorizedKeys());
    Files.writeString(bench.machine.authorizedKeys(), lines.get(1) + "\n");
    removed();
    assertOutcome(Outcome.CLEANED, clean());
    assertFalse(Files.exists(ssh));
  }

  @Test
  void aMachineOfTheListIsNotCleaned() throws Exception {
    assertOutcome(Outcome.DEPLOYED, bench.visit());
    assertEnded(Outcome.REFUSED, Step.CLEAN, "the list names it", clean());
    assertOutcome(Outcome.ALIVE, bench.visit());
  }

  @Test
  void aVisitorWhoseListIsOlderAdoptsAndTouchesNothing() throws Exception {
    removed();
    Overlay.Held older = bench.overlay.held();
    bench.overlay.list(bench.machine.entry());
    assertOutcome(Outcome.DEPLOYED, bench.visit());
    try (SshDeployer ssh =
        new SshDeployer(
            older,
            bench.fake.blobs(),
            bench.overlay.channel(),
            bench.agent,
            bench.events,
            bench.limits)) {
      assertEnded(
          Outcome.OLDER,
          Step.ADOPT,
          "newer list",
          ssh.visit(Visit.toClean(bench.machine.entry(), "10.0.0.7")));
    }
    assertOutcome(Outcome.ALIVE, bench.visit());
  }

  @Test
  void aPeerThatFindsItselfOffTheListLeavesByItself() throws Exception {
    Snapshot before = Snapshot.of(bench.machine.home());
    assertOutcome(Outcome.DEPLOYED, bench.visit());
    Path list = bench.machine.root().resolve("state/doc-list");
    assertTrue(local("leave").contains("the list names 127.0.0.1"));
    Files.writeString(list, removed().text().replace("!", "?"));
    assertTrue(local("leave").contains("not genuine"));
    assertOutcome(Outcome.ALIVE, visitAsListed());
    Files.writeString(list, bench.overlay.document(DocumentType.LIST).text());
    assertEquals("", local("leave"));
    assertLooksAs(before);
  }

  /** What is on that machine is not asked for here. */
  private VisitReport visitAsListed() throws IOException {
    String list = bench.overlay.document(DocumentType.LIST).text();
    Files.writeString(bench.machine.root().resolve("state/doc-list"), list);
    return bench.visit();
  }

  @Test
  void theLineInTheCrontabComesAndGoes() throws Exception {
    tools.offerCron();
    bench.overlay.wantAutostart(true);
    Files.writeString(tools.crontab(), "5 4 * * * mine\n");
    assertOutcome(Outcome.DEPLOYED, bench.visit());
    List<String> lines = Files.readAllLines(tools.crontab());
    assertEquals("5 4 * * * mine", lines.get(0));
    assertTrue(lines.get(1).matches("@reboot sh \"\\$HOME/.smon-peer/\\S+/dispatch\" boot # .*"));
    assertEquals("cron", bench.machine.state("autostart"));
    removed();
    assertOutcome(Outcome.CLEANED, clean());
    assertEquals("5 4 * * * mine\n", Files.readString(tools.crontab()));
  }

  @Test
  void aCrontabThatCannotBeReadIsNotWritten() throws Exception {
    bench.overlay.wantAutostart(true);
    tools.refuseCron();
    assertOutcome(Outcome.DEPLOYED, bench.visit());
    assertEquals("none", bench.machine.state("autostart"));
  }

  @Test
  void theUnitOfTheUsersSystemdComesAndGoesWithItsLingering() throws Exception {
    tools.offerCron();
    tools.offerSystemd();
    bench.overlay.wantAutostart(true);
    Snapshot before = Snapshot.of(bench.machine.home());
    assertOutcome(Outcome.DEPLOYED, bench.visit());
    assertEquals("systemd", bench.machine.state("autostart"));
    assertFalse(Files.exists(tools.crontab()));
    assertTrue(Files.exists(tools.linger()));
    removed();
    assertOutcome(Outcome.CLEANED, clean());
    assertFalse(Files.exists(tools.linger()));
    assertLooksAs(before);
  }

  @Test
  void settingsThatSayNoTakeTheStartAtBootBack() throws Exception {
    tools.offerCron();
    bench.overlay.wantAutostart(true);
    assertOutcome(Outcome.DEPLOYED, bench.visit());
    assertTrue(Files.exists(tools.crontab()));
    Document settings = bench.overlay.wantAutostart(false);
    Files.writeString(bench.machine.root().resolve("state/doc-settings"), settings.text());
    assertEquals("", local("autostart"));
    assertFalse(Files.exists(tools.crontab()));
    assertEquals("none", bench.machine.state("autostart"));
  }

  @Test
  void atBootThePeerStartsFromWhatIsInstalled() throws Exception {
    assertOutcome(Outcome.DEPLOYED, bench.visit());
    bench.machine.killPeer();
    Process boot = started("boot");
    try {
      Path starts = bench.machine.root().resolve("log/starts");
      while (Files.readAllLines(starts).size() < 2) {
        assertTrue(boot.isAlive(), "it exited");
        Thread.onSpinWait();
      }
      local("boot"); // one is there: this one exits
      assertEquals(2, bench.machine.starts());
    } finally {
      boot.destroyForcibly().waitFor();
    }
  }

  private Process started(String verb) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("sh", bench.machine.root().resolve("dispatch").toString(), verb);
    builder.environment().put("HOME", bench.machine.home().toString());
    builder.environment().put("PATH", tools.path());
    return builder.redirectErrorStream(true).start();
  }

  private String local(String verb) throws Exception {
    Process process = started(verb);
    String said = new String(process.getInputStream().readAllBytes());
    process.waitFor(); // it closes its output before it has become a peer
    return said;
  }

  private void awaitClaimFree() throws Exception {
    new ProcessBuilder(
            "flock", "-w", "30", bench.machine.root().resolve("claim.lock").toString(), "true")
        .start()
        .waitFor();
  }
}
