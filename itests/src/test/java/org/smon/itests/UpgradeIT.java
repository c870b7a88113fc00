// SPDX-License-Identifier: Apache-2.0
package org.smon.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents.Offer.Verdict;
import org.smon.api.Event;
import org.smon.api.Hashes;
import org.smon.api.RefusedException;
import org.smon.api.Release;
import org.smon.api.Release.Blob;
import org.smon.api.Release.Kind;
import org.smon.api.Release.Plan;
import org.smon.api.Release.Waves;
import org.smon.client.Upgrade;
import org.smon.security.SigningKey;
import org.smon.wire.BlobReceipt;
import org.smon.wire.EventsQuery;
import org.smon.wire.MachineStatus;
import org.smon.wire.OfferAnswer;
import org.smon.wire.PeerApi;
import org.smon.wire.ReleasesAnswer;
import org.smon.wire.ReleasesAnswer.ReleaseLine;
import org.smon.wire.StatusAnswer;

/**
 * Releases on four machines: good ones spread live, broken ones die at the first peers they meet,
 * and whatever happens in the middle, a machine runs what it adopted last (R18 to R25). One demo
 * for all, so the order matters: each test leaves all machines on the newest good release.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class UpgradeIT {
  private static final int HEAL_SECONDS = 180;
  private static final int MACHINES = 4;
  private static final String FIRST = "127.0.1.1";

  /** Machines of the first wave. */
  private static final int CANARIES = 2;

  @TempDir static Path temp;
  private static RunningDemo demo;
  private static Upgrades upgrades;

  /** What all machines run: its version, and the hash of its signed manifest. */
  private static String version;

  private static String adopted;

  @BeforeAll
  static void deploy() throws IOException {
    demo = RunningDemo.start(temp, MACHINES, "embedded");
    upgrades = new Upgrades(demo, temp);
    version = demo.status().release().version();
    adopted = upgrades.installed(FIRST);
  }

  @AfterAll
  static void stop() {
    if (demo != null) {
      demo.close();
    }
  }

  @Test
  @Order(1)
  void aReleaseIsSwappedInLiveOnAllMachines() {
    Map<String, Long> before = upgrades.pids();
    Upgrade.Outcome outcome = Upgrades.outcome(upgrades.next().done());
    assertTrue(outcome.isAdopted(), outcome::toString);
    assertEquals(MACHINES, outcome.machines().adopted());
    StatusAnswer status = demo.smon.run("status", "--json").done().json(StatusAnswer.class);
    assertEquals(List.of(outcome.version()), Upgrades.ofEach(status, MachineStatus::release));
    assertEquals(List.of("adopted"), Upgrades.ofEach(status, MachineStatus::releaseState));
    assertEquals(
        new StatusAnswer.ReleaseView(outcome.version(), version), status.release(), "in status");
    assertEquals(before, upgrades.pids());
    nowRuns(outcome.version());
  }

  /** The newest release is adopted by all machines, and none has anything on trial. */
  private static void nowRuns(String newest) {
    upgrades.awaitAllOn(newest, HEAL_SECONDS);
    version = newest;
    adopted = newest().hash();
    demo.machines.forEach(m -> assertEquals(adopted, upgrades.installed(m), m));
  }

  private static ReleaseLine newest() {
    return releases().get(0);
  }

  private static List<ReleaseLine> releases() {
    return demo.smon.run("releases", "--json").done().json(ReleasesAnswer.class).releases();
  }

  @Test
  @Order(2)
  void releasesWhyAndTheShellShowIt() {
    List<ReleaseLine> releases = releases();
    assertEquals(version, releases.get(0).version());
    assertEquals(ReleasesAnswer.State.adopted, releases.get(0).state());
    assertEquals(MACHINES, releases.get(0).machines().adopted());
    assertEquals(ReleasesAnswer.State.superseded, releases.get(1).state());
    String why = demo.smon.run("why", FIRST).done().out();
    assertTrue(why.contains("release " + version + " is tried"), why);
    assertTrue(why.contains("release " + version + " runs and is well"), why);
    String shown = demo.smon.run("shell", FIRST, "--", "smon:status").done().out();
    assertTrue(shown.contains("release " + version + " came live"), shown);
    for (String changed : List.of("core", "gossip", "shell", "upgrade")) {
      assertEquals(List.of(version), upgrades.active(FIRST, changed), changed);
    }
    assertEquals(1, upgrades.active(FIRST, "api").size());
    assertNotEquals(List.of(version), upgrades.active(FIRST, "api"), "it did not change");
  }

  @Test
  @Order(3)
  void aWipedMachineAndOneWithoutItsCacheGetWhatWasAdopted() throws IOException {
    String wiped = "127.0.1.4";
    String bare = "127.0.1.3";
    demo.verb("wipe", wiped);
    Proc peer = demo.peers(bare).get(0);
    peer.signal("STOP");
    Upgrades.delete(demo.files(bare, "base/data").get(0));
    peer.kill();
    demo.verb("reboot", wiped);
    upgrades.awaitAllOn(version, HEAL_SECONDS);
    for (String machine : List.of(wiped, bare)) {
      assertEquals(adopted, upgrades.installed(machine), machine);
      assertEquals(List.of(version), upgrades.active(machine, "gossip"), machine);
    }
    List<Path> there = demo.files(wiped, "repository/org/smon/smon-gossip/*");
    assertEquals(List.of(version), there.stream().map(p -> p.getFileName().toString()).toList());
  }

  @TestFactory
  @Order(4)
  Stream<DynamicTest> aBrokenReleaseDiesAtTheFirstPeersItMeets() {
    String kinds = System.getProperty("smon.upgrade.broken", "throws,hangs");
    String all = "throws,unresolved,hangs,leaks,mute,stuck";
    return Stream.of((kinds.equals("all") ? all : kinds).split(","))
        .map(kind -> DynamicTest.dynamicTest(kind, () -> isRefused(kind)));
  }

  /** That no application and no process has changed, the verb itself looks after. */
  private static void isRefused(String kind) {
    Map<String, Long> before = upgrades.pids();
    Upgrade.Outcome outcome = Upgrades.outcome(upgrades.next("--broken", kind).done());
    assertTrue(outcome.isQuarantined(), outcome::toString);
    assertOldSetRuns();
    long restarted =
        before.entrySet().stream()
            .filter(e -> !e.getValue().equals(upgrades.pids().get(e.getKey())))
            .count();
    assertTrue(restarted <= (kind.equals("hangs") ? CANARIES : 0), restarted + " restarted");
    ReleaseLine line = newest();
    assertEquals(outcome.version(), line.version());
    assertEquals(ReleasesAnswer.State.quarantined, line.state());
    assertTrue(line.machines().refused() >= CANARIES, line::toString);
    assertFalse(line.reason().isBlank());
  }

  private static void assertOldSetRuns() {
    upgrades.awaitAllOn(version, HEAL_SECONDS);
    for (String machine : demo.machines) {
      assertEquals(adopted, upgrades.installed(machine), machine);
      String features = running(machine).featuresVersion().orElseThrow();
      assertEquals(List.of(features), upgrades.active(machine, "upgrade"), machine);
    }
  }

  private static Release running(String machine) {
    String manifest = demo.line(machine, "state/release-" + upgrades.installed(machine)) + "\n";
    return Release.ofBody(Document.parse(manifest).body());
  }

  @Test
  @Order(5)
  void whoHasTheOverlayKeyMakesNoPeerTakeAForgedRelease() throws Exception {
    demo.reopen();
    Document held = demo.home().documents().held(DocumentType.RELEASE).orElseThrow();
    SigningKey operator = demo.home().operator();
    String body = Release.ofBody(held.body()).body();
    String out = body.replaceFirst(" bundle org/", " bundle ../org/");
    assertNotEquals(body, out);
    Map<String, Document> forged = new LinkedHashMap<>();
    forged.put("unsigned", held.next(body, Instant.EPOCH));
    forged.put("by another key", signed(held.next(body, Instant.EPOCH), SigningKey.generate()));
    forged.put(
        "of another overlay", signed(at("a".repeat(64), held.counter() + 1, body), operator));
    forged.put("the last number", signed(at(held.overlay(), Long.MAX_VALUE, body), operator));
    forged.put("a path that leads out", signed(held.next(out, Instant.EPOCH), operator));
    for (String machine : List.of(FIRST, "127.0.1.2")) {
      for (Map.Entry<String, Document> one : forged.entrySet()) {
        assertRefused(machine, one.getKey(), one.getValue().text());
      }
      String replayed = demo.line(machine, "state/release-" + adopted) + "\n";
      assertEquals(Verdict.OLDER, demo.peer(machine).offer(replayed).verdict());
    }
    for (String machine : demo.machines) {
      assertEquals(held.text().strip(), demo.line(machine, "state/doc-release"), machine);
    }
    assertOldSetRuns();
  }

  private static Document at(String overlay, long counter, String body) {
    return new Document(
        DocumentType.RELEASE, overlay, counter, List.of(), Instant.EPOCH, body, List.of());
  }

  private static Document signed(Document document, SigningKey key) {
    return document.signedBy(key.privateKey(), key.publicKey());
  }

  private static void assertRefused(String machine, String what, String text) throws Exception {
    long before = refusals(machine);
    OfferAnswer answer = demo.peer(machine).offer(text);
    assertEquals(Verdict.REFUSED, answer.verdict(), what + ": " + answer);
    assertEquals(1, answer.reason().lines().count(), what + ": " + answer);
    assertEquals(before + 1, refusals(machine), what + " at " + machine);
  }

  private static long refusals(String machine) throws Exception {
    return demo
        .peer(machine)
        .events(new EventsQuery(null, null, 10_000, List.of()))
        .events()
        .stream()
        .filter(event -> event.kind().equals("refuse"))
        .count();
  }

  /** It is the running release with one file more, so that nothing else can be wrong with it. */
  @Test
  @Order(6)
  void anAlteredFileIsNotKeptAndTheRightOneIs() throws Exception {
    byte[] right = "a file that no bundle needs".getBytes(StandardCharsets.UTF_8);
    byte[] altered = "a file that no bundle needs!".getBytes(StandardCharsets.UTF_8);
    altered[0] ^= 1;
    byte[] same = Arrays.copyOf(altered, right.length);
    String hash = Hashes.of(right);
    demo.reopen();
    Release running =
        Release.ofBody(Document.parse(demo.line(FIRST, "state/release-" + adopted) + "\n").body());
    List<Blob> blobs = new ArrayList<>(running.blobs());
    blobs.add(new Blob(hash, right.length, Kind.BUNDLE, "org/smon/more.jar"));
    String next = nextVersion();
    Plan plan = new Plan(Waves.ONE, 1);
    Release more = new Release(next, running.wireMin(), running.wireMax(), plan, blobs);
    Document document = demo.home().sign(DocumentType.RELEASE, more.body());
    PeerApi peer = demo.peer(FIRST);
    assertEquals(Verdict.ADOPTED, peer.offer(document.text()).verdict());

    assertThrows(RefusedException.class, () -> peer.takeBlob(hash, 0, same));
    assertEquals(List.of(), demo.files(FIRST, "blobs/" + hash));
    assertThrows(RefusedException.class, () -> peer.takeBlob(hash, 0, altered), "too long");
    assertThrows(RefusedException.class, () -> peer.takeBlob("b".repeat(64), 0, right), "unnamed");
    assertEquals(List.of(), demo.files(FIRST, "blobs/" + hash));
    assertEquals(new BlobReceipt(0, false), peer.takeBlob(hash, 0, new byte[0]));
    assertEquals(new BlobReceipt(right.length, true), peer.takeBlob(hash, 0, right));
    nowRuns(next);
  }

  /** Above all that were published. */
  private static String nextVersion() {
    String highest =
        releases().stream().map(ReleaseLine::version).max(Comparator.naturalOrder()).orElseThrow();
    int dot = highest.lastIndexOf('.') + 1;
    return highest.substring(0, dot) + (Integer.parseInt(highest.substring(dot)) + 1);
  }

  /** These restart processes and wait them out: minutes that not every build has. */
  private static void assumeThorough() {
    assumeTrue(
        Boolean.getBoolean("smon.upgrade.thorough"),
        "takes minutes: asked for by -Dsmon.upgrade.thorough=true");
  }

  @Test
  @Order(7)
  void neitherASickMachineNorAKilledPeerStopsAGoodRelease() throws IOException {
    assumeThorough();
    String sick = "127.0.1.2";
    String next = nextVersion();
    Path inTheWay = demo.files(sick, "repository/org/smon/smon-gossip").get(0).resolve(next);
    // Where a directory has to be; a file would be swept, and root may write anywhere.
    Files.createSymbolicLink(inTheWay, Path.of("nowhere"));
    Process publishing = upgrades.begin();
    String[] hit = new String[1];
    assertTrue(
        Await.glimpsed(
            HEAL_SECONDS,
            () -> {
              hit[0] = upgrades.onTrial().filter(m -> !m.equals(sick)).findFirst().orElse(null);
              return hit[0] != null;
            }),
        "nobody tries it");
    demo.peers(hit[0]).forEach(Proc::kill);
    assertEquals(adopted, upgrades.installed(hit[0]), "what its fellows start");
    List<String> well = demo.machines.stream().filter(m -> !m.equals(sick)).toList();
    Await.until(
        "all but " + sick + " run " + next,
        HEAL_SECONDS,
        demo::status,
        () -> well.stream().allMatch(m -> upgrades.runs(m, next)));
    Await.until("the verdict", HEAL_SECONDS, UpgradeIT::releases, () -> isAdopted(newest()));
    publishing.destroy();
    assertTrue(why(hit[0], "swap").stream().filter(c -> c.contains(next)).count() >= 2, hit[0]);
    assertEquals(version, demo.status(sick).release());
    assertEquals("rolled-back", demo.status(sick).releaseState());
    assertTrue(demo.status(sick).reason().contains(next), demo.status(sick)::toString);
    Files.delete(inTheWay);
  }

  private static boolean isAdopted(ReleaseLine line) {
    return line.state() == ReleasesAnswer.State.adopted;
  }

  private static List<String> why(String machine, String kind) {
    return demo.smon.run("why", machine, "--json").done().json(WhyAnswer.class).events().stream()
        .filter(event -> event.kind().equals(kind))
        .map(Event::cause)
        .toList();
  }

  private record WhyAnswer(String machine, List<Event> events) {}

  @Test
  @Order(8)
  void aRevertIsTheSetBeforeAsANewerRelease() {
    Map<String, Long> before = upgrades.pids();
    long counter = newest().counter();
    String formerly = demo.status().release().previous();
    Upgrade.Outcome outcome = Upgrades.outcome(upgrades.publish("--revert").done());
    assertTrue(outcome.isAdopted(), outcome::toString);
    assertTrue(outcome.counter() > counter, outcome::toString);
    assertEquals(formerly, outcome.version());
    nowRuns(formerly);
    assertEquals(before, upgrades.pids());
  }

  @Test
  @Order(9)
  void aRuntimeThatDoesNotStartIsRefusedWhileTheOldOneRuns() throws IOException {
    assumeThorough();
    Map<String, Long> before = upgrades.pids();
    Path release = upgrades.withRuntime("bin/peer", "#!/bin/sh\nexit 1\n", nextVersion());
    Smon.Result result = upgrades.publish(release);
    assertEquals(1, result.exit(), result::toString);
    assertTrue(Upgrades.outcome(result).isQuarantined(), result::toString);
    StatusAnswer status = demo.status();
    assertTrue(
        status.machines().stream()
            .anyMatch(m -> String.valueOf(m.reason()).contains("runtime does not come up")),
        status::toString); // the asked peer may have heard of the quarantine only
    assertOldSetRuns();
    assertEquals(before, upgrades.pids());
  }

  @Test
  @Order(10)
  void anotherRuntimeIsTakenByAStagedRestart() throws IOException {
    assumeThorough();
    Map<String, Long> before = upgrades.pids();
    String next = nextVersion();
    Path release = upgrades.withRuntime("bin/peer", null, next);
    Upgrade.Outcome outcome = Upgrades.outcome(upgrades.publish(release).done());
    assertTrue(outcome.isAdopted(), outcome::toString);
    nowRuns(next);
    Map<String, Long> after = upgrades.pids();
    demo.machines.forEach(m -> assertNotEquals(before.get(m), after.get(m), m));
    String runtime = demo.line(FIRST, "state/installed").split(" ")[1];
    for (String machine : demo.machines) {
      assertTrue(demo.peers(machine).get(0).arguments().contains("runtime/" + runtime), machine);
    }
  }

  @Test
  @Order(90)
  void inAllThatTimeNoMachineEverHadTwoPeers() {
    assertEquals(List.of(), demo.census().offences());
  }
}
