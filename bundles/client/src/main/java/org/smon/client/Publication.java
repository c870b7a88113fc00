// SPDX-License-Identifier: Apache-2.0
package org.smon.client;

import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.wire.OfferAnswer;

/** Hands a document of this home to a peer; gossip does the rest (R52). */
final class Publication {
  private static final int PATIENCE_MILLIS = 3_000;

  private final ClientHome home;
  private final Console console;

  Publication(ClientHome home, Console console) {
    this.home = home;
    this.console = console;
  }

  /**
   * Offers the newest of this type to some peer. Silent while the overlay has never been deployed:
   * the first deployment carries the document.
   */
  void publish(DocumentType type) {
    if (!home.everAnswered()) {
      return;
    }
    Document document = home.documents().held(type).orElseThrow();
    try {
      var answer =
          new Overlay(home, home.connections(), PATIENCE_MILLIS).ask(p -> p.offer(document.text()));
      tell(type, answer.peer(), answer.value());
    } catch (Overlay.SilentException e) {
      console.note("smon: no peer answers; the next `smon deploy` carries the new " + type.word());
    }
  }

  private void tell(DocumentType type, String peer, OfferAnswer answer) {
    switch (answer.verdict()) {
      case ADOPTED ->
          console.note("handed the " + type.word() + " to " + peer + ", which spreads it");
      case KNOWN -> {}
      case OLDER -> {
        if (answer.newer() != null) {
          home.documents().offer(Document.parse(answer.newer()));
        }
        throw new OlderException(type);
      }
      case REFUSED ->
          throw new FailedException(peer + " refused the " + type.word() + ": " + answer.reason());
    }
  }
}
