// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.Documents.Offer.Verdict;
import org.smon.api.Keyring;
import org.smon.api.LoginAgent.LoginPermit;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.RefusedException;
import org.smon.api.Release;
import org.smon.api.Settings;
import org.smon.api.Versions;
import org.smon.api.Visit;
import org.smon.api.VisitReport;
import org.smon.api.VisitReport.Outcome;
import org.smon.client.ClientHome;
import org.smon.deployer.AgentLogin;
import org.smon.deployer.Limits;
import org.smon.deployer.RemoteAgents;
import org.smon.deployer.SshDeployer;
import org.smon.security.SigningKey;
import org.smon.wire.OfferAnswer;
import org.smon.wire.Ping;

/**
 * Somebody stole K_E and all documents, but not the operator's key: he joins and reads, and changes
 * nothing; with the agent's help he gets at most the dispatcher's verbs on an enrolled machine
 * (R35, R38, R40). Against real sshd where there is one.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class StolenKeyIT {
  private static final List<String> MACHINES = List.of("127.0.1.1", "127.0.1.2");
  private static final String TARGET = "127.0.1.2";

  @TempDir static Path temp;
  private static RunningDemo demo;
  private static ClientHome thief;
  private static SigningKey thiefsKey;
  private static Versions before;

  @BeforeAll
  static void steal() throws IOException {
    demo =
        RunningDemo.start(
            temp, MACHINES.size(), OpenSshDemoIT.sshdIsHere() ? "openssh" : "embedded");
    Path home = Files.createDirectories(temp.resolve("thief"));
    copyTree(demo.clientHome().resolve("keys"), home.resolve("keys"));
    copyTree(demo.clientHome().resolve("documents"), home.resolve("documents"));
    copyTree(demo.clientHome().resolve("blobs"), home.resolve("blobs"));
    thiefsKey = SigningKey.generate();
    thiefsKey.save(home.resolve("operator.key"));
    thief = ClientHome.open(home);
    before = thief.documents().versions();
  }

  @AfterAll
  static void stop() {
    if (demo != null) {
      demo.close();
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private static Smon smon() {
    return demo.smon.at(thief.directory());
  }

  @Test
  @Order(1)
  void heJoinsAndReads() throws RefusedException {
    assertTrue(smon().run("status").done().out().contains("2 of 2 online"));
    smon().run("why", TARGET).done();
    Ping ping = Ping.of(thief.documents().overlayId(), "127.0.1.1", 1, before, 0);
    assertEquals(TARGET, demo.peer(TARGET).ping(ping).from());
  }

  @Test
  @Order(2)
  void hisCommandsChangeNothing() {
    smon().run("machines", "add", "10.6.6.6").failed();
    smon().run("machines", "remove", TARGET).failed();
    smon().run("shell", TARGET, "--", "smon:status").failed("not signed by an operator");
    assertEquals(2, thief.documents().list().size());
    assertUnchanged();
  }

  @Test
  @Order(3)
  void everyPeerRefusesWhatHeSignedAndWhatNobodySigned() throws RefusedException {
    for (String machine : MACHINES) {
      for (Document forged : forgeries()) {
        OfferAnswer answer = demo.peer(machine).offer(forged.text());
        assertEquals(Verdict.REFUSED, answer.verdict(), forged.type() + ": " + answer);
        assertFalse(answer.reason().isBlank());
      }
    }
    assertUnchanged();
  }

  @Test
  @Order(4)
  void aPingThatClaimsNewerDocumentsMakesNobodyBelieveThem() throws RefusedException {
    Versions claimed = Versions.NONE;
    for (DocumentType type : DocumentType.values()) {
      claimed = claimed.with(type, new org.smon.api.Version(1_000_000, "f".repeat(64)));
    }
    Ping ping = Ping.of(thief.documents().overlayId(), "127.0.1.1", 1, claimed, 1_000);
    for (int i = 0; i < 20; i++) {
      demo.peer(TARGET).ping(ping);
    }
    assertUnchanged();
  }

  /** The next document of each type, to his liking: unsigned, and signed by him. */
  private static List<Document> forgeries() {
    Documents held = thief.documents();
    Settings genuine = held.settings();
    Settings mine =
        new Settings(
            genuine.name(),
            List.of(genuine.operators().get(0), thiefsKey.publicText()),
            genuine.agents(),
            genuine.defaultUser(),
            genuine.gossipPort(),
            genuine.keyId(),
            genuine.waitMillis(),
            genuine.pingTimeoutMillis());
    List<Document> forgeries = new ArrayList<>();
    forge(forgeries, DocumentType.SETTINGS, mine.body());
    forge(forgeries, DocumentType.LIST, MachineList.EMPTY.body());
    forge(forgeries, DocumentType.LIVETAG, "value false\nquietSeconds 15\n");
    forge(forgeries, DocumentType.RELEASE, evil().body());
    forge(forgeries, DocumentType.KEYRING, Keyring.of("a".repeat(64)).body());
    return forgeries;
  }

  private static void forge(List<Document> forgeries, DocumentType type, String body) {
    Document next = next(type, body);
    forgeries.add(next);
    forgeries.add(next.signedBy(thiefsKey.privateKey(), thiefsKey.publicKey()));
  }

  private static Document next(DocumentType type, String body) {
    String overlay = thief.documents().overlayId();
    return thief
        .documents()
        .held(type)
        .map(held -> held.next(body, Instant.EPOCH))
        .orElseGet(() -> Document.first(type, overlay, body, Instant.EPOCH));
  }

  private static Release evil() {
    Release genuine = thief.documents().release().orElseThrow();
    List<Release.Blob> blobs = new ArrayList<>(genuine.blobs());
    blobs.add(new Release.Blob("e".repeat(64), 1, Release.Kind.BUNDLE, "evil.jar"));
    return new Release("6.6.6", genuine.wireMin(), genuine.wireMax(), blobs);
  }

  private static void assertUnchanged() {
    for (String machine : MACHINES) {
      for (DocumentType type : DocumentType.values()) {
        String held = demo.line(machine, "state/doc-" + type.word());
        String genuine = thief.documents().held(type).map(d -> d.text().strip()).orElse("");
        assertEquals(genuine, held, machine + " " + type);
      }
    }
    assertEquals(2, demo.status().summary().online());
  }

  // With the agent's help.

  private static Machine target() {
    return thief.documents().list().find(TARGET).orElseThrow();
  }

  private static AgentLogin login() {
    return new AgentLogin(new RemoteAgents(thief.documents(), thief.connections()), before);
  }

  @Test
  @Order(5)
  void aLoginByTheAgentsHelpRunsNoCommandOfHis() throws Exception {
    Path pwned = temp.resolve("pwned");
    try (AgentLogin login = login()) {
      LoginPermit permit = login.permit(target());
      try (ClientSession session = login.open(target(), permit, permit.publicKeys())) {
        String answer = exec(session, "touch '" + pwned + "'");
        assertTrue(answer.startsWith("smon 1 dispatch\n"), answer);
        assertFalse(Files.exists(pwned));
      }
    }
    String keys = Files.readString(demo.homeOf(TARGET).resolve(".ssh/authorized_keys"));
    List<String> enrolled = keys.lines().filter(line -> line.contains("/dispatch")).toList();
    assertEquals(1, enrolled.size(), keys);
    assertTrue(enrolled.get(0).startsWith("restrict,command="), keys);
  }

  @Test
  @Order(6)
  void sshForwardsNothingForHim() throws Exception {
    assumeTrue(OpenSshDemoIT.sshdIsHere(), "it takes a real sshd; install openssh-server");
    try (AgentLogin login = login()) {
      LoginPermit permit = login.permit(target());
      try (ClientSession session = login.open(target(), permit, permit.publicKeys())) {
        var to = new SshdSocketAddress("127.0.1.1", demo.gossipPort);
        var channel = session.createDirectTcpipChannel(new SshdSocketAddress("127.0.0.1", 0), to);
        assertThrows(IOException.class, () -> channel.open().verify(10, TimeUnit.SECONDS));
        var port = new SshdSocketAddress("127.0.0.1", 0);
        assertThrows(IOException.class, () -> session.startRemotePortForwarding(port, to));
      }
    }
  }

  @Test
  @Order(7)
  void theAgentDoesNotSignWithTheUsersOwnKeyForAnEnrolledMachine() throws Exception {
    try (AgentLogin login = login()) {
      LoginPermit permit = login.permit(target());
      List<String> own = permit.publicKeys().subList(1, permit.publicKeys().size());
      Exception refused =
          assertThrows(Exception.class, () -> login.open(target(), permit, own).close());
      assertTrue(refused.getMessage().contains("the agent refused"), refused.getMessage());
    }
  }

  private static String exec(ClientSession session, String command) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ChannelExec channel = session.createExecChannel(command)) {
      channel.setOut(out);
      channel.open().verify(10, TimeUnit.SECONDS);
      channel.getInvertedIn().close();
      channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), TimeUnit.SECONDS.toMillis(30));
    }
    return out.toString(UTF_8);
  }

  /** Both peers are dead, so that nobody comes in between. */
  @Test
  @Order(8)
  void aStoppedMachineTakesNoReleaseButTheOperatorsAndItsOwnUserFindsItWhole() throws Exception {
    MACHINES.forEach(machine -> demo.peers(machine).forEach(Proc::kill));
    assertRefused("not a whole release document", visitWith(false));
    assertRefused("release document refused", visitWith(true));
    assertEquals(List.of(), demo.peers(TARGET));
    demo.smon.run("deploy", "--first", TARGET).done();
    demo.awaitAllOnline(60);
    assertUnchanged();
    assertEquals(1, demo.status(TARGET).copies());
    assertEquals(List.of(), demo.census().offences());
  }

  private static void assertRefused(String reason, VisitReport report) {
    assertEquals(Outcome.FAILED, report.outcome(), report::toString);
    assertTrue(report.reason().contains(reason), report::toString);
    assertEquals(0, report.sentBytes());
  }

  private static VisitReport visitWith(boolean signed) throws IOException {
    Document forged = next(DocumentType.RELEASE, evil().body());
    Document offered =
        signed ? forged.signedBy(thiefsKey.privateKey(), thiefsKey.publicKey()) : forged;
    Documents documents = new WithRelease(thief.documents(), offered);
    RemoteAgents agents = new RemoteAgents(thief.documents(), thief.connections());
    try (SshDeployer deployer =
        new SshDeployer(
            documents, thief.blobs(), thief.channel(), agents, thief.events(), Limits.DEFAULT)) {
      return deployer.visit(new Visit(target(), "client", null));
    }
  }

  /** What he stole, with a release of his own. */
  private record WithRelease(Documents stolen, Document offered) implements Documents {
    @Override
    public Optional<Document> held(DocumentType type) {
      return type == DocumentType.RELEASE ? Optional.of(offered) : stolen.held(type);
    }

    @Override
    public Document genesis() {
      return stolen.genesis();
    }

    @Override
    public Offer offer(Document document) {
      return new Offer(Offer.Verdict.OLDER, null);
    }

    @Override
    public void subscribe(Listener listener) {}

    @Override
    public void unsubscribe(Listener listener) {}
  }
}
