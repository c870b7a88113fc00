// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Release;
import org.smon.api.Release.Blob;
import org.smon.api.Release.Waves;
import org.smon.wire.StatusAnswer;

/** A release is published whole and by its signer, or not at all (R20, R22, R52). */
class UpgradeTest {
  private static final int MACHINES = 5;

  @TempDir private Path user;
  private DiskPeers peers;
  private FakeRollout rollout;
  private Cli cli;

  @BeforeEach
  void deploy() throws IOException {
    peers = new DiskPeers(user, MACHINES);
    Files.delete(peers.home.lastPeerFile()); // as before the first deployment
    Path shipped = TestRelease.at(user.resolve("shipped"), "1.0.0");
    peers.home.release(new Distribution(shipped));
    Files.writeString(peers.home.lastPeerFile(), DiskPeers.name(0) + "\n");
    rollout = new FakeRollout(peers, MACHINES);
    peers.more = rollout;
    peers.start(0, 1, 2);
    cli = new Cli(user).with("SMON_HOME", peers.home.directory().toString());
  }

  @AfterEach
  void close() {
    peers.close();
  }

  private Cli.Outcome upgrade(Path release, String... options) {
    Stream<String> words = Stream.of("upgrade", release.toString());
    return cli.run(Stream.concat(words, Stream.of(options)).toArray(String[]::new));
  }

  private Path folder(String version) throws IOException {
    return TestRelease.at(user.resolve("release-" + version), version);
  }

  /** What peers hold as the newest. */
  private Document published() {
    return peers.onDisk(0).held(DocumentType.RELEASE).orElseThrow();
  }

  private static Blob gossip(Document document) {
    return Release.ofBody(document.body()).blobs().stream()
        .filter(blob -> blob.path().contains("smon-gossip"))
        .findFirst()
        .orElseThrow();
  }

  private ClientHome home() {
    return ClientHome.open(peers.home.directory());
  }

  @Test
  void aGoodReleaseIsOnThreeDisksItsFilesAtThreePeersAndItsVerdictRemembered() throws IOException {
    Cli.Outcome outcome = upgrade(folder("1.0.1"), "--probation", "5").exits(0);
    assertTrue(
        outcome.out().contains("release 1.0.1 is adopted by 5 of 5 machines"), outcome.out());
    assertTrue(outcome.err().contains("release 2 is on 3 disks"), outcome.err());
    Release release = Release.ofBody(published().body());
    assertEquals("1.0.1", release.version());
    assertEquals(new Release.Plan(Waves.GROWING, 5), release.plan());
    assertEquals(3, rollout.holders(gossip(published())));
    assertEquals(published(), home().releases().deployable().orElseThrow());
    assertEquals(
        "1.0.0", Release.ofBody(home().releases().previous().orElseThrow().body()).version());
  }

  @Test
  void onlyWhatChangedIsSentInPiecesOfAMebibyte() throws IOException {
    upgrade(folder("1.0.1")).exits(0);
    List<String> toOne =
        rollout.pieces.stream().filter(piece -> piece.startsWith(first() + " ")).toList();
    // gossip of 1.1 MB in two pieces, and the features repository
    assertEquals(
        List.of(first() + " 0", first() + " 0", first() + " 1048576"),
        toOne.stream().sorted().toList());
  }

  private String first() {
    return rollout.pieces.get(0).split(" ")[0];
  }

  @Test
  void whatAPeerHasOfAFileIsNotSentAgain() throws IOException {
    for (int i = 0; i < MACHINES; i++) {
      rollout.failing.add(DiskPeers.name(i));
    }
    String told = upgrade(folder("1.0.1"), "--timeout", "0").exits(3).err();
    assertTrue(told.contains("no peer has its files"), told);
    assertTrue(told.contains("No space left on device; run this again"), told);
    rollout.pieces.clear();
    upgrade(folder("1.0.1")).exits(0);
    assertEquals(2, published().counter(), "published once");
    assertEquals(List.of("1048576", "1048576", "1048576"), places(), "the piece that failed");
  }

