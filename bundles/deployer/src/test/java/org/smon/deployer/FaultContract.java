// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.smon.api.Machine;
import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;

/**
 * What may be wrong with a machine, a copy or a login: one line, nothing lost, healed by the next
 * visit.
 */
abstract class FaultContract extends MachineContract {
  @Test
  void aPeerThatFreezesIsReplacedByTheVisitThatMeetsIt() throws Exception {
    bench.visit();
    long pid = bench.machine.peerPid();
    Files.writeString(bench.machine.home().resolve("mute"), "");
    long past = System.currentTimeMillis() - 52_000; // not yet frozen: that is waited for
    Path heartbeat = bench.machine.root().resolve("state/heartbeat");
    // The peer may be in the middle of its last beat.
    do {
      Files.writeString(heartbeat, pid + " " + past + " " + past + "\n");
      Thread.onSpinWait();
    } while (!Files.readString(heartbeat).contains(" " + past + "\n"));
    new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start().waitFor();
    Files.writeString(heartbeat, pid + " " + past + " " + past + "\n");
    Files.delete(bench.machine.home().resolve("mute"));
    assertOutcome(Outcome.RECOVERED, bench.visit());
    assertNotEquals(pid, bench.machine.peerPid());
    // (A zombie that nobody reaps is dead all the same.)
    assertFalse(Files.exists(Path.of("/proc/" + pid + "/exe")));
  }

  @Test
  void aPeerWhoseClockWasSetIsLeftAlone() throws Exception {
    bench.visit();
    long pid = bench.machine.peerPid();
    Path mute = Files.writeString(bench.machine.home().resolve("mute"), "");
    Path heartbeat = bench.machine.root().resolve("state/heartbeat");
    for (long ago : new long[] {31_536_000_000L, -31_536_000_000L}) {
      long then = System.currentTimeMillis() - ago;
      do { // the peer may be in the middle of its last beat
        Files.writeString(heartbeat, pid + " " + then + " " + then + "\n");
        Thread.onSpinWait();
      } while (!Files.readString(heartbeat).contains(" " + then + "\n"));
      bench.agent.onSign = () -> mute.toFile().delete(); // its next beat comes by the new clock
      assertOutcome(Outcome.ALIVE, bench.visit());
      assertEquals(pid, bench.machine.peerPid());
      Files.writeString(mute, "");
    }
  }

  @Test
  void aClaimedMachineIsBusy() throws Exception {
    bench.visit();
    bench.machine.killPeer();
    Process claim =
        new ProcessBuilder(
                "flock",
                bench.machine.root().resolve("claim.lock").toString(),
                "sh",
                "-c",
                "echo held; read x")
            .start();
    claim.inputReader().readLine();
    try {
      assertEnded(Outcome.BUSY, Step.CLAIM, "claimed by client", bench.visit());
    } finally {
      claim.outputWriter().close();
      claim.waitFor();
    }
    assertOutcome(Outcome.RECOVERED, bench.visit());
  }

  @Test
  void aCopyCutAnywhereIsResumedAndCountsOnce() throws Exception {
    long sent = 0;
    for (long cut : new long[] {2_000, 40_000, 500_000, 2_400_000}) {
      bench.machine.cable().cutAfter = cut;
      VisitReport report = bench.visit();
      assertTrue(
          report.outcome() == Outcome.FAILED
              || report.outcome() == Outcome.UNREACHABLE
              || report.outcome() == Outcome.BUSY,
          report.toString());
      sent += report.sentBytes();
      awaitClaimFree();
    }
    bench.machine.cable().cutAfter = -1;
    VisitReport last = bench.visit();
    assertOutcome(Outcome.DEPLOYED, last);
    assertTrue(last.sentBytes() < bench.fake.bytes(), last.toString());
    assertTrue(sent > 0);
    // 2 MB may be on their way: the cut behind that came when the machine was enrolled already.
    var lastLogin = bench.agent.signed.get(bench.agent.signed.size() - 1);
    assertEquals(bench.agent.enrolmentLine(), lastLogin.publicKey());
    assertEquals("1", bench.machine.state("copies"));
  }

  @Test
  void aShellKilledInTheMiddleOfACopyLeavesWhatTheNextVisitGoesOnFrom() throws Exception {
    List<Long> killed = new ArrayList<>();
    bench.machine.cable().strike =
        new Cable.Strike(1_000_000, () -> killed.addAll(killShellsThatHoldTheClaim()));
    VisitReport struck = bench.visit();
    assertEnded(Outcome.FAILED, Step.COPY, "the connection broke", struck);
    assertFalse(killed.isEmpty());
    assertNull(bench.machine.state("installed"));
    bench.machine.cable().strike = null;
    awaitClaimFree();
    VisitReport last = bench.visit();
    assertOutcome(Outcome.DEPLOYED, last);
    assertTrue(last.sentBytes() < bench.fake.bytes(), last.toString());
    assertEquals("1", bench.machine.state("copies"));
    assertEquals(1, bench.machine.starts());
  }

  private List<Long> killShellsThatHoldTheClaim() {
    try {
      Path claim = bench.machine.root().resolve("claim.lock").toRealPath();
      List<Long> shells =
          ProcessHandle.allProcesses()
              .map(ProcessHandle::pid)
              .filter(pid -> isShellWith(claim, Path.of("/proc/" + pid)))
              .toList();
      for (long pid : shells) {
        new ProcessBuilder("kill", "-KILL", Long.toString(pid)).start().waitFor();
      }
      return shells;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isShellWith(Path file, Path process) {
    try (var descriptors = Files.list(process.resolve("fd"))) {
      return List.of("sh", "dash").contains(Files.readString(process.resolve("comm")).strip())
          && descriptors.anyMatch(descriptor -> leadsTo(file, descriptor));
    } catch (IOException e) {
      return false; // it has gone
    }
  }

  private static boolean leadsTo(Path file, Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).equals(file);
    } catch (IOException e) {
      return false; // it was closed
    }
  }

