// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.Documents.Offer;
import org.smon.api.Documents.Offer.Verdict;
import org.smon.api.Events;
import org.smon.api.InvalidInputException;
import org.smon.api.RefusedException;
import org.smon.api.Versions;
import org.smon.wire.ConflictsMessage;
import org.smon.wire.KeyExchange;
import org.smon.wire.OfferAnswer;
import org.smon.wire.Parcel;
import org.smon.wire.PeerApi;
import org.smon.wire.Receipt;

/**
 * Carries documents between this peer and others, both ways (R2), with as few bytes as it can: what
 * changed to one who may lack just that, a word of it to one who may have all. Blocks; runs on
 * workers.
 */
final class Courier implements Documents.Listener {
  /** What is sent unasked; more is announced first. */
  private static final int UNASKED_BYTES = 4 << 10;

  /** Conflicts brought by one message; the next exchange brings more. */
  private static final int CONFLICTS_AT_ONCE = 4;

  private final String self;
  private final Documents documents;
  private final Events events;
  private final Deltas deltas;
  private final KeyExchange keys;

  Courier(String self, Documents documents, Events events, KeyExchange keys) {
    this.self = self;
    this.documents = documents;
    this.events = events;
    this.deltas = new Deltas(documents);
    this.keys = keys;
  }

  @Override
  public void adopted(Document document) {
    deltas.adopted(document);
  }

  @Override
  public void conflict(Document winner, Document loser) {
    events.emit(
        "conflict",
        self,
        "%s %d of %s lost against %s %d; see smon machines conflicts"
            .formatted(
                loser.type().word(),
                loser.counter(),
                loser.issued(),
                winner.type().word(),
                winner.counter()),
        Map.of("winner", winner.hash(), "loser", loser.hash()));
  }

  /** Pull: what the other holds of this type. */
  void fetch(DocumentType type, String from, PeerApi peer) {
    try {
      String have = documents.held(type).map(Document::hash).orElse(null);
      take(peer.parcel(type.word(), have), from);
      if (type == DocumentType.KEYRING) {
        keys.seek(peer::key);
      }
    } catch (RuntimeException | RefusedException e) {
      events.emit("fetch", from, type.word() + " did not come: " + reason(e), Map.of());
    }
  }

  /** Push: what this peer holds; the answer may bring a newer one back. */
  void push(DocumentType type, String to, PeerApi peer) {
    Optional<Document> held = documents.held(type);
    if (held.isEmpty()) {
      return;
    }
    try {
      Receipt receipt = peer.take(unasked(held.get()));
      if (receipt.wantsMore()) {
        receipt = peer.take(deltas.since(receipt.have(), held.get()));
      }
      if (receipt.newer() != null) {
        take(receipt.newer(), to);
      }
      if (type == DocumentType.KEYRING) {
        keys.bring(peer::offerKey);
      }
    } catch (RuntimeException | RefusedException e) {
      events.emit("push", to, type.word() + " did not go: " + reason(e), Map.of());
    }
  }

  private Parcel unasked(Document held) {
    Parcel last = deltas.lastStep(held).orElse(null);
    if (last != null && last.content().length <= UNASKED_BYTES) {
      return last;
    }
    return held.text().length() <= UNASKED_BYTES ? Parcel.whole(held) : Parcel.notice(held);
  }

  /** Answers another's pull. */
  Parcel parcel(String word, String have) throws RefusedException {
    try {
      return documents
          .held(DocumentType.ofWord(word))
          .map(held -> held.hash().equals(have) ? Parcel.notice(held) : deltas.since(have, held))
          .orElseThrow(() -> new RefusedException("no " + word + " document is held here"));
    } catch (InvalidInputException e) {
      throw new RefusedException(e.getMessage());
    }
  }

  /** Answers another's push of a parcel. */
  Receipt taken(Parcel parcel) throws RefusedException {
    try {
      Document held = documents.held(DocumentType.ofWord(parcel.type())).orElse(null);
      boolean known = held != null && held.hash().equals(parcel.hash());
      if (known) {
        return new Receipt(Verdict.KNOWN, null, null, null);
      }
      if (held != null && held.ancestors().contains(parcel.hash())) {
        return new Receipt(Verdict.OLDER, null, null, deltas.since(parcel.hash(), held));
      }
      if (parcel.tellsOnly() || !fits(parcel, held)) {
        return Receipt.wanted(held == null ? null : held.hash());
      }
      Document offered = parcel.open(held);
      Offer offer = documents.offer(offered);
      report(offered, "another", offer);
      return new Receipt(offer.verdict(), offer.reason(), null, newer(offered, offer));
    } catch (InvalidInputException e) {
      throw new RefusedException(e.getMessage());
    }
  }