  private List<String> places() {
    return rollout.pieces.stream().map(piece -> piece.split(" ")[1]).toList();
  }

  @Test
  void aQuarantinedReleaseEndsWithItsReasonAndIsNeverDeployed() throws IOException {
    rollout.quarantines = true;
    Cli.Outcome outcome = upgrade(folder("1.0.1")).exits(1);
    assertTrue(outcome.out().contains("release 1.0.1 is quarantined"), outcome.out());
    assertTrue(outcome.out().contains("it throws"), outcome.out());
    assertTrue(outcome.out().contains("127.0.0.12      refused it: it throws"), outcome.out());
    assertEquals(
        "1.0.0", Release.ofBody(home().releases().deployable().orElseThrow().body()).version());
    String told = upgrade(folder("1.0.1")).exits(1).err();
    assertTrue(told.contains("is quarantined; --force publishes it all the same"), told);
    assertEquals(2, published().counter());
  }

  @Test
  void forceLiftsTheQuarantineOfTheNewest() throws IOException {
    rollout.quarantines = true;
    upgrade(folder("1.0.1")).exits(1);
    rollout.quarantines = false;
    Cli.Outcome outcome = cli.run("upgrade", "--force").exits(0);
    assertTrue(outcome.out().contains("adopted by 5 of 5"), outcome.out());
    assertEquals(Waves.FORCED, Release.ofBody(published().body()).plan().waves());
    assertEquals(3, published().counter());
    String told = cli.run("upgrade", "--force").exits(1).err();
    assertTrue(told.contains("is not quarantined"), told);
  }

  @Test
  void revertPublishesTheSetBeforeAsANewerRelease() throws IOException {
    Release before = Release.ofBody(published().body());
    upgrade(folder("1.0.1")).exits(0);
    rollout.pieces.clear();
    Cli.Outcome outcome = cli.run("upgrade", "--revert", "--fast").exits(0);
    assertTrue(outcome.out().contains("going back to the files of release 1.0.0"), outcome.out());
    Release now = Release.ofBody(published().body());
    assertEquals(before.blobs(), now.blobs());
    assertEquals(Waves.ONE, now.plan().waves());
    assertEquals(3, published().counter());
    assertEquals(published(), home().releases().deployable().orElseThrow());
  }

  @Test
  void revertIsToTheSetBeforeAlsoIfAMachineIsAskedThatRefusedTheNewest() throws IOException {
    upgrade(folder("1.0.1")).exits(0);
    upgrade(folder("1.0.2")).exits(0);
    rollout.asked = new StatusAnswer.ReleaseView("1.0.1", "1.0.0");
    Cli.Outcome outcome = cli.run("upgrade", "--revert").exits(0);
    assertTrue(outcome.out().contains("going back to the files of release 1.0.1"), outcome.out());
  }

  @Test
  void revertIsRefusedWhereThereIsNothingBeforeOrAllIsBackAlready() throws IOException {
    String told = cli.run("upgrade", "--revert").exits(1).err();
    assertTrue(told.contains("there is no release before release 1.0.0"), told);
    rollout.quarantines = true;
    upgrade(folder("1.0.1")).exits(1);
    told = cli.run("upgrade", "--revert").exits(1).err();
    assertTrue(told.contains("every machine is back on release 1.0.0"), told);
    assertEquals(2, published().counter());
  }

  @Test
  void aHomeWithoutTheSetBeforeGetsItsManifestFromAPeer() throws IOException {
    Document first = published();
    upgrade(folder("1.0.1")).exits(0);
    FileTrees.delete(peers.home.directory().resolve("releases"));
    String told = cli.run("upgrade", "--revert").exits(1).err();
    assertTrue(told.contains("has the manifest of release 1.0.0"), told);
    rollout.served.put(first.hash(), first);
    cli.run("upgrade", "--revert").exits(0);
    assertEquals("1.0.0", Release.ofBody(published().body()).version());
  }

