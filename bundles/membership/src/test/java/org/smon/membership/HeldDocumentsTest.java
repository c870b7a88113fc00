// SPDX-License-Identifier: Apache-2.0
package org.smon.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
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

class HeldDocumentsTest {
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

  private final SigningKey operator = SigningKey.generate();
  private final SigningKey second = SigningKey.generate();
  private final Document genesis = signed(Document.genesis(settings(operator).body(), NOW));
  private final Document list = signed(first(DocumentType.LIST, body("a")));
  private final Document newerList = signed(list.next(body("b"), NOW));

  @TempDir Path directory;
  private State state;
  private HeldDocuments documents;

  @BeforeEach
  void found() throws IOException {
    state = new FileState(directory);
    documents = HeldDocuments.found(state, new OperatorTrust(), genesis);
  }

  @Test
  void aNewOverlayHoldsItsSettingsAlone() {
    assertEquals(genesis.hash(), documents.overlayId());
    assertEquals(Optional.of(genesis), documents.held(DocumentType.SETTINGS));
    assertEquals(1, documents.versions().counter(DocumentType.SETTINGS));
    assertEquals(0, documents.versions().counter(DocumentType.LIST));
    assertEquals(MachineList.EMPTY, documents.list());
    assertTrue(documents.livetag().value());
  }

  @Test
  void aNewerDocumentIsOnDiskBeforeItIsToldOf() {
    List<String> onDisk = new ArrayList<>();
    documents.subscribe(document -> onDisk.add(reopened().list().toString()));
    assertEquals(Verdict.ADOPTED, offer(list).verdict());
    assertEquals(Verdict.KNOWN, offer(list).verdict());
    assertEquals(Verdict.ADOPTED, offer(newerList).verdict());
    assertEquals(Verdict.OLDER, offer(list).verdict());
    assertEquals(List.of("1 machines, 0 removed", "1 machines, 0 removed"), onDisk);
    assertTrue(reopened().list().contains("b"));
    assertEquals(documents.versions(), reopened().versions());
  }

  @Test
  void aForgedDocumentIsRefusedAndChangesNothing() {
    offer(list);
    Document forged = by(second, list.next(body("x"), NOW));
    Offer offer = offer(forged);
    assertEquals(Verdict.REFUSED, offer.verdict());
    assertEquals(1, offer.reason().lines().count());
    assertTrue(reopened().list().contains("a"));
  }

  @Test
  void amongTwoOfOneCounterAllPeersPickTheSame() throws Exception {
    Document one = signed(list.next(body("x"), NOW));
    Document other = signed(list.next(body("y"), NOW));
    offer(list);
    offer(one);
    offer(other);
    State elsewhere = new FileState(directory.resolve("other"));
    HeldDocuments fellow = HeldDocuments.found(elsewhere, new OperatorTrust(), genesis);
    fellow.offer(other);
    fellow.offer(one);
    assertEquals(documents.versions(), fellow.versions());
  }

  @Test
  void theLoserOfTwoEditsFromOneVersionIsKeptWhicheverCameFirst() {
    offer(list);
    Document[] rivals = rivals(list);
    for (boolean winnerFirst : new boolean[] {true, false}) {
      HeldDocuments held = elsewhere("winner first " + winnerFirst);
      held.offer(list);
      List<String> told = new ArrayList<>();
      held.subscribe(
          new Documents.Listener() {
            @Override
            public void adopted(Document document) {
              told.add("adopted " + document.hash());
            }

            @Override
            public void conflict(Document winner, Document loser) {
              told.add("conflict " + winner.hash() + " " + loser.hash());
            }
          });
      Verdict first = held.offer(winnerFirst ? rivals[0] : rivals[1]).verdict();
      Verdict second = held.offer(winnerFirst ? rivals[1] : rivals[0]).verdict();
      assertEquals(Verdict.ADOPTED, first);
      assertEquals(winnerFirst ? Verdict.CONFLICT : Verdict.ADOPTED, second);
      assertEquals(rivals[0], held.held(DocumentType.LIST).orElseThrow());
      assertEquals(List.of(rivals[1]), held.conflicts(DocumentType.LIST));
      String conflict = "conflict " + rivals[0].hash() + " " + rivals[1].hash();
      assertEquals(1, told.stream().filter(conflict::equals).count(), told::toString);
      held.offer(rivals[1]);
      assertEquals(1, told.stream().filter(conflict::equals).count(), "told once");
    }
  }

