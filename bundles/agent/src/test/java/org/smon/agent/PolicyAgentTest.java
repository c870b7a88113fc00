// SPDX-License-Identifier: Apache-2.0
package org.smon.agent;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.smon.api.DocumentType;
import org.smon.api.InvalidInputException;
import org.smon.api.Livetag;
import org.smon.api.LoginAgent.LoginPermit;
import org.smon.api.LoginAgent.LoginRequest;
import org.smon.api.LoginAgent.SignRequest;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.RefusedException;
import org.smon.api.Version;
import org.smon.api.Versions;
import org.smon.api.Visit;
import org.smon.security.SigningKey;
import org.smon.ssh.JdkEd25519;

/** R34, R38: what the agent signs, and the much longer list of what it does not. */
class PolicyAgentTest {
  static {
    JdkEd25519.register();
  }

  @TempDir Path home;

  private final HeldInMemory documents = new HeldInMemory();
  private final SshKey own = new PairKey(SigningKey.generate().pair(), "user");
  private final List<String> wipeChecks = new ArrayList<>();
  private Host host;
  private SshKey enrolment;
  private AuditLog audit;
  private PolicyAgent agent;
  private long now;
  private boolean wiped = true;
  private Passwords passwords = Passwords.none();
  private boolean disclose;
  private final List<String> passwordLogins = new ArrayList<>();
  private final KeyInstaller installer =
      (machine, user, password) -> passwordLogins.add(user + "@" + machine.name() + " " + password);

  @BeforeEach
  void startAgent() throws IOException {
    host = new Host();
    enrolment = KeyFiles.enrolment(home.resolve("enrolment.key"), documents.genesis().hash());
    documents.hold(list(host.fingerprint()));
    audit = new AuditLog(home.resolve("audit"));
    agent = agent(FirstUse.NEVER);
  }

  @AfterEach
  void closeAudit() throws IOException {
    audit.close();
  }

  @Test
  void loginOfAListedMachineWithItsPinnedKeyIsSigned() throws Exception {
    LoginPermit permit = permit("b");
    assertEquals("ops", permit.user());
    assertTrue(enrolment.is(permit.publicKeys().get(0)), "the enrolment key is offered first");
    SignRequest request = host.asks("b", "a", enrolment);
    assertVerifies(enrolment, agent.sign(request), request.data());
    assertTrue(lastAudit().contains("\"decision\":\"sign\""), lastAudit());
  }

  @Test
  void plainPublicKeyLoginOfAnOlderServerIsSignedByTheExchangeProof() throws Exception {
    host.method = "publickey";
    permit("b");
    assertDoesNotThrow(() -> agent.sign(host.asks("b", "a", own)));
  }

  static Stream<Arguments> forgeries() {
    return Stream.of(
        forged("another session id", h -> h.session = "another"),
        forged("not a login request", h -> h.message = 51),
        forged("another user", h -> h.user = "root"),
        forged("another service", h -> h.service = "ssh-userauth"),
        forged("another method", h -> h.method = "hostbased"),
        forged("no signature flag", h -> h.flag = 0),
        forged("bound to another host", h -> h.boundTo = new Host().boundTo),
        forged("trailing bytes", h -> h.trailing = new byte[] {0}),
        forged("exchange signed by another host key", h -> h.signsExchange = new Host().key));
  }

  private static Arguments forged(String what, Consumer<Host> forge) {
    return Arguments.of(what, forge);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forgeries")
  void forgedRequestIsRefusedInOneAuditedLine(String what, Consumer<Host> forge) throws Exception {
    permit("b");
    forge.accept(host);
    RefusedException refusal = refused(host.asks("b", "a", enrolment));
    assertEquals(1, refusal.getMessage().lines().count());
    assertTrue(lastAudit().contains("\"decision\":\"refuse\""), lastAudit());
  }

  @Test
  void dataCutAtAnyByteIsRefused() throws Exception {
    permit("b");
    SignRequest whole = host.asks("b", "a", enrolment);
    for (int length = 0; length < whole.data().length; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole.data(), length);
      refused(
          new SignRequest(
              "b",
              "a",
              whole.publicKey(),
              whole.algorithm(),
              cut,
              whole.hostKey(),
              whole.exchangeHash(),
              whole.hostSignature()));
    }
  }

