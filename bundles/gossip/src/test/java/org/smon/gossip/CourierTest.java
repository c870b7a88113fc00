// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents.Offer.Verdict;
import org.smon.api.Livetag;
import org.smon.api.Machine;
import org.smon.api.MachineList;
import org.smon.api.RefusedException;
import org.smon.api.Settings;
import org.smon.security.SigningKey;
import org.smon.wire.Parcel;
import org.smon.wire.Receipt;

class CourierTest {
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

  @TempDir Path directory;
  private final SigningKey operator = SigningKey.generate();
  private final Document genesis = signed(operator, Document.genesis(settings().body(), NOW));
  private final Document small = first("a", "b");

  @Test
  void aGreatListTravelsOnceAndThenOnlyWhatChanges() {
    Document great = first(names(15_000));
    Holder sender = holder("sender");
    Holder receiver = holder("receiver");
    sender.documents.offer(great);
    sender.courier.push(DocumentType.LIST, "receiver", receiver.api());
    assertEquals(great, receiver.held(DocumentType.LIST));
    int whole = receiver.traffic;

    receiver.traffic = 0;
    Document more = next(great, great.body() + "one-more.example.org - 22 - -\n");
    sender.documents.offer(more);
    sender.courier.push(DocumentType.LIST, "receiver", receiver.api());
    assertEquals(more, receiver.held(DocumentType.LIST));
    assertTrue(receiver.traffic < 1_500, receiver.traffic + " of " + whole);

    receiver.traffic = 0;
    sender.courier.push(DocumentType.LIST, "receiver", receiver.api());
    assertTrue(receiver.traffic < 1_500, "told again: " + receiver.traffic);
  }

  @Test
  void whoLagsAFewVersionsIsSentTheChangesBetween() {
    Holder giver = holder("giver");
    Holder late = holder("late");
    Document list = first(names(1_000));
    giver.documents.offer(list);
    late.documents.offer(list);
    for (int i = 0; i < 5; i++) {
      list = next(list, list.body() + "late-" + i + " - 22 - -\n");
      giver.documents.offer(list);
    }
    late.courier.fetch(DocumentType.LIST, "giver", giver.api());
    assertEquals(list, late.held(DocumentType.LIST));
    assertTrue(giver.traffic < 3_000, giver.traffic + " characters");
  }

  @Test
  void afterARestartTheWholeListIsGivenAgain() {
    Document great = first(names(15_000));
    Holder before = holder("giver");
    before.documents.offer(great);
    before.documents.offer(next(great, great.body() + "z - 22 - -\n"));
    Holder giver = holder("giver");
    Holder behind = holder("behind");
    behind.documents.offer(great);
    giver.courier.push(DocumentType.LIST, "behind", behind.api());
    assertEquals(giver.held(DocumentType.LIST), behind.held(DocumentType.LIST));
    assertEquals(List.of("taken", "taken"), behind.calls, "told of it first");
  }

  @Test
  void aPushToOneThatKnowsMoreBringsThatBack() {
    Holder behind = holder("behind");
    Holder ahead = holder("ahead");
    behind.documents.offer(small);
    ahead.documents.offer(small);
    ahead.documents.offer(next(small, small.body() + "c - 22 - -\n"));
    behind.courier.push(DocumentType.LIST, "ahead", ahead.api());
    assertEquals(ahead.held(DocumentType.LIST), behind.held(DocumentType.LIST));
  }

  @Test
  void aChangeOfLivetagIsOneSmallMessage() {
    Holder teller = holder("teller");
    Holder listener = holder("listener");
    Document on = signed(operator, first(DocumentType.LIVETAG, Livetag.on().body()));
    teller.documents.offer(on);
    listener.documents.offer(on);
    for (int i = 0; i < 100; i++) {
      Document last = teller.held(DocumentType.LIVETAG);
      teller.documents.offer(next(last, Livetag.off(600 + i).body()));
      teller.courier.push(DocumentType.LIVETAG, "listener", listener.api());
    }
    assertEquals(teller.held(DocumentType.LIVETAG), listener.held(DocumentType.LIVETAG));
    assertEquals(100, listener.calls.size());
    assertTrue(listener.traffic / 100 < 1_000, listener.traffic + " characters in all");
  }

  @Test
  void conflictsSpreadAndAreSettledByWhoNamesThem() {
    Holder here = holder("here");
    Holder there = holder("there");
    Holder third = holder("third");
    List.of(here, there, third).forEach(holder -> holder.documents.offer(small));
    Document one = next(small, small.body() + "x - 22 - -\n");
    Document other = next(small, small.body() + "y - 22 - -\n");
    here.documents.offer(one);
    there.documents.offer(other);
    here.courier.push(DocumentType.LIST, "there", there.api());
    Document winner = one.supersedes(other) ? one : other;
    Document loser = winner == one ? other : one;
    List<String> kept = List.of(loser.hash());
    assertEquals(kept, there.documents.conflictHashes());
    assertTrue(there.events.toString().contains("smon machines conflicts"), there.events::toString);

    third.documents.offer(winner);
    third.courier.settle("there", there.api(), there.courier.conflictsDigest());
    here.courier.settle("third", third.api(), third.courier.conflictsDigest());
    for (Holder holder : List.of(here, there, third)) {
      assertEquals(winner, holder.held(DocumentType.LIST));
      assertEquals(kept, holder.documents.conflictHashes());
    }
    int before = there.calls.size();
    third.courier.settle("there", there.api(), there.courier.conflictsDigest());
    assertEquals(before, there.calls.size(), "nothing to exchange");

    here.documents.offer(
        signed(operator, winner.next(small.body() + "x - 22 - -\ny - 22 - -\n", NOW, kept)));
    here.courier.push(DocumentType.LIST, "there", there.api());
    third.courier.fetch(DocumentType.LIST, "here", here.api());
    third.courier.settle("there", there.api(), there.courier.conflictsDigest());
    assertEquals(List.of(), there.documents.conflictHashes());
    assertEquals(List.of(), third.documents.conflictHashes());
  }

