// SPDX-License-Identifier: Apache-2.0
package org.smon.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents.Offer;
import org.smon.api.Documents.Offer.Verdict;
import org.smon.api.InvalidInputException;
import org.smon.api.Livetag;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.Settings;
import org.smon.api.State;
import org.smon.security.OperatorTrust;
import org.smon.security.SigningKey;
import org.smon.store.FileState;

/** Documents on a disk that loses parts of files, or has no room left (R54). */
class DamagedDocumentsTest {
  private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");

  private final SigningKey operator = SigningKey.generate();
  private final Document genesis = signed(Document.genesis(settings().body(), NOW));
  private final Document on = signed(first(DocumentType.LIVETAG, Livetag.on().body()));
  private final Document off = signed(on.next(Livetag.off(600).body(), NOW));
  private final Document list = signed(first(DocumentType.LIST, body("a")));

  @TempDir Path directory;
  private final List<String> damage = new ArrayList<>();

  /** A disk that can be full. */
  private static final class Disk implements State {
    private final State state;
    private boolean full;

    Disk(Path directory) throws IOException {
      state = new FileState(directory);
    }

    @Override
    public Optional<byte[]> read(String name) throws IOException {
      return state.read(name);
    }

    @Override
    public void write(String name, byte[] value) throws IOException {
      if (full) {
        throw new IOException("cannot write " + name + ": No space left on device");
      }
      state.write(name, value);
    }

    @Override
    public void delete(String name) throws IOException {
      state.delete(name);
    }
  }

  private Disk disk;
  private HeldDocuments documents;

  @BeforeEach
  void found() throws IOException {
    disk = new Disk(directory);
    documents = HeldDocuments.found(disk, new OperatorTrust(), genesis);
    documents.offer(list);
    documents.offer(on);
  }

  @Test
  void aLivetagCutAtAnyLengthGivesTheGenerationBeforeAndSaysSo() throws IOException {
    documents.offer(off);
    byte[] whole = Files.readAllBytes(directory.resolve("doc-livetag"));
    for (int length = 0; length < whole.length; length++) {
      cut("doc-livetag", whole, length);
      damage.clear();
      assertTrue(reopened().livetag().value(), "cut at " + length);
      assertEquals(1, damage.size(), damage::toString);
      assertTrue(damage.get(0).startsWith("doc-livetag is damaged ("), damage::toString);
      assertTrue(damage.get(0).endsWith("using doc-livetag.prev, version 1"), damage::toString);
    }
    cut("doc-livetag", whole, whole.length);
    damage.clear();
    assertFalse(reopened().livetag().value());
    assertEquals(List.of(), damage);
  }

  @Test
  void aFoundingDocumentCutAtAnyLengthIsReadFromItsSecondCopy() throws IOException {
    byte[] whole = Files.readAllBytes(directory.resolve("doc-genesis"));
    for (int length = 0; length < whole.length; length++) {
      cut("doc-genesis", whole, length);
      damage.clear();
      assertEquals(genesis.hash(), reopened().overlayId(), "cut at " + length);
      assertTrue(damage.toString().contains("doc-genesis.prev"), damage::toString);
    }
  }

  @Test
  void withoutAnyWholeFoundingDocumentOneLineSaysWhatIsDamaged() throws IOException {
    cut("doc-genesis", new byte[0], 0);
    cut("doc-genesis.prev", new byte[0], 0);
    InvalidInputException e = assertThrows(InvalidInputException.class, this::reopened);
    assertTrue(
        e.getMessage().contains("founding document of the overlay is damaged"), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  @Test
  void aTypeOfWhichNothingIsWholeComesFromOthersAgain() throws IOException {
    cut("doc-livetag", new byte[0], 0);
    HeldDocuments again = reopened();
    assertTrue(damage.toString().contains("doc-livetag is damaged"), damage::toString);
    assertTrue(damage.toString().contains("others have it"), damage::toString);
    assertEquals(Verdict.ADOPTED, again.offer(off).verdict());
  }

  @Test
  void aDocumentThatANewerReleaseSignedIsRefusedAndOnDiskPassedOver() throws IOException {
    Document future = signed(on.next("value perhaps\nquietSeconds 600\n", NOW));
    Offer offer = documents.offer(future);
    assertEquals(Verdict.REFUSED, offer.verdict());
    assertTrue(offer.reason().contains("is malformed"), offer.reason());
    assertEquals(1, offer.reason().lines().count());
    assertEquals(on, documents.held(DocumentType.LIVETAG).orElseThrow());
    documents.offer(off);
    byte[] text = future.text().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    cut("doc-livetag", text, text.length); // a visitor over ssh does not look into it
    assertTrue(reopened().livetag().value());
    assertTrue(damage.toString().contains("doc-livetag.prev"), damage::toString);
  }

  @Test
  void onAFullDiskAListIsRefusedAndTheHeldOneStays() throws IOException {
    disk.full = true;
    Offer offer = documents.offer(signed(list.next(body("b"), NOW)));
    assertEquals(Verdict.REFUSED, offer.verdict());
    assertTrue(offer.reason().contains("No space left on device"), offer.reason());
    assertTrue(documents.list().contains("a"));
    assertTrue(reopened().list().contains("a"));
  }

  @Test
  void onAFullDiskLivetagFalseIsObeyedButNotAcknowledged() throws IOException {
    List<Document> told = new ArrayList<>();
    documents.subscribe(told::add);
    disk.full = true;
    Offer offer = documents.offer(off);
    assertEquals(Verdict.REFUSED, offer.verdict());
    assertTrue(offer.reason().contains("obeyed until this process ends"), offer.reason());
    assertFalse(documents.livetag().value());
    assertEquals(List.of(off), told);
    assertTrue(reopened().livetag().value());
    assertEquals(Verdict.REFUSED, documents.offer(off).verdict());
    disk.full = false;
    assertEquals(Verdict.KNOWN, documents.offer(off).verdict());
    assertFalse(reopened().livetag().value());
    assertEquals(List.of(off), told);
  }

  @Test
  void onAFullDiskLivetagTrueIsNotBelieved() throws IOException {
    documents.offer(off);
    disk.full = true;
    Document again = signed(off.next(Livetag.on().body(), NOW));
    assertEquals(Verdict.REFUSED, documents.offer(again).verdict());
    assertFalse(documents.livetag().value());
  }

  private HeldDocuments reopened() throws IOException {
    return new HeldDocuments(new FileState(directory), new OperatorTrust(), damage::add);
  }

  /** A new file, or the hard link of the generation before would be cut too. */
  private void cut(String name, byte[] whole, int length) throws IOException {
    Files.deleteIfExists(directory.resolve(name));
    Files.write(directory.resolve(name), Arrays.copyOf(whole, length));
  }

  private Document signed(Document document) {
    return document.signedBy(operator.privateKey(), operator.publicKey());
  }

  private Document first(DocumentType type, String body) {
    return Document.first(type, genesis.hash(), body, NOW);
  }

  private static String body(String machine) {
    return new MachineList(List.of(Machine.parse(machine)), List.of()).body();
  }

  private Settings settings() {
    List<String> keys = List.of(operator.publicText());
    return new Settings("demo", keys, List.of(), "me", 7600, "id", 5000, 2000);
  }
}
