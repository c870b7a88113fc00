// SPDX-License-Identifier: Apache-2.0
package org.smon.gossip;

import java.util.Map;
import java.util.Optional;
import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.Documents;
import org.smon.api.Documents.Offer;
import org.smon.api.Events;
import org.smon.api.InvalidInputException;
import org.smon.api.RefusedException;
import org.smon.wire.OfferAnswer;
import org.smon.wire.PeerApi;

/** Carries documents between this peer and others, both ways (R2). Blocks; runs on workers. */
final class Courier {
  private final Documents documents;
  private final Events events;

  Courier(Documents documents, Events events) {
    this.documents = documents;
    this.events = events;
  }

  /** Pull: what the other holds of this type. */
  void fetch(DocumentType type, String from, PeerApi peer) {
    try {
      take(peer.document(type.word()), from);
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
      OfferAnswer answer = peer.offer(held.get().text());
      if (answer.newer() != null) {
        take(answer.newer(), to);
      }
    } catch (RuntimeException | RefusedException e) {
      events.emit("push", to, type.word() + " did not go: " + reason(e), Map.of());
    }
  }

  /** Answers another's push. */
  OfferAnswer offered(String text) throws RefusedException {
    try {
      Document document = Document.parse(text);
      Offer offer = documents.offer(document);
      report(document, "another", offer);
      boolean older = offer.verdict() == Offer.Verdict.OLDER;
      String newer =
          older ? documents.held(document.type()).map(Document::text).orElse(null) : null;
      return new OfferAnswer(offer.verdict(), offer.reason(), newer);
    } catch (InvalidInputException e) {
      throw new RefusedException(e.getMessage());
    }
  }

  private void take(String text, String from) {
    try {
      Document document = Document.parse(text);
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