  @Test
  void otherHostKeyThanThePinnedIsRefused() throws Exception {
    permit("b");
    refused(new Host().asks("b", "a", enrolment));
  }

  @Test
  void sessionIsSignedForOnce() throws Exception {
    permit("b");
    agent.sign(host.asks("b", "a", enrolment));
    refused(host.asks("b", "a", enrolment));
  }

  @Test
  void machineNotInTheListIsRefused() {
    assertThrows(
        RefusedException.class, () -> agent.permit(request("b", "stranger", documents.versions())));
  }

  @Test
  void keyTheAgentDoesNotHoldIsRefused() throws Exception {
    permit("b");
    refused(host.asks("b", "a", new PairKey(SigningKey.generate().pair(), "foreign")));
  }

  @Test
  void signingWithoutAPermitIsRefused() throws Exception {
    refused(host.asks("b", "a", enrolment));
  }

  @Test
  void permitRunsOut() throws Exception {
    permit("b");
    now += 121_000;
    refused(host.asks("b", "a", enrolment));
  }

  @Test
  void requesterWithAnOlderListIsHandedTheNewerAndNotSignedFor() throws Exception {
    Versions old = documents.versions();
    documents.hold(list(host.fingerprint()));
    LoginPermit permit = agent.permit(request("b", "a", old));
    assertEquals(documents.held(DocumentType.LIST).orElseThrow().text(), permit.newer().get(0));
    refused(host.asks("b", "a", enrolment));
  }

  @Test
  void requesterWithAnOlderLivetagLearnsThatTheOverlayIsSwitchedOff() throws Exception {
    Versions old = documents.versions();
    documents.hold(new Livetag(false, 600));
    LoginPermit permit = agent.permit(request("b", "a", old));
    assertEquals(
        List.of(documents.held(DocumentType.LIVETAG).orElseThrow().text()), permit.newer());
    assertEquals(List.of(), permit.publicKeys());
    refused(host.asks("b", "a", enrolment));
  }

  @Test
  void amongTwoListsOfOneCounterTheLoserOfTheTwoIsNotSignedFor() throws Exception {
    for (String hash : List.of("0".repeat(64), "f".repeat(64))) {
      Versions mine = documents.versions();
      Versions theirs =
          mine.with(DocumentType.LIST, new Version(mine.counter(DocumentType.LIST), hash));
      boolean loses = hash.startsWith("f");
      assertEquals(loses, agent.permit(request("b", "a", theirs)).publicKeys().isEmpty());
    }
  }

  @Test
  void requesterThatWantsToReachAMachineTheNewerListLacksLearnsOfThat() throws Exception {
    Versions old = documents.versions();
    documents.hold(removed());
    assertEquals(1, agent.permit(request("b", "a", old)).newer().size());
    assertThrows(RefusedException.class, () -> permit("b"));
  }

  @Nested
  class OfAMachineThatWasRemoved {
    @BeforeEach
    void remove() {
      documents.hold(removed());
    }

    @Test
    void theEnrolmentKeyOpensItForCleaning() throws Exception {
      documents.hold(new Livetag(false, 600));
      LoginPermit permit = toClean("b");
      assertEquals(List.of(enrolment.publicLine()), permit.publicKeys());
      agent.sign(host.asks("b", "a", enrolment));
      assertTrue(Files.readString(home.resolve("audit")).contains("\"reason\":\"clean\""));
      refused(newSession().asks("b", "a", own));
    }

    @Test
    void theClientMayComeByTheOwnKeyWhereNoDispatcherIsLeft() throws Exception {
      assertEquals(2, toClean("client").publicKeys().size());
      agent.sign(host.asks("client", "a", own));
      wiped = false;
      refused(newSession().asks("client", "a", own));
    }

    @Test
    void anyOtherPurposeIsRefused() {
      assertThrows(RefusedException.class, () -> permit("b"));
      assertThrows(RefusedException.class, () -> permit("client"));
    }

    @Test
    void aMachineOfTheListIsNotOpenedForCleaning() throws Exception {
      documents.hold(list(host.fingerprint()));
      RefusedException refusal = assertThrows(RefusedException.class, () -> toClean("client"));
      assertTrue(refusal.getMessage().contains("it stays"), refusal.getMessage());
    }

    @Test
    void aPermitToCleanOpensNothingOnceItIsListedAgain() throws Exception {
      toClean("b");
      documents.hold(list(host.fingerprint()));
      refused(host.asks("b", "a", enrolment));
    }

