// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Hashes;
import org.smon.api.Livetag;
import org.smon.api.MachineList;
import org.smon.api.Release.Kind;
import org.smon.api.Visit;
import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;
import org.smon.api.VisitReport.Step;
import org.smon.api.Work;
import org.smon.security.OverlayKey;

/** What a visit does to a machine, whatever ssh server it has. */
abstract class VisitContract extends MachineContract {
  @Test
  void anEmptyMachineGetsAPeer() throws Exception {
    VisitReport report = bench.visit();
    assertOutcome(Outcome.DEPLOYED, report);
    assertEquals(bench.fake.bytes(), report.sentBytes());
    TestMachine machine = bench.machine;
    assertEquals("127.0.0.1", machine.state("name"));
    assertEquals("client", machine.state("deployedBy"));
    assertEquals("1", machine.state("copies"));
    assertEquals("1", machine.state("attempts"));
    assertEquals(1, machine.starts());
    for (DocumentType type : DocumentType.values()) {
      if (type != DocumentType.KEYRING) { // K_E was never rotated
        assertEquals(
            bench.overlay.document(type).text(),
            Files.readString(machine.root().resolve("state/doc-" + type.word())));
      }
    }
  }

  @Test
  void theKeyOfTheOverlayIsReadableByItsOwnerAlone() throws Exception {
    bench.visit();
    assertKeyIsThere(bench.overlay.key);
  }