  @Test
  void aConflictOutlivesEditsAndRestartsUntilALaterListNamesIt() {
    offer(list);
    Document[] rivals = rivals(list);
    offer(rivals[1]);
    offer(rivals[0]);
    Document edited = signed(rivals[0].next(body("z"), NOW));
    offer(edited);
    assertEquals(List.of(rivals[1].hash()), reopened().conflictHashes());
    offer(signed(edited.next(body("y"), NOW, List.of(rivals[1].hash()))));
    assertEquals(List.of(), documents.conflictHashes());
    assertEquals(List.of(), reopened().conflicts(DocumentType.LIST));
    assertEquals(Verdict.OLDER, offer(rivals[1]).verdict(), "it does not come back");
  }

  @Test
  void anEditOfTheLosersBranchTakesTheLosersPlace() {
    offer(list);
    Document[] rivals = rivals(list);
    Document ahead = signed(rivals[0].next(body("z"), NOW).next(body("zz"), NOW));
    Document branch = signed(rivals[1].next(body("x2"), NOW));
    offer(rivals[0]);
    offer(ahead);
    offer(rivals[1]);
    offer(branch);
    assertEquals(List.of(branch.hash()), documents.conflictHashes());
    assertEquals(Verdict.CONFLICT, offer(rivals[1]).verdict());
    assertEquals(List.of(branch.hash()), documents.conflictHashes());
  }