    private LoginPermit toClean(String requester) throws RefusedException, IOException {
      return agent.permit(
          new LoginRequest(requester, "a", documents.versions(), Visit.Purpose.CLEAN));
    }
  }

  private MachineList removed() {
    Machine gone = Machine.parse("a").withHostKey(host.fingerprint());
    return new MachineList(List.of(Machine.parse("b")), List.of(gone));
  }

  @Nested
  class OfAMachineWithAPassword {
    private Path file;

    @BeforeEach
    void writePasswords() throws IOException {
      file = home.resolve("passwords");
      Files.writeString(file, "# mine\na open sesame\n* for the others\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      passwords = Passwords.read(file);
      agent = agent(FirstUse.NEVER);
    }

    @Test
    void theAgentLogsInOnceItselfAndTellsNobodyThePassword() throws Exception {
      LoginPermit permit = permit("b");
      assertNull(permit.password());
      assertEquals(List.of("ops@a open sesame"), passwordLogins);
      assertTrue(lastAudit().contains("install-key"), lastAudit());
      agent.sign(host.asks("b", "a", own));
      now += 60_000;
      agent = agent(FirstUse.NEVER); // remembered across restarts
      permit("b");
      assertEquals(1, passwordLogins.size());
      assertFalse(Files.readString(home.resolve("audit")).contains("sesame"));
    }

    @Test
    void itLogsInAgainWhenAPermitLedToNoSignature() throws Exception {
      permit("b");
      agent.sign(host.asks("b", "a", own));
      permit("b"); // the machine was wiped: no key of the agent's is taken there any more
      permit("c"); // at the same time
      assertEquals(1, passwordLogins.size());
      now += 31_000;
      permit("b");
      assertEquals(2, passwordLogins.size());
    }

    @Test
    void itsOwnLoginsAreLimited() throws Exception {
      for (int i = 0; i < 10; i++) {
        permit("b");
        now += 31_000;
      }
      assertEquals(PasswordLogins.PER_MACHINE_AND_HOUR, passwordLogins.size());
    }

    @Test
    void itIsDisclosedOnlyWhereTheUserOptedInAndThatIsAudited() throws Exception {
      disclose = true;
      agent = agent(FirstUse.NEVER);
      LoginPermit permit = permit("b");
      assertEquals("open sesame", permit.password());
      assertFalse(permit.toString().contains("sesame"));
      assertEquals(List.of(), passwordLogins);
      assertTrue(lastAudit().contains("\"decision\":\"disclose\""), lastAudit());
      agent.sign(host.asks("b", "a", enrolment));
      assertNull(permit("b").password(), "a key is taken there by now");
    }

    @Test
    void itGoesToNoMachineWithoutAPin() throws Exception {
      documents.hold(list(null));
      disclose = true;
      agent = agent(FirstUse.PEERS_TOO);
      assertNull(permit("b").password());
      assertEquals(List.of(), passwordLogins);
    }

    @Test
    void aFileThatOthersCanReadAndALineThatIsNoneAreNamed() throws IOException {
      assertNamed("line 4", "nohush");
      assertNamed("line 4", "a hush");
      assertNamed("line 4", "-x hush");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
      assertNamed("chmod 600", "c hush");
      Files.delete(file);
      assertThrows(InvalidInputException.class, () -> Passwords.read(file));
    }

    private void assertNamed(String what, String line) throws IOException {
      List<String> before = Files.readAllLines(file);
      Files.write(file, List.of(line), java.nio.file.StandardOpenOption.APPEND);
      String told =
          assertThrows(InvalidInputException.class, () -> Passwords.read(file)).getMessage();
      assertTrue(told.contains(what), told);
      assertFalse(told.contains(line.substring(line.indexOf(' ') + 1)), told);
      Files.write(file, before);
    }
  }

  @Test
  void nothingIsSignedWhileTheOverlayIsSwitchedOffButForTheClient() throws Exception {
    documents.hold(new Livetag(false, 600));
    assertThrows(RefusedException.class, () -> permit("b"));
    permit("client");
    agent.sign(host.asks("client", "a", own));
  }

