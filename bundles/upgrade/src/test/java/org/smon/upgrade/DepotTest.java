// SPDX-License-Identifier: Apache-2.0
package org.smon.upgrade;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Document;
import org.smon.api.Hashes;
import org.smon.api.InvalidInputException;
import org.smon.api.Release;
import org.smon.api.Release.Blob;
import org.smon.api.Release.Kind;

/**
 * What a release lacks here is fetched once, in pieces, and nothing else gets in (R19, R21, R22).
 */
class DepotTest {
  private static final byte[] CONTENT = Bench.content("gossip", "1.0.1");
  private static final Blob BLOB = Bench.blob("gossip", "1.0.1");

  @TempDir private Path temp;
  private Bench bench;
  private Depot depot;

  @BeforeEach
  void install() throws IOException {
    bench = new Bench(temp.resolve("a root"));
    bench.installed("1.0.0");
    depot = new Depot(bench.root, bench.blobs);
  }

  private static InputStream piece(int from, int to) {
    return new ByteArrayInputStream(Arrays.copyOfRange(CONTENT, from, to));
  }

  @Test
  void onlyWhatChangedIsMissing() {
    assertEquals(List.of(BLOB), depot.missing(Bench.release("1.0.1")));
    assertEquals(List.of(), depot.missing(Bench.release("1.0.0")));
  }

  @Test
  void aBlobIsGoneOnWithWhereItWasLeftAlsoByAnotherProcess() throws IOException {
    assertEquals(100, depot.append(BLOB, 0, piece(0, 100)));
    assertFalse(depot.has(BLOB));
    Depot after = new Depot(bench.root, bench.blobs);
    assertEquals(100, after.begun(BLOB));
    assertEquals(CONTENT.length, after.append(BLOB, 100, piece(100, CONTENT.length)));
    assertTrue(after.has(BLOB));
    assertArrayEquals(CONTENT, Files.readAllBytes(bench.blobs.find(BLOB.sha256()).orElseThrow()));
    assertEquals(0, after.begun(BLOB));
  }

  @Test
  void aPieceThatDoesNotFollowChangesNothing() throws IOException {
    depot.append(BLOB, 0, piece(0, 100));
    assertEquals(100, depot.append(BLOB, 200, piece(200, 300)));
    assertEquals(100, depot.append(BLOB, 0, piece(0, 100)));
  }

  @Test
  void anAlteredBlobIsNoBlobAndIsBegunAnew() throws IOException {
    byte[] altered = CONTENT.clone();
    altered[7] ^= 1;
    assertThrows(IOException.class, () -> depot.append(BLOB, 0, new ByteArrayInputStream(altered)));
    assertFalse(depot.has(BLOB));
    assertEquals(0, depot.begun(BLOB));
    depot.append(BLOB, 0, piece(0, CONTENT.length));
    assertTrue(depot.has(BLOB));
  }

  @Test
  void moreThanTheSignedSizeIsNotTaken() throws IOException {
    byte[] more = Arrays.copyOf(CONTENT, CONTENT.length + 100_000);
    String told =
        assertThrows(IOException.class, () -> depot.append(BLOB, 0, new ByteArrayInputStream(more)))
            .getMessage();
    assertTrue(told.contains("more than the signed"), told);
    assertFalse(depot.has(BLOB));
  }

  @Test
  void aStagedReleaseLiesBesideTheOneThatRuns() throws IOException {
    Document next = bench.published(Bench.release("1.0.1"));
    bench.bring("gossip", "1.0.1");
    depot.stage(next);
    depot.stage(next);
    Path repository = bench.root.resolve("repository/org/smon/smon-gossip");
    assertTrue(Files.exists(repository.resolve("1.0.0/smon-gossip-1.0.0.jar")));
    assertTrue(Files.exists(repository.resolve("1.0.1/smon-gossip-1.0.1.jar")));
    Path manifest = bench.root.resolve("state/release-" + next.hash());
    assertEquals(next.text(), Files.readString(manifest));
  }

  @Test
  void anArtifactThatChangedWithoutAnotherVersionIsRefused() throws IOException {
    byte[] other = "other bytes".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    bench.blobs.store(Hashes.of(other), new ByteArrayInputStream(other));
    Blob same =
        new Blob(Hashes.of(other), other.length, Kind.BUNDLE, Bench.blob("gossip", "1.0.0").path());
    Document next = bench.published(new Release("1.0.1", 1, 1, List.of(same)));
    String told = assertThrows(InvalidInputException.class, () -> depot.stage(next)).getMessage();
    assertTrue(told.contains("smon-gossip-1.0.0.jar is another file"), told);
    assertFalse(Files.exists(bench.root.resolve("state/release-" + next.hash())));
  }

  @Test
  void whatNoKeptReleaseNamesIsRemoved() throws IOException {
    Document first = bench.releases.adopted().orElseThrow();
    Document next = bench.published(Bench.release("1.0.1"));
    bench.bring("gossip", "1.0.1");
    depot.stage(next);
    depot.sweep(List.of(first, next));
    assertTrue(depot.has(Bench.blob("gossip", "1.0.0")));
    depot.sweep(List.of(next));
    Depot after = new Depot(bench.root, new org.smon.store.FileBlobs(bench.root.resolve("blobs")));
    assertFalse(after.has(Bench.blob("gossip", "1.0.0")));
    assertTrue(after.has(BLOB));
    assertTrue(after.has(Bench.blob("api", "1.0.0")));
    assertFalse(Files.exists(bench.root.resolve("state/release-" + first.hash())));
    assertFalse(
        Files.exists(
            bench.root.resolve("repository").resolve(Bench.blob("gossip", "1.0.0").path())));
    assertTrue(bench.documents.held(org.smon.api.DocumentType.LIST).isPresent());
  }

  @Test
  void aRehearsedBlobComesOverTheWireAndIsNotKept() throws IOException {
    Path came = depot.rehearse(BLOB.sha256(), BLOB.size(), piece(0, CONTENT.length));
    assertArrayEquals(CONTENT, Files.readAllBytes(came));
    assertFalse(depot.has(BLOB));
    assertThrows(IOException.class, () -> depot.rehearse(BLOB.sha256(), BLOB.size(), piece(0, 10)));
  }
}
