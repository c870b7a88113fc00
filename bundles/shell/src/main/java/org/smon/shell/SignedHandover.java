// SPDX-License-Identifier: Apache-2.0
package org.smon.shell;

import org.smon.api.Document;
import org.smon.api.DocumentType;
import org.smon.api.InvalidInputException;
import org.smon.api.RefusedException;
import org.smon.wire.DocumentWord;
import org.smon.wire.OfferAnswer;
import org.smon.wire.PeerApi;

/**
 * How a command changes what is replicated: it hands the peer a document that an operator signed,
 * for a peer holds no operator's key (R40). Whoever types the command, the signature decides.
 */
final class SignedHandover {
  private final PeerApi peer;

  SignedHandover(PeerApi peer) {
    this.peer = peer;
  }

  /**
   * @param word what {@code smon shell} puts behind the command, or null if a person typed it alone
   */
  static Document read(String word, DocumentType type, String instead) throws RefusedException {
    if (word == null) {
      throw new RefusedException(
          "a peer cannot sign for the operator: use `"
              + instead
              + "`, or this line in `smon shell`");
    }
    try {
      Document document = DocumentWord.parse(word);
      if (document.type() != type) {
        throw new RefusedException(
            "this is a signed " + document.type().word() + ", not a " + type.word());
      }
      return document;
    } catch (InvalidInputException e) {
      throw new RefusedException(e.getMessage());
    }
  }

  /** What became of it, as one line. */
  String offer(Document document) throws RefusedException {
    OfferAnswer answer = peer.offer(document.text());
    String what = document.type().word() + ", version " + document.counter() + ", ";
    return switch (answer.verdict()) {
      case ADOPTED -> what + "is in force here and spreads";
      case KNOWN -> what + "was in force here already";
      case OLDER ->
          throw new RefusedException(what + "is older than what is in force here; try again");
      default -> throw new RefusedException(what + "is refused: " + answer.reason());
    };
  }
}
