// SPDX-License-Identifier: Apache-2.0
package org.smon.deployer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.AgentAddress;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Hashes;
import org.smon.api.Keyring;
import org.smon.api.Livetag;
import org.smon.api.MachineList;
import org.smon.api.Release;
import org.smon.api.Release.Kind;
import org.smon.api.Settings;
import org.smon.api.VisitReport.Outcome;
import org.smon.security.OverlayKey;

/**
 * Who holds K_E and gets past the agent, but is no operator, can do no more on an enrolled machine
 * than the dispatcher's verbs, and with them nothing but redeploy the legitimate release.
 */
class DispatcherAttackTest {
  @TempDir Path temp;
  private Bench bench;
  private Path root;
  private Map<String, String> before;

  @BeforeEach
  void setUp() throws Exception {
    bench = new Bench(temp, new MinaMachine(temp.resolve("home with space")));
    assertEquals(Outcome.DEPLOYED, bench.visit().outcome());
    bench.machine.killPeer();
    Files.delete(bench.machine.root().resolve("state/heartbeat"));
    root = bench.machine.root();
    before = precious();
  }

  @AfterEach
  void tearDown() throws IOException {
    bench.close();
  }

  private Dispatch attack() {
    return attack("sh -c 'touch pwned'");
  }

  private Dispatch attack(String originalCommand) {
    return new Dispatch(bench.machine.home(), root, originalCommand)
        .command("overlay " + bench.overlay.genesis.hash());
  }

  private Dispatch claimed() {
    return attack().command("claim 127.0.0.1 evil");
  }