  @Test
  void aConflictThatOnlyTheAskerKeepsIsBroughtToo() {
    Holder asker = holder("asker");
    Holder asked = holder("asked");
    Document one = next(small, small.body() + "x - 22 - -\n");
    Document other = next(small, small.body() + "y - 22 - -\n");
    asker.documents.offer(one);
    asker.documents.offer(other);
    asked.documents.offer(one.supersedes(other) ? one : other);
    asker.courier.settle("asked", asked.api(), asked.courier.conflictsDigest());
    assertEquals(asker.documents.conflictHashes(), asked.documents.conflictHashes());
    assertEquals(1, asked.documents.conflictHashes().size());
  }

  @Test
  void staleForgedFarAheadAndFutureDocumentsChangeNothingAndAreNamed() throws RefusedException {
    Holder peer = holder("peer");
    Document second = next(small, small.body() + "c - 22 - -\n");
    peer.documents.offer(small);
    peer.documents.offer(second);
    assertEquals(Verdict.OLDER, take(peer, small).verdict());
    Document forged = signed(SigningKey.generate(), second.next("", NOW));
    assertTrue(take(peer, forged).reason().contains("not signed by an operator"));
    Document far =
        signed(
            operator,
            new Document(
                DocumentType.LIST,
                genesis.hash(),
                second.counter() + (1L << 32) + 1,
                List.of(second.hash()),
                NOW,
                second.body(),
                List.of()));
    assertTrue(take(peer, far).reason().contains("too far ahead"));
    Document lines = signed(operator, second.next("a - 22 - - hologram\n", NOW));
    assertTrue(take(peer, lines).reason().contains("5 fields"));
    String future = second.text().replace("smon document 1", "smon document 2");
    assertTrue(refusal(() -> peer.courier.offered(future)).contains("version 1"));
    Parcel unknown = new Parcel("hologram", 1, second.hash(), null, new byte[0]);
    assertTrue(refusal(() -> peer.courier.taken(unknown)).contains("'hologram' is not known"));
    Parcel rubbish = new Parcel("list", 9, "ab".repeat(32), null, new byte[] {1});
    assertTrue(refusal(() -> peer.courier.taken(rubbish)).contains("damaged"));
    Parcel wrong = new Parcel("list", 9, "ab".repeat(32), null, Parcel.whole(small).content());
    assertTrue(refusal(() -> peer.courier.taken(wrong)).contains("another document"));
    assertEquals(second, peer.held(DocumentType.LIST));
    assertEquals(List.of(), peer.documents.conflictHashes());
  }

  @Test
  void aDeltaUponAnotherBaseIsAskedForAnew() throws RefusedException {
    Holder peer = holder("peer");
    peer.documents.offer(small);
    Document second = next(small, small.body() + "c - 22 - -\n");
    Document third = next(second, small.body() + "d - 22 - -\n");
    Document great = first(names(100));
    Parcel upon = Parcel.between(great, next(great, great.body() + "z - 22 - -\n"));
    Receipt receipt = peer.courier.taken(upon);
    assertTrue(receipt.wantsMore());
    assertEquals(small.hash(), receipt.have());
    assertTrue(peer.courier.taken(Parcel.notice(third)).wantsMore());
    assertEquals(Verdict.ADOPTED, peer.courier.taken(Parcel.whole(third)).verdict());
    assertEquals(Verdict.KNOWN, peer.courier.taken(Parcel.notice(third)).verdict());
    Receipt older = peer.courier.taken(Parcel.notice(second));
    assertEquals(Verdict.OLDER, older.verdict());
    assertEquals(third, older.newer().open(second));
  }

  private interface Asked {
    Object ask() throws RefusedException;
  }

  private static String refusal(Asked asked) {
    String line = assertThrows(RefusedException.class, asked::ask).getMessage();
    assertEquals(1, line.lines().count(), line);
    return line;
  }

  private static Receipt take(Holder peer, Document document) throws RefusedException {
    return peer.courier.taken(Parcel.whole(document));
  }

  private Holder holder(String name) {
    return new Holder(directory.resolve(name), genesis);
  }

  private Document first(String... names) {
    List<Machine> machines = List.of(names).stream().map(Machine::parse).toList();
    return signed(operator, first(DocumentType.LIST, new MachineList(machines, List.of()).body()));
  }

  private Document first(DocumentType type, String body) {
    return Document.first(type, genesis.hash(), body, NOW);
  }

  private Document next(Document document, String body) {
    return signed(operator, document.next(body, NOW));
  }

  private static String[] names(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add("node-" + i + ".site-" + i % 100 + ".example.org");
    }
    return names.toArray(String[]::new);
  }

  private Settings settings() {
    return new Settings(
        "demo", List.of(operator.publicText()), List.of(), "me", 7600, "id", 5000, 2000);
  }

  private static Document signed(SigningKey key, Document document) {
    return document.signedBy(key.privateKey(), key.publicKey());
  }
}