  @Test
  void aMachineThatRefusesAloneIsNamedAndStopsNothing() throws IOException {
    rollout.sick.add(DiskPeers.name(3));
    Cli.Outcome outcome = upgrade(folder("1.0.1")).exits(0);
    assertTrue(outcome.out().contains("adopted by 4 of 5"), outcome.out());
    assertTrue(
        outcome.out().contains("127.0.0.14      refused it: its disk is full"), outcome.out());
  }

  @Test
  void aRolloutThatDoesNotEndInTimeIsNotConvergence() throws IOException {
    rollout.stalls = true;
    Cli.Outcome outcome = upgrade(folder("1.0.1"), "--timeout", "1").exits(3);
    assertTrue(outcome.out().contains("127.0.0.11      has not adopted it"), outcome.out());
    assertEquals(
        "1.0.0", Release.ofBody(home().releases().deployable().orElseThrow().body()).version());
  }

  @Test
  void releasesAndStatusShowWhatRunsWhere() throws IOException {
    upgrade(folder("1.0.1")).exits(0);
    rollout.quarantines = true;
    upgrade(folder("1.0.2")).exits(1);
    String releases = cli.run("releases").exits(0).out();
    assertTrue(
        releases.contains("1.0.2    quarantined  -     0        0         5        it throws"),
        releases);
    assertTrue(
        releases.contains("1.0.1    superseded   -     5")
            || releases.contains("1.0.1    adopted      -     5"),
        releases);
    String json = cli.run("releases", "--json").exits(0).out();
    assertTrue(json.contains("\"state\": \"quarantined\""), json);
    String status = cli.run("status").exits(0).out();
    assertTrue(status.contains("RELEASE STATE") && status.contains("rolled-back"), status);
    assertTrue(status.contains("release 1.0.1 (before: 1.0.0)"), status);
  }

  @Test
  void anArchiveHoldsAllButTheRuntimeThatRunsAndIsTheSameEachTime() throws IOException {
    Path file = user.resolve("r.zip");
    String told = build(folder("1.0.1"), file).exits(0).out();
    assertTrue(told.contains("release 1.0.1 of 4 files, 2 of them new"), told);
    byte[] once = Files.readAllBytes(file);
    build(folder("1.0.1"), file).exits(0);
    assertEquals(-1, Arrays.mismatch(once, Files.readAllBytes(file)));
    try (java.util.zip.ZipFile zip = new java.util.zip.ZipFile(file.toFile())) {
      assertEquals(
          List.of("manifest", "signature"), zip.stream().limit(2).map(e -> e.getName()).toList());
      assertFalse(zip.stream().anyMatch(e -> e.getName().equals("runtime.tar.gz")));
    }
    upgrade(file).exits(0);
    assertEquals(3, rollout.holders(gossip(published())));
  }

  private Cli.Outcome build(Path folder, Path file) {
    return cli.run("release", "build", folder.toString(), "-o", file.toString());
  }

  @Test
  void whatIsWrongWithAReleaseIsOneLineAndNothingIsPublished() throws IOException {
    refused("there is no release " + user.resolve("none"), user.resolve("none"));
    refused("it has no manifest", Files.createDirectory(user.resolve("empty")));
    refused("nothing changed: release 1.0.0 has the same files", user.resolve("shipped"));

    Path evil = folder("1.0.3");
    Path manifest = evil.resolve("manifest");
    String body = Files.readString(manifest);
    Files.writeString(manifest, body.replace("org/smon/smon-gossip", "../smon-gossip"));
    refused("is not a safe path", evil);
    Files.writeString(manifest, body.replaceFirst("blob [0-9a-f]{4}", "blob 0000"));
    refused("was altered", evil);
    Files.writeString(manifest, body);
    Files.write(evil.resolve(gossipPath("1.0.3")), new byte[10]);
    refused("was altered", evil);
    Files.delete(evil.resolve(gossipPath("1.0.3")));
    refused("did not come with it and is in no release", evil);

    refused("is not above 1.0.0", folder("0.9.9"));
    refused(
        "smon-api-1.0.0.jar was published before with other bytes",
        new TestRelease(user.resolve("same")).bundle("smon-api", "1.0.0", 7, 7).write("1.0.4"));
    refused(
        "names org/x/y/1/y-1.jar, which is neither in the release nor in its runtime",
        new TestRelease(user.resolve("far")).names("mvn:org.x/y/1").write("1.0.4"));
    refused(
        "can only install mvn:",
        new TestRelease(user.resolve("web")).names("http://x/y.jar").write("1.0.4"));
  }