  /** Every file whose content an attacker would want to choose. */
  private Map<String, String> precious() throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    try (var files = Files.walk(bench.machine.home())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = bench.machine.home().relativize(file).toString();
        if (!name.matches(
            ".*/(state/(claimed|attempts|received|copies|document\\.tmp|genesis\\.tmp)|[^/]*\\.lock|incoming/.*|state/attempts\\.lock|log/.*)")) {
          hashes.put(name, Hashes.of(Files.readAllBytes(file)));
        }
      }
    }
    return hashes;
  }

  private void assertRefused(String reason, String answer) throws IOException {
    assertTrue(answer.contains("error ") && answer.contains(reason), answer);
    assertEquals(before, precious());
  }

  private String bytes(Document document) {
    return document.text();
  }

  @Test
  void theCommandAskedForIsNeverRun() throws Exception {
    String answer = attack("touch pwned; $(touch pwned) `touch pwned`").command("bye").run();
    assertEquals("smon 1 dispatch\nok\nok\n", answer);
    assertEquals(before, precious());
  }

  @Test
  void aScriptIsNotTakenForAnythingButACommand() throws Exception {
    assertRefused(
        "", new Dispatch(bench.machine.home(), root, Stage0.COMMAND).bytes(Stage0.TEXT).run());
  }

  @Test
  void anUnsignedReleaseIsRefused() throws Exception {
    Document held = bench.overlay.document(DocumentType.RELEASE);
    Document unsigned = held.next(evil().body(), Instant.EPOCH);
    assertRefused("not a whole release", claimed().command("manifest", bytes(unsigned)).run());
  }

  @Test
  void aReleaseOfAnotherOperatorIsRefused() throws Exception {
    Document held = bench.overlay.document(DocumentType.RELEASE);
    Overlay other = new Overlay(bench.agent.enrolmentLine());
    Document foreign = other.sign(held.next(evil().body(), Instant.EPOCH));
    assertRefused("refused", claimed().command("manifest", bytes(foreign)).run());
    other.release(evil());
    assertRefused(
        "refused",
        claimed().command("manifest", bytes(other.document(DocumentType.RELEASE))).run());
  }

  @Test
  void aSignedReleaseWhoseManifestWasChangedIsRefused() throws Exception {
    String text = bytes(bench.overlay.document(DocumentType.RELEASE));
    String changed = text.replace("version 1.0.0", "version 1.0.9");
    assertRefused("refused", claimed().command("manifest", changed).run());
  }

  @Test
  void anOlderGenuineReleaseIsNoWayBack() throws Exception {
    Document old = bench.overlay.document(DocumentType.RELEASE);
    bench.overlay.release(bench.fake.release("1.0.1"));
    assertEquals(Outcome.DEPLOYED, bench.visit().outcome());
    bench.machine.killPeer();
    Files.delete(root.resolve("state/heartbeat"));
    before = precious();
    assertRefused("older", claimed().command("manifest", bytes(old)).run());
    Files.delete(root.resolve("state/installed"));
    before = precious();
    assertRefused("older", claimed().command("manifest", bytes(old)).run());
  }

  @Test
  void onlyFilesOfTheReleaseAreTakenAndOnlyWithTheirContent() throws Exception {
    byte[] added = "genuine file".getBytes(StandardCharsets.UTF_8);
    bench.fake.add(Kind.BUNDLE, "org/smon/new/1.1.0/new-1.1.0.jar", added);
    bench.overlay.release(bench.fake.release("1.1.0"));
    String manifest = bytes(bench.overlay.document(DocumentType.RELEASE));
    assertRefused(
        "altered",
        claimed()
            .command("manifest", manifest)
            .command("payload")
            .bytes("evil content".getBytes(StandardCharsets.UTF_8))
            .run());
    // What comes after the last named byte is no payload any more.
    String more =
        claimed()
            .command("manifest", manifest)
            .command("payload")
            .bytes(added)
            .bytes("x".repeat(4096).getBytes(StandardCharsets.UTF_8))
            .run();
    assertTrue(more.contains("error "), more);
    Files.deleteIfExists(root.resolve("blobs/" + Hashes.of(added)));
    assertEquals(before, precious());
  }

  @Test
  void settingsThatTheOperatorDidNotSignBringNoKeyOfAnAttackerIn() throws Exception {
    Settings mine = Settings.ofBody(bench.overlay.genesis.body());
    AgentAddress agent =
        new AgentAddress("10.6.6.6", 7700, mine.operators().get(0), new KeyAgent().enrolmentLine());
    Document unsigned =
        bench.overlay.genesis.next(mine.withAgents(java.util.List.of(agent)).body(), Instant.EPOCH);
    assertRefused(
        "not a whole settings", claimed().command("document settings", bytes(unsigned)).run());
    Overlay other = new Overlay(agent.enrolmentKey());
    assertRefused(
        "refused", claimed().command("document settings", bytes(other.sign(unsigned))).run());
    assertRefused(
        "not the founding document", claimed().command("genesis", bytes(other.genesis)).run());
  }

  @Test
  void aLivetagThatTheOperatorDidNotSignIsRefused() throws Exception {
    Document unsigned =
        bench
            .overlay
            .document(DocumentType.LIVETAG)
            .next(new Livetag(false, 15).body(), Instant.EPOCH);
    assertRefused(
        "not a whole livetag", claimed().command("document livetag", bytes(unsigned)).run());
    assertRefused("not a whole list", claimed().command("document list", bytes(unsigned)).run());
  }

  @Test
  void nothingIsRemovedButForTheOperatorsNewerListThatDoesNotNameTheMachine() throws Exception {
    Document held = bench.overlay.document(DocumentType.LIST);
    assertRefused("the list names 127.0.0.1", claimed().command("clean", bytes(held)).run());
    Document unsigned =
        held.next(new MachineList(java.util.List.of(), java.util.List.of()).body(), Instant.EPOCH);
    assertRefused("not a whole list", claimed().command("clean", bytes(unsigned)).run());
    Document foreign = new Overlay(bench.agent.enrolmentLine()).sign(unsigned);
    assertRefused("refused", claimed().command("clean", bytes(foreign)).run());
    Document livetag = bench.overlay.document(DocumentType.LIVETAG);
    assertRefused("not a list", claimed().command("clean", bytes(livetag)).run());
    // A genuine one of the time before this machine was added is no way to remove it.
    Document before =
        bench.overlay.sign(
            Document.first(
                DocumentType.LIST, bench.overlay.genesis.hash(), unsigned.body(), Instant.EPOCH));
    bench.overlay.list(bench.machine.entry().withTags(java.util.List.of("x")));
    assertEquals(Outcome.RECOVERED, bench.visit().outcome());
    bench.machine.killPeer();
    Files.delete(root.resolve("state/heartbeat"));
    this.before = precious();
    assertRefused("older", claimed().command("clean", bytes(before)).run());
  }

  @Test
  void aTypeThatThisReleaseHasNotHeardOfIsPassedOver() throws Exception {
    String text =
        bytes(bench.overlay.document(DocumentType.LIVETAG)).replace("type livetag", "type moon");
    String answer = claimed().command("document moon", text).command("bye").run();
    assertTrue(answer.endsWith("ok unknown\nok\n"), answer);
    assertEquals(before, precious());
  }

  @Test
  void anotherKeyOfTheOverlayIsRefused() throws Exception {
    OverlayKey other = OverlayKey.generate();
    byte[] file = (HexFormat.of().formatHex(other.bytes()) + "\n").getBytes(StandardCharsets.UTF_8);
    assertRefused("none of those", claimed().command("key " + other.keyId()).bytes(file).run());
    assertRefused(
        "none of those", claimed().command("key " + bench.overlay.key.keyId()).bytes(file).run());
  }

  @Test
  void aKeyringThatTheOperatorDidNotSignBringsNoKeyOfAnAttackerIn() throws Exception {
    OverlayKey mine = OverlayKey.generate();
    byte[] file = (HexFormat.of().formatHex(mine.bytes()) + "\n").getBytes(StandardCharsets.UTF_8);
    Overlay other = new Overlay(bench.agent.enrolmentLine());
    Document unsigned =
        Document.first(
            DocumentType.KEYRING,
            bench.overlay.genesis.hash(),
            Keyring.afterLeak(mine.keyId()).body(),
            Instant.EPOCH);
    assertRefused(
        "not a whole keyring",
        claimed()
            .command("document keyring", bytes(unsigned))
            .command("key " + mine.keyId())
            .bytes(file)
            .run());
    assertRefused(
        "refused", claimed().command("document keyring", bytes(other.sign(unsigned))).run());
  }

  @Test
  void anOlderGenuineKeyringIsNoWayBackToALeakedKey() throws Exception {
    Document old = bench.overlay.rotate();
    OverlayKey leaked = bench.overlay.newestKey;
    bench.overlay.rotate();
    assertEquals(Outcome.RECOVERED, bench.visit().outcome());
    bench.machine.killPeer();
    Files.delete(root.resolve("state/heartbeat"));
    before = precious();
    assertRefused("older", claimed().command("document keyring", bytes(old)).run());
    byte[] file =
        (HexFormat.of().formatHex(leaked.bytes()) + "\n").getBytes(StandardCharsets.UTF_8);
    assertRefused("none of those", claimed().command("key " + leaked.keyId()).bytes(file).run());
    // The key of the settings counts no more either.
    byte[] first =
        (HexFormat.of().formatHex(bench.overlay.key.bytes()) + "\n")
            .getBytes(StandardCharsets.UTF_8);
    assertRefused(
        "none of those", claimed().command("key " + bench.overlay.key.keyId()).bytes(first).run());
  }

  @Test
  void nothingIsTakenWithoutAClaim() throws Exception {
    for (String verb :
        new String[] {
          "genesis 5",
          "document list 5",
          "document keyring 5",
          "manifest 5",
          "payload",
          "key " + "0".repeat(64),
          "install evil",
          "work " + "0".repeat(64) + " 0 1",
          "start 5",
          "clean 5"
        }) {
      assertRefused("claim the machine first", attack().command(verb).run());
    }
  }

  @Test
  void anInstallationNeedsItsManifest() throws Exception {
    assertRefused("first", claimed().command("install evil").run());
    assertRefused("manifest first", claimed().command("payload").run());
  }

  @Test
  void anotherOverlayOrAnotherNameIsRefused() throws Exception {
    assertRefused(
        "another overlay",
        new Dispatch(bench.machine.home(), root, "").command("overlay " + "a".repeat(64)).run());
    assertRefused("already 127.0.0.1", attack().command("claim othername evil").run());
  }

  @Test
  void wordsAreNeverMoreThanWords() throws Exception {
    String[] words = {
      "$(touch pwned)",
      "`touch pwned`",
      "../../pwned",
      ";touch pwned",
      "a[$(touch pwned)]",
      "*",
      "08"
    };
    for (String word : words) {
      for (String verb : new String[] {"claim", "document", "key", "work", "start", "clean", ""}) {
        String line = (verb + " " + word + " " + word + " " + word).strip();
        String answer = claimed().command(line).run();
        assertTrue(
            answer.matches("(?s).*error [A-Z]+ .*(malformed|first|unknown|already).*"),
            line + ": " + answer);
        assertEquals(before, precious(), line);
      }
    }
  }

  @Test
  void noiseIsRefusedWithoutATrace() throws Exception {
    for (int seed = 0; seed < 8; seed++) {
      byte[] noise = new byte[3_000];
      new Random(seed).nextBytes(noise);
      String answer = claimed().bytes(noise).run();
      assertTrue(answer.contains("error "), "seed " + seed + ": " + answer);
      assertEquals(before, precious(), "seed " + seed);
    }
  }

  @Test
  void aLivePeerIsTouchedByNoCommand() throws Exception {
    assertEquals(Outcome.RECOVERED, bench.visit().outcome());
    long pid = bench.machine.peerPid();
    for (String verb :
        new String[] {"start 5", "install evil", "manifest 5", "genesis 5", "document list 5"}) {
      String answer = claimed().command(verb).run();
      assertTrue(answer.contains("a peer lives here"), answer);
    }
    assertEquals(pid, bench.machine.peerPid());
    assertEquals(Outcome.ALIVE, bench.visit().outcome());
    assertFalse(Files.exists(bench.machine.home().resolve("pwned")));
  }

  private Release evil() throws IOException {
    bench.fake.add(
        Kind.BUNDLE, "org/smon/evil/1.0.0/evil-1.0.0.jar", "evil".getBytes(StandardCharsets.UTF_8));
    return bench.fake.release("6.6.6");
  }
}