  private void awaitClaimFree() throws Exception {
    if (Files.isDirectory(bench.machine.home().resolve(".smon-peer"))) {
      new ProcessBuilder(
              "flock", "-w", "30", bench.machine.root().resolve("claim.lock").toString(), "true")
          .start()
          .waitFor();
    }
  }

  @Test
  void anAlteredFileIsRefusedAndNothingOfItStays() throws Exception {
    Path file = bench.fake.file(3);
    byte[] genuine = Files.readAllBytes(file);
    byte[] altered = genuine.clone();
    altered[altered.length / 2] ^= 1;
    Files.write(file, altered);
    assertEnded(Outcome.FAILED, Step.COPY, "arrived altered", bench.visit());
    assertNull(bench.machine.state("installed"));
    assertFalse(Files.exists(bench.machine.root().resolve("blobs/" + bench.fake.last().sha256())));
    Files.write(file, genuine);
    assertOutcome(Outcome.DEPLOYED, bench.visit());
  }

  @Test
  void aTruncatedFileIsNotEvenSent() throws Exception {
    Path file = bench.fake.file(3);
    Files.write(file, new byte[] {1, 2, 3});
    assertEnded(Outcome.FAILED, Step.COPY, "is damaged here", bench.visit());
  }

  @Test
  void aDamagedBlobOnTheMachineIsSentAgain() throws Exception {
    bench.visit();
    bench.machine.killPeer();
    Files.delete(bench.machine.root().resolve("state/installed"));
    Files.writeString(bench.machine.root().resolve("blobs/" + bench.fake.last().sha256()), "rot");
    VisitReport report = bench.visit();
    assertOutcome(Outcome.DEPLOYED, report);
    assertEquals(bench.fake.last().size(), report.sentBytes());
  }

  @Test
  void aWrongHostKeyIsRefusedBeforeAnythingIsSigned() {
    Machine entry = bench.machine.entry().withHostKey("SHA256:" + "A".repeat(43));
    assertEnded(Outcome.REFUSED, Step.HOST_KEY, bench.machine.fingerprint(), bench.visit(entry));
    assertEquals(List.of(), bench.agent.signed);
  }

  @Test
  void aMachineWithoutAPinIsRefusedUnlessFirstUseIsAllowed() {
    Machine entry = bench.machine.entry().withHostKey(null);
    assertEnded(Outcome.REFUSED, Step.AGENT, "no host key", bench.visit(entry));
    assertEquals(0, bench.machine.cable().connections.get());
    bench.limits = Bench.QUICK.withFirstUse(true);
    assertOutcome(Outcome.DEPLOYED, bench.visit(entry));
  }

  @Test
  void aUserThatIsNotThereIsNotLetIn() {
    bench.agent.user = "nosuchuser";
    assertEnded(Outcome.FAILED, Step.LOGIN, "nosuchuser", bench.visit());
  }

  @Test
  void anUnknownKeyIsNotLetIn() {
    bench.machine.authorize(new KeyAgent().ownLine());
    assertEnded(Outcome.FAILED, Step.LOGIN, "none of the agent's keys", bench.visit());
    assertFalse(Files.exists(bench.machine.home().resolve(".smon-peer")));
  }

  @Test
  void withoutAnAgentNoConnectionIsOpened() {
    bench.agent.down = true;
    assertEnded(Outcome.FAILED, Step.AGENT, "no agent answers", bench.visit());
    bench.agent.down = false;
    bench.agent.refusal = "too many logins";
    assertEnded(Outcome.REFUSED, Step.AGENT, "too many logins", bench.visit());
    assertEquals(0, bench.machine.cable().connections.get());
  }

  @Test
  void aHomeThatCannotBeWrittenIsNamed() throws Exception {
    Files.writeString(bench.machine.home().resolve(".smon-peer"), "a file is in the way");
    assertEnded(Outcome.FAILED, Step.CLAIM, ".smon-peer", bench.visit());
  }

  @Test
  void aSecondNameForAMachineIsRefused() throws Exception {
    bench.visit();
    Machine entry =
        new Machine(
            "localhost",
            null,
            bench.machine.cable().port(),
            bench.machine.fingerprint(),
            List.of());
    assertEnded(Outcome.REFUSED, Step.PROBE, "already 127.0.0.1", bench.visit(entry));
    bench.machine.killPeer();
    assertEnded(Outcome.REFUSED, Step.PROBE, "already 127.0.0.1", bench.visit(entry));
  }

  @Test
  void aPeerThatDoesNotStartIsReportedAndInstalledAnew() throws Exception {
    Files.writeString(bench.machine.home().resolve("broken"), "");
    assertEnded(Outcome.FAILED, Step.START, "this peer is broken", bench.visit());
    Files.delete(bench.machine.home().resolve("broken"));
    VisitReport report = bench.visit();
    assertOutcome(Outcome.DEPLOYED, report);
    assertEquals(0, report.sentBytes());
  }

  @Test
  void aMutePeerIsNotTakenForAStartedOne() throws Exception {
    bench.limits = new Limits(2_000, 5_000, 20_000, 60_000, 1, false);
    Files.writeString(bench.machine.home().resolve("mute"), "");
    assertEnded(Outcome.FAILED, Step.START, "no sign of life within 1 s", bench.visit());
  }

  @Test
  void aPinOfTheServersOtherHostKeyIsFound() {
    Machine entry = bench.machine.entry().withHostKey(bench.machine.secondFingerprint());
    assertOutcome(Outcome.DEPLOYED, bench.visit(entry));
  }
}