  @Test
  void theNewestSixteenConflictsAreKeptInWhateverOrderTheyCome() throws IOException {
    offer(list);
    List<Document> losers = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      losers.add(signed(list.next(body("m" + i), NOW)));
    }
    Document winner = signed(signed(list.next(body("w"), NOW)).next(body("w2"), NOW));
    offer(winner);
    losers.forEach(this::offer);
    java.util.Collections.shuffle(losers, new Random(7));
    HeldDocuments fellow = elsewhere("fellow");
    losers.forEach(fellow::offer);
    fellow.offer(winner);
    assertEquals(Documents.MAX_CONFLICTS, documents.conflictHashes().size());
    assertEquals(documents.conflictHashes(), fellow.conflictHashes());
    assertEquals(documents.conflictHashes(), reopened().conflictHashes());
    overwrite("conflicts", "garbage");
    overwrite("conflicts.prev", "garbage");
    assertEquals(List.of(), reopened().conflictHashes());
    assertTrue(reopened().list().contains("w2"));
  }

  /** Two lists from one version: the winner first. */
  private Document[] rivals(Document base) {
    Document one = signed(base.next(body("x"), NOW));
    Document other = signed(base.next(body("y"), NOW));
    return one.supersedes(other) ? new Document[] {one, other} : new Document[] {other, one};
  }

  private HeldDocuments elsewhere(String name) {
    try {
      State other = new FileState(directory.resolve(name));
      return HeldDocuments.found(other, new OperatorTrust(), genesis);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void livetagFalseWinsAmongTwoOfOneCounter() {
    Document on = signed(first(DocumentType.LIVETAG, new Livetag(true, 600).body()));
    Document off = signed(first(DocumentType.LIVETAG, new Livetag(false, 600).body()));
    offer(on);
    offer(off);
    offer(on);
    assertEquals(new Livetag(false, 600), documents.livetag());
  }

  @Test
  void aNewOperatorCountsOnceTheSettingsSaySo() {
    Document bySecond = by(second, first(DocumentType.LIST, body("c")));
    assertEquals(Verdict.REFUSED, offer(bySecond).verdict());
    Document settings = signed(genesis.next(settings(operator, second).body(), NOW));
    assertEquals(Verdict.ADOPTED, offer(settings).verdict());
    assertEquals(Verdict.ADOPTED, offer(bySecond).verdict());
    assertTrue(reopened().list().contains("c"));
    assertEquals(2, reopened().settings().operators().size());
  }

  @Test
  void ofTheCopiesOfADocumentTheNewestWholeOneCounts() throws Exception {
    offer(list);
    offer(newerList);
    overwrite("doc-list", "garbage");
    assertTrue(reopened().list().contains("b"));
    overwrite("list.gz", "garbage");
    overwrite("list.gz.prev", "garbage");
    assertTrue(reopened().list().contains("a"));
    overwrite("doc-list.prev", list.text().substring(0, 200));
    assertEquals(MachineList.EMPTY, reopened().list());
    assertEquals(Verdict.ADOPTED, reopened().offer(newerList).verdict());
  }

  @Test
  void anAlteredFileIsNotBelieved() throws Exception {
    offer(list);
    overwrite("list.gz", "garbage");
    overwrite("doc-list", list.text().replace("\na ", "\nz "));
    assertEquals(MachineList.EMPTY, reopened().list());
  }

  @Test
  void anOverlayIsNeverReplacedAndItsAbsenceIsSaid() throws Exception {
    Document other = by(second, Document.genesis(settings(second).body(), NOW));
    assertThrows(
        InvalidInputException.class, () -> HeldDocuments.found(state, new OperatorTrust(), other));
    State empty = new FileState(directory.resolve("empty"));
    InvalidInputException e =
        assertThrows(
            InvalidInputException.class, () -> new HeldDocuments(empty, new OperatorTrust()));
    assertTrue(e.getMessage().contains("smon init"), e.getMessage());
  }

  @Test
  void theReplicaOf15000MachinesTakes100KilobytesAtMost() throws Exception {
    Random random = new Random(1);
    List<Machine> machines = new ArrayList<>();
    for (int i = 0; i < 15_000; i++) {
      String name = "node-%d.site-%d.example.org".formatted(i, random.nextInt(100));
      machines.add(Machine.parse(name));
    }
    offer(signedList(machines));
    long size = Files.size(directory.resolve("list.gz"));
    assertTrue(size <= 100_000, size + " bytes");
    assertEquals(15_000, reopened().list().size());
    List<Machine> pinned =
        machines.stream().map(machine -> machine.withHostKey(pin(random))).toList();
    offer(signed(signedList(machines).next(new MachineList(pinned, List.of()).body(), NOW)));
    long more = Files.size(directory.resolve("list.gz")) - size;
    assertTrue(more <= 40 * 15_000, more + " bytes for the pins");
    assertEquals(pinned.get(77), reopened().list().machines().get(77));
  }

  private static String pin(Random random) {
    byte[] hash = new byte[32];
    random.nextBytes(hash);
    return "SHA256:" + java.util.Base64.getEncoder().withoutPadding().encodeToString(hash);
  }

  private Document signedList(List<Machine> machines) {
    return signed(first(DocumentType.LIST, new MachineList(machines, List.of()).body()));
  }

  private HeldDocuments reopened() {
    try {
      return new HeldDocuments(new FileState(directory), new OperatorTrust());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Offer offer(Document document) {
    return documents.offer(document);
  }

  private void overwrite(String name, String content) throws IOException {
    Files.deleteIfExists(directory.resolve(name));
    Files.write(directory.resolve(name), content.getBytes(StandardCharsets.UTF_8));
  }

  private Document signed(Document document) {
    return by(operator, document);
  }

  private static Document by(SigningKey key, Document document) {
    return document.signedBy(key.privateKey(), key.publicKey());
  }

  private Document first(DocumentType type, String body) {
    return Document.first(type, genesis.hash(), body, NOW);
  }

  private static String body(String machine) {
    return new MachineList(List.of(Machine.parse(machine)), List.of()).body();
  }

  private static Settings settings(SigningKey... operators) {
    List<String> keys = List.of(operators).stream().map(SigningKey::publicText).toList();
    return new Settings("demo", keys, List.of(), "me", 7600, "id", 5000, 2000);
  }
}