  private static String gossipPath(String version) {
    return "org/smon/smon-gossip/%s/smon-gossip-%s.jar".formatted(version, version);
  }

  private void refused(String why, Path release) {
    Cli.Outcome outcome = upgrade(release).exits(1);
    assertTrue(outcome.err().contains(why), outcome.err());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
    assertFalse(outcome.err().contains("internal error"), outcome.err());
    assertEquals(1, published().counter());
    assertEquals(1, home().documents().held(DocumentType.RELEASE).orElseThrow().counter());
  }

  @Test
  void anArchiveCutOrAlteredAnywhereIsRefused() throws IOException {
    Path file = user.resolve("r.zip");
    build(folder("1.0.1"), file).exits(0);
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 10, 5_000, whole.length / 2, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      refused("is not a whole release archive", file);
    }
    for (int at = 40; at < whole.length - 200; at += whole.length / 7) {
      byte[] altered = whole.clone();
      altered[at] ^= 1;
      Files.write(file, altered);
      refused(file.getFileName().toString(), file, at);
    }
  }

  private void refused(String why, Path release, int at) {
    Cli.Outcome outcome = upgrade(release);
    assertEquals(1, outcome.status(), () -> "altered at " + at + ": " + outcome);
    assertEquals(1, outcome.err().lines().count(), outcome.err());
    assertFalse(outcome.err().contains("internal error"), () -> at + ": " + outcome.err() + why);
    assertEquals(1, published().counter());
  }

  @Test
  void anArchiveOfAnotherOverlayIsRefusedAndOneSignedByNobodyToo() throws IOException {
    Path other = user.resolve("other");
    Cli stranger = new Cli(user).with("SMON_HOME", other.toString());
    stranger.run("init", "--user", "op").exits(0);
    Path file = user.resolve("r.zip");
    stranger.run("release", "build", folder("1.0.1").toString(), "-o", file.toString()).exits(0);
    refused("is a release for another overlay", file);
    build(folder("1.0.1"), file).exits(0);
    Files.copy(
        ClientHome.operatorKeyFile(other),
        ClientHome.operatorKeyFile(peers.home.directory()),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Path forged = user.resolve("forged.zip");
    build(folder("1.0.1"), forged).exits(0);
    refused("signed by nobody who is an operator", forged);
  }

  @Test
  void withoutAPeerNothingIsPublished() throws IOException {
    peers.close();
    String told = upgrade(folder("1.0.1")).exits(1).err();
    assertTrue(told.contains("no peer answers"), told);
    assertEquals(1, home().documents().held(DocumentType.RELEASE).orElseThrow().counter());
    told = cli.run("releases").exits(1).err();
    assertTrue(told.contains("no peer answers"), told);
  }

  @Test
  void whatToPublishHasToBeSaidOnce() {
    cli.run("upgrade").exits(2);
    cli.run("upgrade", "x", "--revert").exits(2);
    cli.run("upgrade", "x", "--force", "--fast").exits(2);
    assertTrue(
        cli.run("upgrade", "x", "--probation", "0").exits(1).err().contains("probation of 0 s"));
  }
}