  @Test
  void machineWithoutAPinIsRefusedUnlessFirstUseIsAllowed() throws Exception {
    documents.hold(list(null));
    assertThrows(RefusedException.class, () -> permit("client"));
    agent = agent(FirstUse.CLIENT);
    assertThrows(RefusedException.class, () -> permit("b"));
    permit("client");
    agent.sign(host.asks("client", "a", own));
    agent = agent(FirstUse.PEERS_TOO);
    permit("b");
  }

  @Test
  void ownKeyForAnEnrolledMachineNeedsAWipeThatTheAgentSees() throws Exception {
    permit("b");
    agent.sign(host.asks("b", "a", own));
    assertTrue(wipeChecks.isEmpty(), "first contact needs none");
    wiped = false;
    refused(newSession().asks("b", "a", own));
    assertEquals(List.of("ops@a"), wipeChecks);
    wiped = true;
    agent.sign(newSession().asks("b", "a", own));
  }

  @Test
  void enrolledMachinesAreRememberedAcrossRestartsAndTheirOwnKeyLoginsRationed() throws Exception {
    permit("b");
    agent.sign(host.asks("b", "a", own));
    agent = agent(FirstUse.NEVER);
    permit("b");
    for (int i = 0; i < PolicyAgent.OWN_KEY_PER_ENROLLED_MACHINE_AND_HOUR; i++) {
      agent.sign(newSession().asks("b", "a", own));
    }
    assertTrue(refused(newSession().asks("b", "a", own)).getMessage().contains("within an hour"));
    now += 3_600_001;
    permit("b");
    agent.sign(newSession().asks("b", "a", own));
  }

  @Test
  void loginsAreLimitedPerMachine() throws Exception {
    permit("b");
    for (int i = 0; i < PolicyAgent.LOGINS_PER_MACHINE_AND_HOUR; i++) {
      agent.sign(newSession().asks("b", "a", enrolment));
    }
    assertTrue(
        refused(newSession().asks("b", "a", enrolment)).getMessage().contains("within an hour"));
  }

  @Test
  void incompleteRequestsAreRefused() {
    assertThrows(
        RefusedException.class, () -> agent.permit(new LoginRequest(null, "a", Versions.NONE)));
    assertThrows(RefusedException.class, () -> agent.permit(new LoginRequest("b", "a", null)));
    assertThrows(
        RefusedException.class,
        () -> agent.sign(new SignRequest("b", "a", null, null, null, null, null, null)));
    assertThrows(
        RefusedException.class,
        () -> {
          permit("b");
          agent.sign(new SignRequest("b", "a", null, null, null, null, null, null));
        });
  }

  /** The same machine in its next ssh session. */
  private Host newSession() {
    new java.security.SecureRandom().nextBytes(host.exchangeHash);
    return host;
  }

  private PolicyAgent agent(FirstUse firstUse) throws IOException {
    WipeCheck check =
        (machine, user) -> {
          wipeChecks.add(user + "@" + machine.name());
          if (!wiped) {
            throw new RefusedException("machine " + machine.name() + " is enrolled");
          }
        };
    return new PolicyAgent(
        documents,
        List.of(own),
        enrolment,
        firstUse,
        audit,
        home,
        (requester, theirs) -> {},
        check,
        new PasswordLogins(passwords, disclose, installer, audit, home, () -> now),
        () -> now);
  }

  private static MachineList list(String pin) {
    return new MachineList(
        List.of(Machine.parse("a").withHostKey(pin), Machine.parse("b")), List.of());
  }

  private LoginPermit permit(String requester) throws RefusedException, IOException {
    return agent.permit(request(requester, "a", documents.versions()));
  }

  private static LoginRequest request(String requester, String machine, Versions versions) {
    return new LoginRequest(requester, machine, versions);
  }

  private RefusedException refused(SignRequest request) {
    return assertThrows(RefusedException.class, () -> agent.sign(request));
  }

  private String lastAudit() throws IOException {
    List<String> lines = Files.readAllLines(home.resolve("audit"));
    return lines.get(lines.size() - 1);
  }

  private static void assertVerifies(SshKey key, byte[] signature, byte[] data) throws Exception {
    Signature verifier = BuiltinSignatures.ed25519.create();
    verifier.initVerifier(
        null, new ByteArrayBuffer(SshKey.blob(key.publicLine())).getRawPublicKey());
    verifier.update(null, data);
    assertTrue(verifier.verify(null, signature));
  }
}