  private void assertKeyIsThere(OverlayKey key) throws IOException {
    Path file = bench.machine.root().resolve("keys/" + key.keyId());
    assertEquals(HexFormat.of().formatHex(key.bytes()) + "\n", Files.readString(file));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void aLivePeerThatMissedARotationIsBroughtTheKeyringAndTheKeyAndNotTouched() throws Exception {
    bench.visit();
    long pid = bench.machine.peerPid();
    Document keyring = bench.overlay.rotate();
    assertOutcome(Outcome.ALIVE, bench.visit());
    assertKeyIsThere(bench.overlay.newestKey);
    assertEquals(keyring.text(), Files.readString(bench.machine.root().resolve("keys/handed")));
    assertEquals(pid, bench.machine.peerPid());
    assertEquals(1, bench.machine.starts());
    assertTrue(bench.events.all.stream().anyMatch(event -> event.kind().equals("rekey")));
  }

  @Test
  void aStoppedPeerThatMissedARotationStartsWithTheNewKeyring() throws Exception {
    bench.visit();
    bench.machine.killPeer();
    Document keyring = bench.overlay.rotate();
    assertOutcome(Outcome.RECOVERED, bench.visit());
    assertKeyIsThere(bench.overlay.newestKey);
    assertEquals(
        keyring.text(), Files.readString(bench.machine.root().resolve("state/doc-keyring")));
  }

  @Test
  void aWipedMachineIsGivenTheKeyInForceAndNotTheOldOne() throws Exception {
    bench.overlay.rotate();
    assertOutcome(Outcome.DEPLOYED, bench.visit());
    assertKeyIsThere(bench.overlay.newestKey);
    assertFalse(Files.exists(bench.machine.root().resolve("keys/" + bench.overlay.key.keyId())));
  }

  @Test
  void aDeployerThatMissedARotationAdoptsItAndTouchesNothing() throws Exception {
    bench.overlay.rotate();
    Overlay.Held older = bench.overlay.held();
    Document newer = bench.overlay.rotate();
    bench.visit();
    assertOutcome(Outcome.OLDER, bench.visit(bench.machine.entry(), older, "10.0.0.7"));
    assertEquals(newer, older.held(DocumentType.KEYRING).orElseThrow());
    assertEquals(1, bench.machine.starts());
  }

  @Test
  void nothingIsLeftOfTheWayThere() throws Exception {
    bench.visit();
    try (var files = Files.walk(bench.machine.root())) {
      List<String> left =
          files
              .map(file -> bench.machine.home().relativize(file).toString())
              .filter(name -> name.matches(".*(\\.part|\\.tmp|\\.new|\\.old|incoming)"))
              .toList();
      assertEquals(List.of(), left);
    }
  }

  @Test
  void theAgentSeesWhichMachineItSignsFor() throws Exception {
    bench.visit();
    var request = bench.agent.signed.get(0);
    assertEquals("client", request.requester());
    assertEquals("127.0.0.1", request.machine());
    String fingerprint =
        java.util.Base64.getEncoder()
            .withoutPadding()
            .encodeToString(Hashes.sha256().digest(request.hostKey()));
    assertEquals(bench.machine.fingerprint(), "SHA256:" + fingerprint);
    assertTrue(
        new String(request.data(), java.nio.charset.StandardCharsets.ISO_8859_1)
            .contains("ssh-connection"));
  }

  @Test
  void enrolmentAddsOneLineAndKeepsTheOthers() throws Exception {
    bench.visit();
    bench.machine.killPeer();
    bench.overlay.release(bench.fake.release("1.0.1"));
    assertOutcome(Outcome.DEPLOYED, bench.visit());
    List<String> lines = Files.readAllLines(bench.machine.authorizedKeys());
    assertEquals(2, lines.size(), lines.toString());
    assertEquals(bench.agent.ownLine(), lines.get(0));
    assertTrue(lines.get(1).startsWith("restrict,command="), lines.get(1));
  }

  @Test
  void aLivePeerIsLeftAlone() throws Exception {
    bench.visit();
    long pid = bench.machine.peerPid();
    assertOutcome(Outcome.ALIVE, bench.visit());
    assertEquals(pid, bench.machine.peerPid());
    assertEquals("1", bench.machine.state("attempts"));
    assertEquals(1, bench.machine.starts());
  }

  @Test
  void aStoppedPeerIsRevivedWithoutPayloadAndByTheEnrolmentKey() throws Exception {
    bench.visit();
    bench.machine.killPeer();
    bench.agent.offersOwnKey = false;
    VisitReport report = bench.visit(bench.machine.entry(), bench.overlay.held(), "10.0.0.7");
    assertOutcome(Outcome.RECOVERED, report);
    assertEquals(0, report.sentBytes());
    assertEquals("client", bench.machine.state("deployedBy"));
    assertEquals("1", bench.machine.state("copies"));
    assertEquals("2", bench.machine.state("attempts"));
  }

  @Test
  void ofRacingDeployersOneDeploys() throws Exception {
    ExecutorService deployers = Executors.newFixedThreadPool(3);
    List<Future<VisitReport>> visits = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String name = "10.0.0." + i;
      visits.add(
          deployers.submit(() -> bench.visit(bench.machine.entry(), bench.overlay.held(), name)));
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (Future<VisitReport> visit : visits) {
      outcomes.add(visit.get().outcome());
    }
    deployers.shutdown();
    assertEquals(
        1, outcomes.stream().filter(Outcome.DEPLOYED::equals).count(), outcomes.toString());
    assertEquals(
        2,
        outcomes.stream().filter(o -> o == Outcome.BUSY || o == Outcome.ALIVE).count(),
        outcomes.toString());
    assertEquals(1, bench.machine.starts());
    assertEquals("1", bench.machine.state("copies"));
  }

  @Test
  void anOlderDeployerAdoptsAndTouchesNothing() throws Exception {
    Overlay.Held older = bench.overlay.held();
    bench.overlay.newest(DocumentType.LIVETAG, Livetag.on().body());
    bench.visit();
    bench.machine.killPeer();
    assertEnded(
        Outcome.OLDER,
        Step.ADOPT,
        "livetag",
        bench.visit(bench.machine.entry(), older, "10.0.0.7"));
    assertEquals(2, older.versions().counter(DocumentType.LIVETAG));
    assertEquals("1", bench.machine.state("attempts"));
    assertOutcome(Outcome.RECOVERED, bench.visit(bench.machine.entry(), older, "10.0.0.7"));
  }

  @Test
  void aPeerIsNotStartedOnceTheOperatorHasSaidOtherwise() throws Exception {
    bench.visit();
    bench.machine.killPeer();
    Overlay.Held documents = bench.overlay.held();
    bench.overlay.newest(DocumentType.LIVETAG, new Livetag(false, 15).body());
    bench.agent.onSign = () -> documents.offer(bench.overlay.document(DocumentType.LIVETAG));
    assertEnded(
        Outcome.OLDER,
        Step.START,
        "switched off",
        bench.visit(bench.machine.entry(), documents, "10.0.0.7"));
    assertEquals(1, bench.machine.starts());
    bench.overlay.newest(DocumentType.LIVETAG, Livetag.on().body());
    Overlay.Held again = bench.overlay.held();
    bench.overlay.newest(DocumentType.LIST, new MachineList(List.of(), List.of()).body());
    bench.agent.onSign = () -> again.offer(bench.overlay.document(DocumentType.LIST));
    assertEnded(
        Outcome.OLDER,
        Step.START,
        "does not name it",
        bench.visit(bench.machine.entry(), again, "10.0.0.7"));
    assertEquals(1, bench.machine.starts());
  }

  @Test
  void whatTheAgentHoldsNewerIsAdoptedBeforeAnythingElse() {
    Overlay.Held older = bench.overlay.held();
    Document list =
        bench.overlay.newest(DocumentType.LIST, new MachineList(List.of(), List.of()).body());
    bench.agent.newer = List.of(list.text(), "garbage");
    assertEnded(
        Outcome.OLDER, Step.AGENT, "list", bench.visit(bench.machine.entry(), older, "10.0.0.7"));
    assertEquals(0, bench.machine.cable().connections.get());
  }

  @Test
  void anOlderMachineIsHandedTheNewerDocuments() throws Exception {
    bench.visit();
    bench.machine.killPeer();
    Document livetag = bench.overlay.newest(DocumentType.LIVETAG, Livetag.on().body());
    assertOutcome(Outcome.RECOVERED, bench.visit());
    assertEquals(
        livetag.text(), Files.readString(bench.machine.root().resolve("state/doc-livetag")));
  }

  @Test
  void aNewReleaseSendsOnlyWhatIsNew() throws Exception {
    bench.visit();
    bench.machine.killPeer();
    byte[] added = "new in 1.1.0".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    bench.fake.add(Kind.BUNDLE, "org/smon/new/1.1.0/new-1.1.0.jar", added);
    bench.overlay.release(bench.fake.release("1.1.0"));
    VisitReport report = bench.visit();
    assertOutcome(Outcome.DEPLOYED, report);
    assertEquals(added.length, report.sentBytes());
    assertTrue(
        Files.exists(bench.machine.root().resolve("repository/org/smon/new/1.1.0/new-1.1.0.jar")));
  }

  @Test
  void theDispatcherOfANewerReleaseReplacesTheOneThatIsThere() throws Exception {
    bench.visit();
    bench.machine.killPeer();
    String own = new String(Stage0.TEXT, java.nio.charset.StandardCharsets.US_ASCII);
    bench.fake.addDispatcher("1.1.0", own + "# of 1.1.0\n");
    bench.overlay.release(bench.fake.release("1.1.0"));
    bench.agent.offersOwnKey = false;
    assertOutcome(Outcome.DEPLOYED, bench.visit());
    Path dispatcher = bench.machine.root().resolve("dispatch");
    assertTrue(Files.readString(dispatcher).endsWith("# of 1.1.0\n"));
    bench.machine.killPeer();
    assertOutcome(Outcome.RECOVERED, bench.visit());

    bench.machine.killPeer();
    bench.fake.addDispatcher("1.2.0", "if then\n");
    bench.overlay.release(bench.fake.release("1.2.0"));
    assertEnded(Outcome.FAILED, Step.INSTALL, "no shell script", bench.visit());
    assertTrue(Files.readString(dispatcher).endsWith("# of 1.1.0\n"));
  }

  @Test
  void aWipedMachineThatStillKnowsTheEnrolmentKeyIsEnrolledAnew() throws Exception {
    bench.visit();
    bench.machine.killPeer();
    new ProcessBuilder("rm", "-rf", bench.machine.home().resolve(".smon-peer").toString())
        .start()
        .waitFor();
    assertOutcome(Outcome.DEPLOYED, bench.visit());
    assertEquals("1", bench.machine.state("copies"));
    bench.machine.killPeer();
    new ProcessBuilder("rm", "-rf", bench.machine.home().resolve(".smon-peer").toString())
        .start()
        .waitFor();
    bench.agent.offersOwnKey = false;
    assertEnded(Outcome.REFUSED, Step.LOGIN, "wiped", bench.visit());
  }

  @Test
  void aNewPeerAndARevivedOneGetTheirShareOfTheWork() throws Exception {
    String list = bench.overlay.document(DocumentType.LIST).hash();
    assertShareArrives(new Work(list, 3, 9), Outcome.DEPLOYED);
    bench.machine.killPeer();
    assertShareArrives(new Work(list, 9, 12), Outcome.RECOVERED);
  }

  private void assertShareArrives(Work share, Outcome outcome) throws Exception {
    try (SshDeployer ssh =
        new SshDeployer(
            bench.overlay.held(),
            bench.fake.blobs(),
            bench.overlay.channel(),
            bench.agent,
            bench.events)) {
      assertOutcome(outcome, ssh.visit(new Visit(bench.machine.entry(), "client", share)));
    }
    assertEquals(share.line(), bench.machine.state("work"));
  }
}