  private static boolean fits(Parcel parcel, Document held) {
    return parcel.base() == null || held != null && parcel.base().equals(held.hash());
  }

  private Parcel newer(Document offered, Offer offer) {
    boolean lost = offer.verdict() == Verdict.OLDER || offer.verdict() == Verdict.CONFLICT;
    return lost
        ? documents.held(offered.type()).map(held -> Parcel.between(offered, held)).orElse(null)
        : null;
  }

  /** Answers an offer of a whole text. */
  OfferAnswer offered(String text) throws RefusedException {
    try {
      Document document = Document.parse(text);
      Offer offer = documents.offer(document);
      report(document, "another", offer);
      boolean lost = newer(document, offer) != null;
      String newer = lost ? documents.held(document.type()).map(Document::text).orElse(null) : null;
      return new OfferAnswer(offer.verdict(), offer.reason(), newer);
    } catch (InvalidInputException e) {
      throw new RefusedException(e.getMessage());
    }
  }

  /** What pings and pongs carry of the documents held here. */
  Versions told(Versions held) {
    return keys.told(held);
  }

  /** What pings carry of the conflicts kept here, or null. */
  String conflictsDigest() {
    return ConflictsMessage.digest(documents.conflictHashes());
  }

  /** Exchanges conflicts with one that keeps others, by the digest in its pong (T5). */
  void settle(String with, PeerApi peer, String theirDigest) {
    if (Objects.equals(theirDigest, conflictsDigest())) {
      return;
    }
    try {
      ConflictsMessage theirs =
          peer.conflicts(new ConflictsMessage(documents.conflictHashes(), List.of()));
      for (Parcel parcel : theirs.documents()) {
        take(parcel, with);
      }
      for (Document missing : lacking(theirs.held())) {
        peer.take(Parcel.whole(missing));
      }
    } catch (RuntimeException | RefusedException e) {
      events.emit("conflict", with, "conflicts were not exchanged: " + reason(e), Map.of());
    }
  }

  /** Answers another's exchange. */
  ConflictsMessage conflicts(ConflictsMessage message) {
    return new ConflictsMessage(
        documents.conflictHashes(), lacking(message.held()).stream().map(Parcel::whole).toList());
  }

  private List<Document> lacking(List<String> theirs) {
    List<Document> missing = new ArrayList<>();
    if (theirs.containsAll(documents.conflictHashes())) {
      return missing;
    }
    for (DocumentType type : DocumentType.values()) {
      for (Document conflict : documents.conflicts(type)) {
        if (!theirs.contains(conflict.hash()) && missing.size() < CONFLICTS_AT_ONCE) {
          missing.add(conflict);
        }
      }
    }
    return missing;
  }

  /** A document that came by another way than a fellow. */
  void handed(String text, String from) {
    try {
      Document document = Document.parse(text);
      report(document, from, documents.offer(document));
    } catch (InvalidInputException e) {
      events.emit("refuse", from, "a malformed document: " + e.getMessage(), Map.of());
    }
  }

  private void take(Parcel parcel, String from) {
    try {
      Document held = documents.held(DocumentType.ofWord(parcel.type())).orElse(null);
      if (parcel.tellsOnly() || !fits(parcel, held)) {
        return; // something else came meanwhile; the next exchange goes from there
      }
      Document document = parcel.open(held);
      report(document, from, documents.offer(document));
    } catch (InvalidInputException e) {
      events.emit("refuse", from, "a malformed document: " + e.getMessage(), Map.of());
    }
  }

  private void report(Document document, String from, Offer offer) {
    String what = document.type().word() + " " + document.counter();
    switch (offer.verdict()) {
      case ADOPTED ->
          events.emit("adopt", from, what + " from " + from, Map.of("hash", document.hash()));
      case REFUSED ->
          events.emit("refuse", from, what + " from " + from + ": " + offer.reason(), Map.of());
      case KNOWN, OLDER, CONFLICT -> {}
    }
  }

  /** One line of what went wrong between two peers. */
  static String reason(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
